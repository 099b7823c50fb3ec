"""Explorer figure of the ridge penalty: coefficients and errors as it grows."""

import math
from functools import lru_cache

import torch
from torch import Tensor

from dlbook.figures.polynomials import NUM_TEST, TEST_SEED, fit_error
from dlbook.models.bias_variance import sine_sets
from dlbook.models.least_squares import shrinkage
from dlbook.models.polynomial import fit_polynomial, vandermonde
from dlbook.plots import Figure, with_status
from dlbook.plots.panels import axis, two_panels
from dlbook.plots.polynomials import error_axis
from dlbook.plots.ridge import coefficient_sizes, errors_by_penalty
from dlbook.plots.words import in_words

NUM_POINTS = 15
NOISE = 0.3
NUM_SETS = 20
PENALTIES = tuple(float(f"{10 ** (k / 2):.10g}") for k in range(-24, 5))  # the slider's values


def ridge_sweep(ridge: float, degree: int) -> Figure:
    """Sizes of the coefficients at one penalty, and training and test error at every penalty.

    Args:
        ridge: penalty ρ on the coefficients of (x/π)^d, d >= 1; one of `PENALTIES`.
        degree: of the polynomials.
    """
    sizes, train, test = sweep_of_penalties(degree)
    here = min(range(len(PENALTIES)), key=lambda i: abs(math.log(PENALTIES[i] / ridge)))
    figure = two_panels(
        [
            *coefficient_sizes(sizes[:, here]),
            *errors_by_penalty(PENALTIES, train, test, here, NOISE**2, panel=2),
        ],
        upper=(
            axis("power d", -0.5, 14.5, dtick=2),
            axis("size of coefficient", -3, 5, log=True) | {"dtick": 2},
        ),
        lower=(
            axis("penalty ρ", -12.5, 2.5, log=True) | {"tick0": -10, "dtick": 4},
            error_axis(),
        ),
    )
    middle = test.quantile(0.5, dim=0)
    best = int(middle.argmin())
    return with_status(
        figure,
        f"ρ = {in_words(ridge)}: {num_effective(degree, ridge):.1f} of {degree + 1} coefficients "
        f"are effectively free, median test error {in_words(middle[here])}. "
        f"The lowest is {in_words(middle[best])} at ρ = {in_words(PENALTIES[best])}.",
    )


def num_effective(degree: int, penalty: float) -> float:
    """Effective number of coefficients for 15 evenly spaced points, the free constant included."""
    grid = torch.linspace(-1, 1, NUM_POINTS, dtype=torch.float64)
    powers = vandermonde(grid, degree)[:, 1:]
    return 1 + float(shrinkage(powers - powers.mean(dim=0), penalty).sum())


@lru_cache
def sweep_of_penalties(degree: int) -> tuple[Tensor, Tensor, Tensor]:
    """Over 20 training sets: |α| (sets, penalties, degree + 1), train and test error."""
    x, y = sine_sets(NUM_SETS, NUM_POINTS, NOISE)
    new = sine_sets(NUM_SETS, NUM_TEST, NOISE, first_seed=TEST_SEED)
    fits = [fit_polynomial(x / math.pi, y, degree, penalty=penalty) for penalty in PENALTIES]
    train = torch.stack([fit_error(x, y, a) for a in fits], dim=1)
    test = torch.stack([fit_error(*new, a) for a in fits], dim=1)
    return torch.stack(fits, dim=1).abs(), train, test
