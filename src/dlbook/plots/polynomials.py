"""Plots of curves fitted to points, and of training and test error against degree."""

from collections.abc import Sequence

from torch import Tensor

from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.panels import axis, dots, line
from dlbook.plots.theme import PURPLE, TEST_COLOR, TRAIN_COLOR, TRUTH_COLOR

POWERS = (-3, 2)  # the mean squared errors that are drawn, as powers of ten
RIM = 0.2  # powers of ten beyond them, so that a marker on the rim is not cut
CURVE_LIMIT = 6.0  # curves are cut there, far outside the axis, which keeps a page's data small


def error_axis(powers: tuple[int, int] = POWERS) -> dict:
    """The log axis of mean squared errors, between two powers of ten and a little beyond."""
    low, high = powers
    return axis("mean squared error", low - RIM, high + RIM, log=True)


def degree_axis(max_degree: int) -> dict:
    """The axis of degrees 0 to `max_degree`."""
    return axis("degree", -0.5, max_degree + 0.5, dtick=2)


def fit_and_points(grid, truth, fit, x, y) -> list[dict]:
    """The true curve, the fitted one and the training points."""
    return [
        line(grid, truth, "true curve", TRUTH_COLOR, width=2, line={"dash": "dot"}),
        line(grid, fit.clip(-CURVE_LIMIT, CURVE_LIMIT), "fit", PURPLE),
        dots(x, y, "training points", TRAIN_COLOR),
    ]


def errors_by_degree(
    train: Sequence, test: Sequence, degree: int, floor: float, *, panel: int = 1
) -> list[dict]:
    """Training and test error over degree, with a marker at the present degree.

    `floor` is the error that even the true curve makes: the variance of the noise.
    """
    traces = [_floor(len(train), floor, panel)]
    for name, color, errors in (
        ("training error", TRAIN_COLOR, train),
        ("test error", TEST_COLOR, test),
    ):
        shown = drawable(errors)
        traces.append(line(list(range(len(shown))), shown, name, color, panel=panel))
        here = dots([degree], shown[degree : degree + 1], name, color, size=13, panel=panel)
        traces.append(here | {"showlegend": False})
    return traces


def error_bands(
    train: Tensor, test: Tensor, floor: float, *, powers: tuple[int, int] = POWERS
) -> list[dict]:
    """Median error over degree as a line and the middle half of the training sets as a band.

    Args:
        train: (num_sets, degrees) mean squared errors.
        test: (num_sets, degrees).
        floor: the variance of the noise.
        powers: ends of the error axis as powers of ten.
    """
    low, high = (10.0**power for power in powers)
    degrees = range(train.shape[1])
    return [
        _floor(train.shape[1], floor, 1),
        *curve_with_spread(degrees, train.clamp(low, high), "training error", TRAIN_COLOR),
        *curve_with_spread(degrees, test.clamp(low, high), "test error", TEST_COLOR),
    ]


def drawable(errors: Sequence, powers: tuple[int, int] = POWERS) -> list[float]:
    """`errors` cut at the ends of the error axis: a curve that leaves it runs along its rim."""
    low, high = (10.0**power for power in powers)
    return [min(max(float(error), low), high) for error in errors]


def _floor(num_degrees: int, floor: float, panel: int) -> dict:
    """The noise level as a dashed line; without noise it runs along the rim."""
    level = max(floor, 10.0 ** POWERS[0])
    style = {"dash": "dash"}
    return line(
        [-0.5, num_degrees - 0.5],
        [level, level],
        "noise",
        TRUTH_COLOR,
        width=2,
        panel=panel,
        line=style,
    )
