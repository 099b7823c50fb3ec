"""Total-variation denoising of a picture, with a bound on how far it is from the best one."""

from typing import NamedTuple

import torch
from torch import Tensor

from dlbook.solvers.splitting import primal_dual


class DenoisedImage(NamedTuple):
    """The pictures (turns + 1, rows, columns), their values, and lower bounds of the minimum."""

    images: Tensor
    values: Tensor
    bounds: Tensor


def differences(x: Tensor) -> Tensor:
    """To the next row and the next column, (..., rows, columns) to (..., 2, rows, columns).

    0 beyond the last one.
    """
    down = torch.nn.functional.pad(x.diff(dim=-2), (0, 0, 0, 1))
    right = torch.nn.functional.pad(x.diff(dim=-1), (0, 1))
    return torch.stack([down, right], dim=-3)


def adjoint(p: Tensor) -> Tensor:
    """The transpose of `differences`: (..., 2, rows, columns) to (..., rows, columns)."""
    down, right = p[..., 0, :-1, :], p[..., 1, :, :-1]
    pad = torch.nn.functional.pad
    return (
        pad(down, (0, 0, 1, 0)) - pad(down, (0, 0, 0, 1)) + pad(right, (1, 0)) - pad(right, (0, 1))
    )


def total_variation(x: Tensor) -> Tensor:
    """Σ over pixels of the length of (difference down, difference right), (...)."""
    return differences(x).norm(dim=-3).sum(dim=(-1, -2))


def denoise_image(noisy: Tensor, penalty: float, *, num_steps: int) -> DenoisedImage:
    """Turns towards the x that minimises ½‖x − y‖² + λ TV(x), of which there is one.

    TV(x) is the largest Σ p·Dx over p whose length is at most 1 in each pixel. Every such p gives
    the lower bound ½‖y‖² − ½‖y − λDᵀp‖² of the minimum: value minus bound, the duality gap, says
    how far above the minimum x can be at most.

    Args:
        noisy: y, (rows, columns), best in float64.
        penalty: λ > 0.
        num_steps: turns of the primal-dual method.

    Raises:
        ValueError: penalty is not positive.

    References: Rudin, Osher, Fatemi, "Nonlinear total variation based noise removal algorithms",
    1992; Chambolle and Pock 2011, section 6.2.
    """
    if not penalty > 0:
        raise ValueError(f"penalty must be above 0, not {penalty}")
    x, p = primal_dual(
        lambda z, strength: (noisy + strength * z) / (1 + strength),
        lambda p: p / p.norm(dim=0).clamp(min=1),
        lambda x: penalty * differences(x),
        lambda p: penalty * adjoint(p),
        noisy,
        step=0.99 / (8**0.5 * penalty),  # ‖D‖² <= 8
        num_steps=num_steps,
    )
    values = (x - noisy).square().sum(dim=(1, 2)) / 2 + penalty * total_variation(x)
    rest = noisy - penalty * adjoint(p)
    bounds = (noisy.square().sum() - rest.square().sum(dim=(1, 2))) / 2
    return DenoisedImage(x, values, bounds)
