"""Linear regression with an absolute or a mixed penalty, by three solvers.

All minimise, over weights w (d,) and a bias b that is never penalised,

    (1 / 2n) ‖y − X w − b‖² + λ (r ‖w‖₁ + (1 − r) / 2 ‖w‖²),

with r = 1 for the lasso, 0 < r < 1 for the elastic net: the objective of scikit-learn's `Lasso` and
`ElasticNet`. The bias drops out once the columns of X and y are centred.

References: Tibshirani, "Regression shrinkage and selection via the lasso", 1996; Zou and Hastie,
"Regularization and variable selection via the elastic net", 2005.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor


class LinearFit(NamedTuple):
    """Weights (d,), bias () and how many iterations it took to find them."""

    weights: Tensor
    bias: Tensor
    num_iterations: int


def soft_threshold(z: Tensor, threshold: float | Tensor) -> Tensor:
    """sign(z) max(|z| − t, 0): the v that minimises (v − z)² / 2 + t |v|.

    Everything moves towards 0 by t, and what is nearer to 0 than t lands on 0 exactly. It is the
    step that replaces the gradient of |v|, which does not exist at 0.
    """
    return torch.sign(z) * torch.clamp(z.abs() - threshold, min=0)


def objective(X: Tensor, y: Tensor, fit: LinearFit, penalty: float, l1_ratio: float = 1) -> Tensor:
    """The penalised objective of the module's docstring at `fit`."""
    w = fit.weights
    size = l1_ratio * w.abs().sum() + (1 - l1_ratio) / 2 * w.square().sum()
    return (y - X @ w - fit.bias).square().mean() / 2 + penalty * size


def max_penalty(X: Tensor, y: Tensor, l1_ratio: float = 1) -> Tensor:
    """λmax = max_j |x_jᵀ y| / (n r) of centred X and y: from there on all weights are 0.

    Raises:
        ValueError: l1_ratio is not in (0, 1]; a pure square never gives zeros.
    """
    _check(0.0, l1_ratio)
    X, y, _ = _centred(X, y)
    return (X.T @ y).abs().max() / (len(y) * l1_ratio)


def ista(
    X: Tensor, y: Tensor, penalty: float, l1_ratio: float = 1, *, tolerance=1e-10, max_iter=50_000
) -> LinearFit:
    """Proximal gradient: w ← S(w − η Xᵀ(X w − y) / n, η λ r) / (1 + η λ (1 − r)).

    A gradient step on the squared error, then the exact minimiser of the penalty plus the distance
    to where that step led. η = n / ‖XᵀX‖₂ is the longest step that never raises the objective.

    Args:
        X: (n, d) float tensor.
        y: (n,) targets.
        penalty: λ >= 0.
        l1_ratio: r in (0, 1].
        tolerance: stop once no weight moves by more than this in an iteration.
        max_iter: stop there in any case.

    Raises:
        ValueError: penalty or l1_ratio is outside its range.

    Reference: Daubechies, Defrise, De Mol, "An iterative thresholding algorithm", 2004.
    """
    _check(penalty, l1_ratio)
    Xc, yc, bias_of = _centred(X, y)
    n = len(yc)
    lr = n / torch.linalg.matrix_norm(Xc, ord=2) ** 2

    def proximal_step(w: Tensor) -> Tensor:
        gradient = Xc.T @ (Xc @ w - yc) / n
        w = soft_threshold(w - lr * gradient, lr * penalty * l1_ratio)
        return w / (1 + lr * penalty * (1 - l1_ratio))

    w, count = _repeat(proximal_step, Xc.new_zeros(Xc.shape[1]), tolerance, max_iter)
    return LinearFit(w, bias_of(w), count)


def coordinate_descent(
    X: Tensor, y: Tensor, penalty: float, l1_ratio: float = 1, *, tolerance=1e-10, max_iter=10_000
) -> LinearFit:
    """One weight at a time: w_j ← S(x_jᵀ(y − X w + x_j w_j) / n, λ r) / (‖x_j‖² / n + λ (1 − r)).

    For one weight the problem is a parabola plus λ r |w_j|, whose minimum is known in closed form.
    One iteration goes once through all weights. Arguments as in `ista`.

    Reference: Friedman, Hastie, Tibshirani, "Regularization paths", 2010.
    """
    _check(penalty, l1_ratio)
    Xc, yc, bias_of = _centred(X, y)
    columns, n = list(Xc.T), len(yc)
    squares = Xc.square().mean(dim=0)

    def once_through(w: Tensor) -> Tensor:
        w, residual = w.clone(), yc - Xc @ w
        for j in squares.nonzero().flatten().tolist():  # the weight of a constant column stays 0
            correlation = columns[j] @ residual / n + squares[j] * w[j]
            curvature = squares[j] + penalty * (1 - l1_ratio)
            new = soft_threshold(correlation, penalty * l1_ratio) / curvature
            residual += columns[j] * (w[j] - new)
            w[j] = new
        return w

    w, count = _repeat(once_through, Xc.new_zeros(Xc.shape[1]), tolerance, max_iter)
    return LinearFit(w, bias_of(w), count)


def admm(
    X: Tensor,
    y: Tensor,
    penalty: float,
    l1_ratio: float = 1,
    *,
    coupling: float = 1.0,
    tolerance=1e-10,
    max_iter=50_000,
) -> LinearFit:
    """Two copies of the weights that are made to agree: v for the data, w for the penalty.

    v ← (XᵀX / n + γI)⁻¹ (Xᵀy / n + γ (w − u))        ridge regression around w − u
    w ← S(v + u, λ r / γ) / (1 + λ (1 − r) / γ)       soft threshold
    u ← u + v − w                                      the price of disagreeing

    The constraint v = w holds in the limit; `coupling` γ > 0 sets the speed, not the answer. Other
    arguments as in `ista`.

    Reference: Boyd et al., "Distributed optimization and statistical learning via the alternating
    direction method of multipliers", section 6.4, 2011.
    """
    _check(penalty, l1_ratio)
    Xc, yc, bias_of = _centred(X, y)
    n, d = Xc.shape
    identity = torch.eye(d, dtype=X.dtype, device=X.device)
    factor = torch.linalg.cholesky(Xc.T @ Xc / n + coupling * identity)
    data = Xc.T @ yc / n

    def agree(state: Tensor) -> Tensor:
        w, u = state
        right_side = data + coupling * (w - u)
        v = torch.cholesky_solve(right_side.unsqueeze(1), factor).squeeze(1)
        w = soft_threshold(v + u, penalty * l1_ratio / coupling)
        w = w / (1 + penalty * (1 - l1_ratio) / coupling)
        return torch.stack([w, u + v - w])

    (w, _), count = _repeat(agree, data.new_zeros(2, d), tolerance, max_iter)
    return LinearFit(w, bias_of(w), count)


def subgradient_gap(
    X: Tensor, y: Tensor, fit: LinearFit, penalty: float, l1_ratio: float = 1
) -> Tensor:
    """How far `fit` is from satisfying the optimality conditions; 0 exactly at the minimum.

    With c_j = x_jᵀ(y − X w − b) / n − λ (1 − r) w_j, the minimum has c_j = λ r sign(w_j) where
    w_j ≠ 0 and |c_j| <= λ r where w_j = 0, and a residual of mean 0. Returns the largest violation.
    """
    residual = y - X @ fit.weights - fit.bias
    c = X.T @ residual / len(y) - penalty * (1 - l1_ratio) * fit.weights
    limit = penalty * l1_ratio
    active = (c - limit * torch.sign(fit.weights)).abs()
    inactive = torch.clamp(c.abs() - limit, min=0)
    violation = torch.where(fit.weights != 0, active, inactive)
    return torch.maximum(violation.max(), residual.mean().abs())


def _repeat(step: Callable, state: Tensor, tolerance: float, max_iter: int) -> tuple[Tensor, int]:
    """`step` applied until nothing moves by more than the tolerance, and how often that was."""
    for count in range(1, max_iter + 1):
        previous, state = state, step(state)
        if (state - previous).abs().max() <= tolerance:
            return state, count
    return state, max_iter


def _centred(X: Tensor, y: Tensor):
    """Centred X and y, and the function that gives the bias that goes with weights."""
    X_mean, y_mean = X.mean(dim=0), y.mean()
    return X - X_mean, y - y_mean, lambda w: y_mean - X_mean @ w


def _check(penalty: float, l1_ratio: float) -> None:
    if not penalty >= 0:
        raise ValueError(f"penalty must be 0 or more, not {penalty}")
    if not 0 < l1_ratio <= 1:
        raise ValueError(f"l1_ratio must be above 0 and at most 1, not {l1_ratio}")
