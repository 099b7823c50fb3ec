"""Lines that one wild point can't drag along: least absolute deviations and Huber's loss.

Same conventions as `dlbook.models.linear_regression`: X is (..., n, d), y is (..., n).
"""

import numpy as np
import torch
from scipy.optimize import linprog
from torch import Tensor

from dlbook.models.linear_regression import weighted_least_squares


def least_absolute_deviations(
    X: Tensor, y: Tensor, *, weight: Tensor | None = None, num_steps: int = 400
) -> Tensor:
    """θ that minimises Σ w_i |x_i·θ − y_i|, by iteratively reweighted least squares.

    |r| = r² / |r|: a weighted least-squares problem whose weights 1/|r_i| come from the step
    before. They are kept finite by 1/√(r² + ε²) with ε shrinking from the size of the residuals to
    1e-12 of it. In float64 the sum ends within 1e-5 of the least (relative), seen on 60 problems;
    θ itself may be off by more where the sum is nearly flat: `least_absolute_deviations_lp` is
    exact.

    Args:
        X: (..., n, d).
        y: (..., n).
        weight: w ≥ 0, (..., n); ones by default.

    Returns:
        (..., d)

    Reference: Schlossmacher, "An iterative technique for absolute deviations curve fitting", 1973.
    """
    weight = torch.ones_like(y) if weight is None else weight
    theta = weighted_least_squares(X, y, weight)
    scale = _residual(X, y, theta).abs().mean(dim=-1, keepdim=True) + torch.finfo(y.dtype).tiny
    for step in range(num_steps):
        smoothing = scale * 1e-12 ** (step / (num_steps - 1))
        distance = torch.hypot(_residual(X, y, theta), smoothing)
        theta = weighted_least_squares(X, y, weight / distance)
    return theta


def least_absolute_deviations_lp(X: Tensor, y: Tensor, *, weight: Tensor | None = None) -> Tensor:
    """The same θ as the solution of a linear programme, exact; for one problem, (n, d) and (n,).

    Minimise Σ w_i (u_i + v_i) subject to Xθ + u − v = y and u, v ≥ 0: at the optimum one of u_i
    and v_i is 0 and the other is |r_i|. Where several lines are equally good, it is one of them.

    Reference: Wagner, "Linear programming techniques for regression analysis", 1959.
    """
    n, d = X.shape
    w = np.ones(n) if weight is None else weight.numpy()
    identity = np.eye(n)
    answer = linprog(
        c=np.concatenate([np.zeros(d), w, w]),
        A_eq=np.hstack([X.numpy(), identity, -identity]),
        b_eq=y.numpy(),
        bounds=[(None, None)] * d + [(0, None)] * (2 * n),
        method="highs",
    )
    return torch.as_tensor(answer.x[:d], dtype=X.dtype)


def huber_regression(
    X: Tensor, y: Tensor, *, delta: float, weight: Tensor | None = None, num_steps: int = 200
) -> Tensor:
    """θ that minimises the weighted sum of Huber losses, by iteratively reweighted least squares.

    A residual up to δ has weight 1; beyond, δ/|r|: its pull stays what it is at δ.

    Args:
        X: (..., n, d).
        y: (..., n).
        delta: δ in the unit of y, greater than 0.
        weight: w ≥ 0, (..., n); ones by default.

    Returns:
        (..., d)

    Reference: Huber, "Robust regression: asymptotics, conjectures and Monte Carlo", 1973.
    """
    if not delta > 0:
        raise ValueError(f"delta must be greater than 0, not {delta!r}")
    weight = torch.ones_like(y) if weight is None else weight
    theta = weighted_least_squares(X, y, weight)
    for _ in range(num_steps):
        distance = _residual(X, y, theta).abs().clamp_min(delta)
        theta = weighted_least_squares(X, y, weight * delta / distance)
    return theta


def _residual(X: Tensor, y: Tensor, theta: Tensor) -> Tensor:
    return (X @ theta.unsqueeze(-1)).squeeze(-1) - y
