"""Kernels: products of features that are never written down, and a perceptron that uses them."""

import math
from collections import Counter
from itertools import combinations_with_replacement

import torch
from torch import Tensor


def polynomial_kernel(X: Tensor, Z: Tensor, degree: int) -> Tensor:
    """κ(x, z) = (1 + x·z)^degree for all pairs of rows of X (n, d) and Z (m, d): (n, m)."""
    return (1 + X @ Z.T) ** degree


def radial_kernel(X: Tensor, Z: Tensor, width: float) -> Tensor:
    """κ(x, z) = exp(−‖x − z‖² / (2 width²)) for all pairs of rows: (n, m).

    Raises:
        ValueError: the width is not above 0.
    """
    check_width(width)
    return torch.exp(-(torch.cdist(X, Z) ** 2) / (2 * width**2))


def check_width(width: float) -> None:
    """Raise `ValueError` if the width of a bump is not above 0."""
    if not width > 0:
        raise ValueError(f"width must be above 0, not {width!r}")


def polynomial_map(X: Tensor, degree: int) -> Tensor:
    """The features Φ with Φ(x)·Φ(z) = (1 + x·z)^degree, written out.

    One for each monomial of degree at most `degree` in the d inputs, times the square root of the
    multinomial coefficient with which it occurs in the expanded power: (n, C(d + degree, degree)).
    """
    ones = torch.nn.functional.pad(X, (1, 0), value=1.0)
    columns = []
    for chosen in combinations_with_replacement(range(ones.shape[1]), degree):
        repeats = math.prod(math.factorial(count) for count in Counter(chosen).values())
        weight = math.sqrt(math.factorial(degree) / repeats)
        columns.append(weight * ones[:, list(chosen)].prod(dim=1))
    return torch.stack(columns, dim=1)


def kernel_perceptron(K: Tensor, y: Tensor, *, max_passes: int) -> tuple[Tensor, list[int]]:
    """The perceptron on features known only through their products.

    Its weights are w = Σ_n a_n y_n Φ(x_n) with a_n the number of mistakes made at x_n, so that
    w·Φ(x) = Σ_n a_n y_n κ(x_n, x).

    Args:
        K: κ(x_m, x_n) for all pairs of training points, (n, n).
        y: (n,) labels ±1.
        max_passes: stop then, or after a pass without a mistake.

    Returns:
        the coefficients a_n y_n, (n,), and the number of mistakes in each pass.

    Reference: Aizerman, Braverman, Rozonoer, "Theoretical foundations of the potential function
    method in pattern recognition learning", 1964.
    """
    coefficients, mistakes = torch.zeros_like(K[0]), []
    while len(mistakes) < max_passes and (not mistakes or mistakes[-1]):
        mistakes.append(0)
        for n in range(len(y)):
            if y[n] * torch.dot(coefficients, K[n]) <= 0:
                coefficients[n] += y[n]
                mistakes[-1] += 1
    return coefficients, mistakes
