"""Newton's method with and without damping: steps that ask the loss for its curvature."""

import torch
from torch import Tensor
from torch.func import grad, hessian

from dlbook.models.surfaces import Surface


def damped_step(slope: Tensor, H: Tensor, damping: float) -> Tensor:
    """−(H + λI)⁻¹∇f: to the one place where the parabola of curvature H + λI is flat.

    λ = 0 is Newton's step. For λ → ∞ it becomes a short gradient step of size 1/λ. It leads
    downhill if H + λI is positive definite; otherwise it may lead up, or to a saddle.

    Args:
        slope: ∇f, (d,).
        H: second derivatives, (d, d).
        damping: λ >= 0.
    """
    return -torch.linalg.solve(H + damping * torch.eye(len(H), dtype=H.dtype), slope)


def newton(function: Surface, start: Tensor, *, damping: float = 0.0, num_steps: int) -> Tensor:
    """The walk w₀, w₁, ... of damped Newton steps, (num_steps + 1, d).

    A walk that has run away beyond 10⁶, or meets an H + λI that has no inverse, stays there.

    Reference: Nocedal and Wright, "Numerical optimization", 2006, chapter 3.
    """
    path, slope_of, curvature_of = [start], grad(function), hessian(function)
    for _ in range(num_steps):
        w = path[-1]
        try:
            new = w + damped_step(slope_of(w), curvature_of(w), damping)
        except torch.linalg.LinAlgError:  # singular: the parabola has no flat place
            new = w
        path.append(new if (new.abs() < 1e6).all() else w)
    return torch.stack(path)
