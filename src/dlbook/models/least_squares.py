"""Linear least squares with and without a quadratic penalty: three roads to the same weights."""

import math

import torch
from torch import Tensor


def least_squares(X: Tensor, y: Tensor) -> Tensor:
    """The w of least norm that minimises ‖y − X w‖².

    Args:
        X: (..., n, d) float tensor, one row a training example, one column a feature.
        y: (..., n) targets.

    Returns:
        (..., d) weights, also where X has fewer independent rows than columns.
    """
    driver = "gelsd" if X.device.type == "cpu" else None  # CUDA has only "gels": full rank needed
    return torch.linalg.lstsq(X, y.unsqueeze(-1), driver=driver).solution.squeeze(-1)


def ridge(X: Tensor, y: Tensor, penalty: float | Tensor) -> Tensor:
    """The w that minimises ‖y − X w‖² + Σ_j ρ_j w_j², as a least-squares problem with d extra rows.

    A squared weight is the squared error of an example whose only feature is √ρ_j in column j and
    whose target is 0. This form loses no digits to XᵀX and accepts any mix of penalties.

    Args:
        X: (..., n, d).
        y: (..., n).
        penalty: ρ >= 0 for all weights, or a (d,) tensor with one ρ_j a column: 0 leaves that
            weight free (a bias), infinity forces it to 0 (removes the column).

    Returns:
        (..., d) weights.

    Raises:
        ValueError: a penalty is negative or NaN.
    """
    rho = torch.as_tensor(penalty, dtype=X.dtype, device=X.device).expand(X.shape[-1])
    if not (rho >= 0).all():
        raise ValueError(f"penalty must be 0 or more, not {penalty}")
    kept = torch.isfinite(rho)
    rows = torch.diag(torch.where(kept, rho, 0.0).sqrt()).expand(*X.shape[:-2], -1, -1)
    zeros = y.new_zeros(*y.shape[:-1], X.shape[-1])
    return least_squares(torch.cat([X * kept, rows], dim=-2), torch.cat([y, zeros], dim=-1))


def ridge_normal_equations(X: Tensor, y: Tensor, penalty: float) -> Tensor:
    """The ridge weights from the closed form: (XᵀX + ρI) w = Xᵀy.

    Args:
        X: (n, d).
        y: (n,).
        penalty: ρ > 0, or 0 where the columns of X are independent.

    Returns:
        (d,) weights.
    """
    identity = torch.eye(X.shape[1], dtype=X.dtype, device=X.device)
    return torch.linalg.solve(X.T @ X + penalty * identity, X.T @ y)


def ridge_by_svd(X: Tensor, y: Tensor, penalty: float) -> Tensor:
    """The ridge weights as a filter on singular directions: w = Σ_i s_i/(s_i² + ρ) (u_i·y) v_i.

    Least squares would divide by s_i; the penalty turns 1/s_i into `shrinkage` times 1/s_i, which
    is nearly 1/s_i for the directions that the data determine well and nearly 0 for the others.

    Args:
        X: (n, d).
        y: (n,).
        penalty: ρ > 0, or 0 where no singular value vanishes.

    Returns:
        (d,) weights.

    Reference: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 3.4.1, 2009.
    """
    U, s, Vh = torch.linalg.svd(X, full_matrices=False)
    return Vh.T @ (s / (s**2 + penalty) * (U.T @ y))


def shrinkage(X: Tensor, penalty: float) -> Tensor:
    """The factor s_i² / (s_i² + ρ) by which ridge shrinks the fit along each singular direction.

    Their sum is the *effective number of parameters*: d for ρ = 0, towards 0 for large ρ.

    Args:
        X: (n, d).
        penalty: ρ >= 0.

    Returns:
        (min(n, d),) factors in [0, 1], largest first.
    """
    squares = torch.linalg.svdvals(X) ** 2
    return squares / (squares + penalty)


def penalty_for(X: Tensor, num_effective: float) -> float:
    """The ridge penalty ρ at which X has `num_effective` effective parameters, by bisection.

    Args:
        X: (n, d).
        num_effective: strictly between 0 and min(n, d).

    Raises:
        ValueError: num_effective is outside that interval.
    """
    if not 0 < num_effective < min(X.shape):
        raise ValueError(f"num_effective is {num_effective}; allowed: 0 to {min(X.shape)}")
    low, high = -30.0, 30.0  # powers of ten: the sum of `shrinkage` falls from d to 0 in between
    for _ in range(100):
        middle = (low + high) / 2
        too_many = shrinkage(X, 10.0**middle).sum() > num_effective
        low, high = (middle, high) if too_many else (low, middle)
    return math.pow(10.0, (low + high) / 2)
