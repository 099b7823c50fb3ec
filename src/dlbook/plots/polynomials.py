"""Plots of curves fitted to points, and of training and test error against degree."""

from collections.abc import Sequence

from dlbook.plots.panels import axis, dots, line
from dlbook.plots.theme import PURPLE, TEST_COLOR, TRAIN_COLOR, TRUTH_COLOR

ERROR_POWERS = (-3.0, 2.0)  # powers of ten of the mean squared errors that are drawn
CURVE_LIMIT = 6.0  # curves are cut there, far outside the axis, which keeps a page's data small


def error_axis() -> dict:
    """The log axis of all mean squared errors of polynomial fits."""
    return axis("mean squared error", *ERROR_POWERS, log=True)


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


def errors_by_degree(train: Sequence, test: Sequence, degree: int, *, panel: int = 1) -> list[dict]:
    """Training and test error over degree, with a marker at the present degree."""
    traces = []
    for name, color, errors in (
        ("training error", TRAIN_COLOR, train),
        ("test error", TEST_COLOR, test),
    ):
        shown = drawable(errors)
        traces.append(line(list(range(len(shown))), shown, name, color, panel=panel))
        here = dots([degree], shown[degree : degree + 1], "", color, size=13, panel=panel)
        traces.append(here | {"showlegend": False})
    return traces


def drawable(errors: Sequence) -> list[float]:
    """`errors` cut at the ends of the error axis: an arrow of values beyond it stays at its rim."""
    low, high = (10.0**power for power in ERROR_POWERS)
    return [min(max(float(error), low), high) for error in errors]
