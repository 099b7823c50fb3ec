"""Many training sets, one fit each: how far off they are on average and how much they disagree."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from dlbook.datasets.toy_regression import sine
from dlbook.models.polynomial import fit_polynomial, polynomial


class Decomposition(NamedTuple):
    """The parts of the mean squared distance to the truth, each (num_points,)."""

    bias_squared: Tensor
    variance: Tensor
    error: Tensor


def decompose(predictions: Tensor, truth: Tensor) -> Decomposition:
    """Squared bias, variance and mean squared error of predictions over training sets.

    At every point, over training sets m: (1/M) Σ_m (f_m − f)² = (f̄ − f)² + (1/M) Σ_m (f_m − f̄)²
    with f̄ the mean prediction. The identity is exact for any M, since Σ_m (f_m − f̄) = 0.

    Args:
        predictions: (num_sets, num_points), one row a training set.
        truth: (num_points,) values f of the true function.
    """
    mean = predictions.mean(dim=0)
    return Decomposition(
        bias_squared=(mean - truth).square(),
        variance=(predictions - mean).square().mean(dim=0),
        error=(predictions - truth).square().mean(dim=0),
    )


def sine_sets(
    num_sets: int, num_points: int, noise: float, *, first_seed: int = 0, evenly_spaced: bool = True
) -> tuple[Tensor, Tensor]:
    """Training sets D_1, ..., D_M of points of sin x: x and y, (num_sets, num_points), float64.

    Args:
        num_sets: M, at least 1.
        num_points: in each set.
        noise: standard deviation of y.
        first_seed: set m has seed first_seed + m.
        evenly_spaced: whether all sets share one grid of x, so that only their noise differs.
    """
    seeds = range(first_seed, first_seed + num_sets)
    sets = [sine(num_points, noise, seed=s, evenly_spaced=evenly_spaced) for s in seeds]
    x, y = (torch.stack(parts).double() for parts in zip(*sets, strict=True))
    return x, y


def fit_bundle(x: Tensor, y: Tensor, degree: int, penalty: float, grid: Tensor) -> Tensor:
    """The curves of polynomials fitted to every training set, (num_sets, num_grid).

    Args:
        x: (num_sets, num_points), in [−π, π]; the polynomial is one in x/π.
        y: (num_sets, num_points).
        degree: of the polynomials.
        penalty: ridge penalty ρ >= 0.
        grid: (num_grid,) points at which the curves are evaluated.
    """
    return polynomial(grid / math.pi, fit_polynomial(x / math.pi, y, degree, penalty=penalty))
