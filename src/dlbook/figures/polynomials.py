"""Explorer figures of polynomial regression: the fit, and the errors it makes."""

import math
from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.toy_regression import sine
from dlbook.models.bias_variance import sine_sets
from dlbook.models.polynomial import fit_polynomial, polynomial
from dlbook.plots import Figure, with_status
from dlbook.plots.panels import axis, one_panel, two_panels
from dlbook.plots.polynomials import (
    degree_axis,
    error_axis,
    error_bands,
    errors_by_degree,
    fit_and_points,
)
from dlbook.plots.words import in_words

MAX_DEGREE = 14
NUM_TEST = 500
TEST_SEED = 1_000  # test points of seed s are those of seed TEST_SEED + s
GRID = torch.linspace(-math.pi, math.pi, 161, dtype=torch.float64)


def polynomial_fit(
    degree: int, noise: float, ridge: float | None = None, num_points: int = 15, seed: int = 4
) -> Figure:
    """A polynomial fitted to noisy points of sin x, and its errors at every degree.

    Args:
        degree: 0 to 14.
        noise: standard deviation of the noise on the targets.
        ridge: penalty ρ on the coefficients of (x/π)^d, d >= 1; None for least squares.
        num_points: number of training points, evenly spaced.
        seed: of the noise on training and test points.
    """
    x, y = _points(num_points, noise, seed)
    fits, train, test = _fits(ridge or 0.0, noise, num_points, seed)
    curve = polynomial(GRID / math.pi, fits[degree])
    figure = two_panels(
        [
            *fit_and_points(GRID, torch.sin(GRID), curve, x, y),
            *errors_by_degree(train, test, degree, noise**2, panel=2),
        ],
        upper=(axis("x", -3.3, 3.3), axis("y", -2, 2)),
        lower=(degree_axis(MAX_DEGREE), error_axis()),
        upper_share=0.6,
    )
    best = min(range(MAX_DEGREE + 1), key=test.__getitem__)
    return with_status(
        figure,
        f"Degree {degree}: training error {in_words(train[degree])}, test error "
        f"{in_words(test[degree])}. Test error is lowest at degree {best}: {in_words(test[best])}.",
    )


def error_curves(num_points: int, noise: float) -> Figure:
    """Training and test error against degree: median and middle half of 20 training sets.

    Args:
        num_points: number of training points, drawn at random.
        noise: standard deviation of the noise on the targets.
    """
    train, test = errors_of_sets(num_points, noise)
    powers = (-3, 7)  # with 10 points the median test error stays near 10^5
    traces = error_bands(train, test, noise**2, powers=powers)
    figure = one_panel(traces, degree_axis(MAX_DEGREE), error_axis(powers), height=400)
    medians = test.quantile(0.5, dim=0)
    best = int(medians.argmin())
    return with_status(
        figure,
        f"{num_points} training points: the median test error is lowest at degree {best} "
        f"({in_words(medians[best])}) and {in_words(medians[-1])} at degree {MAX_DEGREE}.",
    )


def fit_error(x: Tensor, y: Tensor, coefficients: Tensor) -> Tensor:
    """Mean squared error of polynomials in x/π at the points x, y (..., n), per training set."""
    features = (x / math.pi).unsqueeze(-1) ** torch.arange(coefficients.shape[-1])
    predicted = (features @ coefficients.unsqueeze(-1)).squeeze(-1)
    return (predicted - y).square().mean(dim=-1)


def _points(num_points: int, noise: float, seed: int) -> tuple[Tensor, Tensor]:
    x, y = sine(num_points, noise, seed=seed)
    return x.double(), y.double()


@lru_cache(maxsize=256)
def _fits(penalty: float, noise: float, num_points: int, seed: int) -> tuple[list, list, list]:
    """Coefficients, training error and test error at every degree."""
    x, y = _points(num_points, noise, seed)
    x_test, y_test = _points(NUM_TEST, noise, TEST_SEED + seed)
    fits = [fit_polynomial(x / math.pi, y, d, penalty=penalty) for d in range(MAX_DEGREE + 1)]
    train = [float(fit_error(x, y, a)) for a in fits]
    test = [float(fit_error(x_test, y_test, a)) for a in fits]
    return fits, train, test


@lru_cache(maxsize=32)
def errors_of_sets(num_points: int, noise: float, num_sets: int = 20) -> tuple[Tensor, Tensor]:
    """Training and test errors, each (num_sets, degrees)."""
    x, y = sine_sets(num_sets, num_points, noise, evenly_spaced=False)
    new = sine_sets(num_sets, NUM_TEST, noise, first_seed=TEST_SEED)
    fits = [fit_polynomial(x / math.pi, y, degree) for degree in range(MAX_DEGREE + 1)]
    train = torch.stack([fit_error(x, y, a) for a in fits], dim=1)
    test = torch.stack([fit_error(*new, a) for a in fits], dim=1)
    return train, test
