"""Polynomial regression: a model that is linear in its coefficients, whatever its curve does."""

import torch
from torch import Tensor

from dlbook.models.least_squares import ridge


def vandermonde(x: Tensor, degree: int) -> Tensor:
    """The feature vectors Φ(x) = (1, x, x², ..., x^degree), one row a point.

    Args:
        x: (...) float tensor.
        degree: 0 or more.

    Returns:
        (..., degree + 1) tensor of the dtype of x.

    Raises:
        ValueError: degree is negative.
    """
    if degree < 0:
        raise ValueError(f"degree must be 0 or more, not {degree}")
    return x.unsqueeze(-1) ** torch.arange(degree + 1, device=x.device)


def fit_polynomial(x: Tensor, y: Tensor, degree: int, *, penalty: float = 0.0) -> Tensor:
    """Coefficients α that minimise Σ_n (y_n − Σ_d α_d x_n^d)² + ρ Σ_{d>=1} α_d².

    The constant α_0 is not penalised: how large the targets are on average is no complexity.
    Powers of x reach extreme sizes, so scale x to about [−1, 1] and use float64.

    Args:
        x: (..., n) inputs; leading axes are independent training sets, fitted at once.
        y: (..., n) targets.
        degree: 0 or more; above n − 1 (without penalty) the coefficients of least norm are taken.
        penalty: ρ >= 0.

    Returns:
        (..., degree + 1) coefficients, the constant first.

    Raises:
        ValueError: degree or penalty is negative.
    """
    rho = torch.full((degree + 1,), float(penalty), dtype=x.dtype, device=x.device)
    rho[0] = 0.0
    return ridge(vandermonde(x, degree), y, rho)


def polynomial(x: Tensor, coefficients: Tensor) -> Tensor:
    """The values Σ_d α_d x^d = α·Φ(x).

    Args:
        x: (n,) points.
        coefficients: (..., degree + 1), the constant first.

    Returns:
        (..., n) values.
    """
    return coefficients @ vandermonde(x, coefficients.shape[-1] - 1).T
