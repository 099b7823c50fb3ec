"""Symmetric positive definite systems A x = b to try solvers on."""

import math

import torch
from torch import Tensor

from dlbook.random import normal


def poisson(n: int) -> Tensor:
    """The matrix (n, n) of −u″ on a line: 2 on the diagonal, −1 beside it. float64.

    A string that is held at both ends: the force at a place is twice its height minus those of
    its neighbours. Eigenvalues 2 − 2 cos(πj / (n + 1)), j = 1, ..., n, see `waves`.

    Reference: Saad, "Iterative methods for sparse linear systems", 2003, section 2.2.1.
    """
    beside = torch.ones(n - 1, dtype=torch.float64)
    return 2 * torch.eye(n, dtype=torch.float64) - torch.diag(beside, 1) - torch.diag(beside, -1)


def waves(n: int) -> Tensor:
    """The eigenvectors of `poisson(n)` as columns (n, n): sines with j half waves, of norm 1."""
    place = torch.arange(1, n + 1, dtype=torch.float64)
    return math.sqrt(2 / (n + 1)) * torch.sin(math.pi * torch.outer(place, place) / (n + 1))


def with_condition(n: int, condition: float, *, seed: int) -> Tensor:
    """A random symmetric matrix with eigenvalues from 1 / condition to 1, evenly on a log scale.

    Args:
        n: rows, at least 2.
        condition: largest eigenvalue divided by the smallest, above 1.
        seed: of the eigenvectors.
    """
    Q, _ = torch.linalg.qr(normal((n, n), seed=seed).double())
    eigenvalues = torch.logspace(-math.log10(condition), 0, n, dtype=torch.float64)
    return (Q * eigenvalues) @ Q.T


def badly_scaled(n: int, decades: float, *, seed: int) -> Tensor:
    """S B S of a well-conditioned B and a diagonal S: unknowns in units that differ widely.

    Args:
        n: rows, at least 2.
        decades: the diagonal of A spans about this many powers of ten.
        seed: of B = I + G Gᵀ / n with Gaussian G (n, n), and of the order of the scales.
    """
    G = normal((n, n), seed=seed).double()
    B = torch.eye(n, dtype=torch.float64) + G @ G.T / n
    s = torch.logspace(-decades / 2, 0, n, dtype=torch.float64)
    return s[:, None] * B * s
