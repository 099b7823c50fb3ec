"""Linear systems A x = b step by step: Jacobi, Gauss-Seidel and conjugate gradients."""

from typing import NamedTuple

import torch
from torch import Tensor


class Iterates(NamedTuple):
    """The places x₀, x₁, ... (steps + 1, n) and the norms of their residuals b − A x (steps + 1,).

    The residuals are computed from x, not by a recursion.
    """

    x: Tensor
    residuals: Tensor

    def num_steps(self, tolerance: float) -> int:
        """The first step with a residual of at most tolerance · ‖b − A x₀‖; −1 if there is none."""
        reached = (self.residuals <= tolerance * self.residuals[0]).nonzero()
        return int(reached[0]) if len(reached) else -1


def jacobi_part(A: Tensor, damping: float = 1.0) -> Tensor:
    """M = D / ω with the diagonal D of A: every unknown from the old values of all others.

    Args:
        damping: ω in (0, 1]; below 1 a step goes only that share of the way.
    """
    return torch.diag(A.diagonal()) / damping


def gauss_seidel_part(A: Tensor) -> Tensor:
    """M = the lower triangle of A: every unknown from the newest values of the others."""
    return A.tril()


def stationary(A: Tensor, b: Tensor, M: Tensor, *, num_steps: int, start=None) -> Iterates:
    """x ← x + M⁻¹(b − A x): solve with a part M of A that is easy, put the rest right by repeating.

    Args:
        A, b: (n, n) and (n,).
        M: diagonal or lower triangular, see `jacobi_part` and `gauss_seidel_part`.
        start: x₀, 0 by default.

    Reference: Saad, "Iterative methods for sparse linear systems", 2003, section 4.1.
    """
    path = [torch.zeros_like(b) if start is None else start]
    for _ in range(num_steps):
        residual = (b - A @ path[-1]).unsqueeze(1)
        path.append(path[-1] + torch.linalg.solve_triangular(M, residual, upper=False)[:, 0])
    return _measured(A, b, path)


def spectral_radius(A: Tensor, M: Tensor) -> float:
    """The largest |eigenvalue| of I − M⁻¹A, by which the error shrinks a step in the long run."""
    rest = torch.eye(len(A), dtype=A.dtype) - torch.linalg.solve(M, A)
    return float(torch.linalg.eigvals(rest).abs().max())


def conjugate_gradients(
    A: Tensor, b: Tensor, *, num_steps: int, scale: Tensor | None = None, start=None
) -> Iterates:
    """The x in x₀ + span(r₀, Ar₀, ..., Aᵏr₀) that is nearest to the solution, for k = 0, 1, ...

    Nearest in the norm √(eᵀAe). Each direction is A-orthogonal to all earlier ones, so a step
    never has to be taken back; n steps are enough, but for rounding.

    Args:
        A: (n, n), symmetric positive definite.
        b: (n,).
        scale: a diagonal preconditioner, the inverse of M's diagonal (n,): solves M⁻¹A x = M⁻¹b.
            1 / A.diagonal() is Jacobi's.
        start: x₀, 0 by default.

    Reference: Hestenes and Stiefel, "Methods of conjugate gradients for solving linear systems",
    1952; preconditioned: Saad 2003, algorithm 9.1.
    """
    x = torch.zeros_like(b) if start is None else start
    scale = torch.ones_like(b) if scale is None else scale
    r = b - A @ x
    p = z = scale * r
    path = [x]
    for _ in range(num_steps):
        if r @ z == 0:
            break
        Ap = A @ p
        alpha = (r @ z) / (p @ Ap)
        x, new = x + alpha * p, r - alpha * Ap
        new_z = scale * new
        p = new_z + (new @ new_z) / (r @ z) * p
        r, z = new, new_z
        path.append(x)
    return _measured(A, b, path)


def _measured(A: Tensor, b: Tensor, path: list[Tensor]) -> Iterates:
    x = torch.stack(path)
    return Iterates(x, (b - x @ A.T).norm(dim=1))
