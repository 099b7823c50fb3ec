"""Total-variation denoising of a signal by the primal-dual method: jumps stay, noise goes."""

from typing import NamedTuple

import torch
from torch import Tensor


class Denoised(NamedTuple):
    """The signal (n,) and the duality gap after each iteration, an upper bound on its excess."""

    signal: Tensor
    gaps: list[float]


def total_variation(u: Tensor) -> Tensor:
    """Σ_i |u_{i+1} − u_i|: an L1 penalty on the differences, zero exactly where u is flat."""
    return u.diff().abs().sum()


def denoise(noisy: Tensor, penalty: float, *, num_iterations: int = 2_000) -> Denoised:
    """The u that minimises ½‖u − f‖² + λ TV(u), by Chambolle and Pock's primal-dual iterations.

    TV(u) = max of p·Du over |p_i| <= 1, so the problem is a game between u and p that takes turns:
    p ← clip(p + σ λ D ū, ±1),  u ← (u − τ λ Dᵀp + τ f) / (1 + τ),  ū = 2 u_new − u_old.
    The dual problem's value −½‖λDᵀp‖² + λ p·Df bounds the minimum from below.

    Args:
        noisy: f, (n,) float tensor.
        penalty: λ > 0.
        num_iterations: how many turns.

    Raises:
        ValueError: penalty is not positive.

    Reference: Chambolle and Pock, "A first-order primal-dual algorithm for convex problems with
    applications to imaging", algorithm 1, 2011.
    """
    if not penalty > 0:
        raise ValueError(f"penalty must be above 0, not {penalty}")
    step = 0.5 / penalty  # σ = τ with σ τ ‖λD‖² < 1, since ‖D‖² < 4
    u, u_bar, p = noisy.clone(), noisy.clone(), noisy.new_zeros(len(noisy) - 1)
    gaps = []
    for _ in range(num_iterations):
        p = (p + step * penalty * u_bar.diff()).clamp(-1, 1)
        new = (u - step * penalty * adjoint_difference(p) + step * noisy) / (1 + step)
        u, u_bar = new, 2 * new - u
        gaps.append(float(_gap(u, p, noisy, penalty)))
    return Denoised(u, gaps)


def adjoint_difference(p: Tensor) -> Tensor:
    """Dᵀp for the differences (Du)_i = u_{i+1} − u_i: (n − 1,) to (n,)."""
    zero = p.new_zeros(1)
    return torch.cat([zero, p]) - torch.cat([p, zero])


def _gap(u: Tensor, p: Tensor, noisy: Tensor, penalty: float) -> Tensor:
    primal = (u - noisy).square().sum() / 2 + penalty * total_variation(u)
    force = penalty * adjoint_difference(p)
    dual = force @ noisy - force.square().sum() / 2
    return primal - dual
