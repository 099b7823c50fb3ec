"""Explorer figure of bias and variance: one model fitted to thirty training sets."""

import math
from functools import lru_cache

import torch
from torch import Tensor

from dlbook.models.bias_variance import decompose, fit_bundle, sine_sets
from dlbook.plots import Figure, with_status
from dlbook.plots.bias_variance import bundle, parts_by_degree
from dlbook.plots.panels import axis, two_panels
from dlbook.plots.polynomials import degree_axis, error_axis
from dlbook.plots.words import in_words

NUM_SETS = 30
NOISE = 0.3  # standard deviation
MAX_DEGREE = 14
EDGE = 1.08 * math.pi  # the drawn curves end here, outside the axis, whose ends are ±1.05π
DRAWN = torch.linspace(-EDGE, EDGE, 61, dtype=torch.float64)
INSIDE = torch.linspace(-math.pi, math.pi, 201, dtype=torch.float64)  # where errors are averaged


def bundle_of_fits(degree: int, ridge: float | None, num_points: int = 15) -> Figure:
    """Polynomials fitted to 30 noisy training sets of sin x, and the parts of their error.

    Args:
        degree: 0 to 14.
        ridge: penalty ρ on the coefficients of (x/π)^d, d >= 1; None for least squares.
        num_points: of each training set, evenly spaced; only the noise differs between sets.
    """
    x, y = _training_sets(num_points)
    curves = fit_bundle(x, y, degree, ridge or 0.0, DRAWN)
    parts = error_parts(ridge or 0.0, num_points)
    figure = two_panels(
        [
            *bundle(DRAWN, curves, torch.sin(DRAWN)),
            *parts_by_degree(parts, degree, panel=2),
        ],
        upper=(axis("x", -1.05 * math.pi, 1.05 * math.pi), axis("y", -2, 2)),
        lower=(degree_axis(MAX_DEGREE), error_axis()),
    )
    bias, variance, floor = (in_words(part) for part in parts[:, degree])
    total = in_words(parts[:, degree].sum())
    return with_status(
        figure,
        f"Degree {degree}: bias² {bias} + variance {variance} + noise {floor} = {total}.",
    )


@lru_cache(maxsize=64)
def error_parts(penalty: float, num_points: int = 15) -> Tensor:
    """Mean over x of bias², variance and noise at every degree, (3, degrees)."""
    x, y = _training_sets(num_points)
    parts = []
    for degree in range(MAX_DEGREE + 1):
        curves = fit_bundle(x, y, degree, penalty, INSIDE)
        bias_squared, variance, _ = decompose(curves, torch.sin(INSIDE))
        parts.append(torch.stack([bias_squared.mean(), variance.mean()]))
    by_degree = torch.stack(parts, dim=1)
    return torch.cat([by_degree, torch.full_like(by_degree[:1], NOISE**2)])


@lru_cache(maxsize=8)
def _training_sets(num_points: int) -> tuple[Tensor, Tensor]:
    return sine_sets(NUM_SETS, num_points, NOISE)
