"""Least squares with a curved model: Gauss-Newton and Levenberg-Marquardt.

The loss is ½‖r(w)‖² with residuals r (m,) of parameters w (d,), and J = ∂r/∂w (m, d). Its slope is
Jᵀr, its curvature JᵀJ + Σ r_i ∇²r_i. Both methods drop the sum: it is small where the residuals
are, and what remains needs first derivatives only and never bends down.

Starts may have leading axes: independent fits, all at once.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.func import jacrev, vmap

Residuals = Callable[[Tensor], Tensor]


class CurveFit(NamedTuple):
    """The places w₀, w₁, ... (steps + 1, ..., d) and their losses ½‖r‖² (steps + 1, ...)."""

    path: Tensor
    losses: Tensor

    def steps_to(self, solution: Tensor, tolerance: float = 1e-8) -> Tensor:
        """Steps until w stays within `tolerance` of the solution (...); −1 where it never does."""
        outside = (self.path - solution).norm(dim=-1) > tolerance
        steps = outside.flip(0).cumsum(dim=0).bool().sum(dim=0)
        return torch.where(steps < len(self.path), steps, -1)


def gauss_newton(residuals: Residuals, start: Tensor, *, num_steps: int) -> CurveFit:
    """w ← w − (least-squares solution of J d = r): the model replaced by its tangent.

    Nothing holds it back: far from the solution it may run away. A step to a loss
    beyond 10¹⁰⁰ is not taken.

    Args:
        residuals: r, from (d,) to (m,).
        start: w₀, (..., d).

    Reference: Nocedal and Wright, "Numerical optimization", 2006, section 10.3.
    """
    measure, w = _measured(residuals), start
    r, J = measure(w)
    path, losses = [w], [_loss(r)]
    for _ in range(num_steps):
        new = w - torch.linalg.lstsq(J, r.unsqueeze(-1)).solution.squeeze(-1)
        new_r, new_J = measure(new)
        kept = (_loss(new_r) < 1e100).unsqueeze(-1)  # False also where it is not a number
        w, r = torch.where(kept, new, w), torch.where(kept, new_r, r)
        J = torch.where(kept.unsqueeze(-1), new_J, J)
        path.append(w)
        losses.append(_loss(r))
    return CurveFit(torch.stack(path), torch.stack(losses))


def levenberg_marquardt(
    residuals: Residuals, start: Tensor, *, num_steps: int, damping: float = 1e-2
) -> CurveFit:
    """w ← w − (JᵀJ + λI)⁻¹Jᵀr, with a λ that learns how far the tangent can be believed.

    A step that lowers the loss is taken and λ divided by 3; one that doesn't is not taken and λ
    multiplied by 3. Both count as steps. The loss never rises.

    Args:
        residuals: r, from (d,) to (m,).
        start: w₀, (..., d).
        damping: λ at the start, above 0.

    Reference: Marquardt, "An algorithm for least-squares estimation of nonlinear parameters", 1963.
    """
    measure, w = _measured(residuals), start
    r, J = measure(w)
    damping = torch.full_like(r[..., :1], damping)
    identity, path, losses = torch.eye(w.shape[-1], dtype=w.dtype), [w], [_loss(r)]
    for _ in range(num_steps):
        Jt = J.mT
        bent = Jt @ J + damping.unsqueeze(-1) * identity
        new = w - torch.linalg.solve(bent, (Jt @ r.unsqueeze(-1)).squeeze(-1))
        new_r, new_J = measure(new)
        lower = (_loss(new_r) < _loss(r)).unsqueeze(-1)
        w, r = torch.where(lower, new, w), torch.where(lower, new_r, r)
        J = torch.where(lower.unsqueeze(-1), new_J, J)
        damping = torch.where(lower, damping / 3, 3 * damping).clamp(1e-15, 1e15)
        path.append(w)
        losses.append(_loss(r))
    return CurveFit(torch.stack(path), torch.stack(losses))


def _measured(residuals: Residuals) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
    """The function that gives residuals (..., m) and their Jacobian (..., m, d) at w (..., d)."""
    jacobian = jacrev(residuals)

    def measure(w: Tensor) -> tuple[Tensor, Tensor]:
        flat = w.reshape(-1, w.shape[-1])
        r, J = vmap(residuals)(flat), vmap(jacobian)(flat)
        return r.unflatten(0, w.shape[:-1]) if w.ndim > 1 else r[0], (
            J.unflatten(0, w.shape[:-1]) if w.ndim > 1 else J[0]
        )

    return measure


def _loss(r: Tensor) -> Tensor:
    return r.square().sum(dim=-1) / 2
