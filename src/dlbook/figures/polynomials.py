"""Explorer figures of polynomial regression: the fit, and the errors it makes."""

import math
from functools import lru_cache

import torch
from torch import Tensor

from dlbook.models.polynomial import fit_polynomial, polynomial
from dlbook.plots import Figure, with_status
from dlbook.plots.panels import axis, two_panels
from dlbook.plots.polynomials import degree_axis, error_axis, errors_by_degree, fit_and_points
from dlbook.random import normal, uniform

MAX_DEGREE = 14
NUM_TEST = 500
GRID = torch.linspace(-math.pi, math.pi, 161, dtype=torch.float64)


def polynomial_fit(
    degree: int, ridge: float | None, noise: float, num_points: int = 15, seed: int = 0
) -> Figure:
    """A polynomial fitted to noisy points of sin x, and its errors at every degree.

    Args:
        degree: 0 to 14.
        ridge: penalty ρ on the coefficients of (x/π)^d, d >= 1; None for least squares.
        noise: standard deviation of the noise on the targets.
        num_points: number of training points.
        seed: of the training and test points.
    """
    x, y = _points(num_points, noise, seed, part=0)
    fits, train, test = _fits(ridge or 0.0, noise, num_points, seed)
    curve = polynomial(GRID / math.pi, fits[degree])
    figure = two_panels(
        [
            *fit_and_points(GRID, torch.sin(GRID), curve, x, y),
            *errors_by_degree(train, test, degree, panel=2),
        ],
        upper=(axis("x", -3.3, 3.3), axis("y", -2, 2)),
        lower=(degree_axis(MAX_DEGREE), error_axis()),
        upper_share=0.6,
    )
    best = min(range(MAX_DEGREE + 1), key=test.__getitem__)
    return with_status(
        figure,
        f"Degree {degree}: training error {train[degree]:.3f}, test error {test[degree]:.3g}. "
        f"The lowest test error is {test[best]:.3f}, at degree {best}.",
    )


@lru_cache(maxsize=256)
def _points(num_points: int, noise: float, seed: int, part: int) -> tuple[Tensor, Tensor]:
    """Training (part 0) or test (part 1) points of sin on [−π, π], as float64."""
    x = (2 * uniform(num_points, seed=seed, stream=2 * part).double() - 1) * math.pi
    y = torch.sin(x) + noise * normal(num_points, seed=seed, stream=2 * part + 1).double()
    return x, y


@lru_cache(maxsize=256)
def _fits(penalty: float, noise: float, num_points: int, seed: int) -> tuple[list, list, list]:
    """Coefficients, training error and test error at every degree."""
    x, y = _points(num_points, noise, seed, part=0)
    x_test, y_test = _points(NUM_TEST, noise, seed, part=1)
    fits = [fit_polynomial(x / math.pi, y, d, penalty=penalty) for d in range(MAX_DEGREE + 1)]
    train = [float((polynomial(x / math.pi, a) - y).square().mean()) for a in fits]
    test = [float((polynomial(x_test / math.pi, a) - y_test).square().mean()) for a in fits]
    return fits, train, test
