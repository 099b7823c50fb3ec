"""Plots of what a penalty does to coefficients and to errors."""

from collections.abc import Sequence

from torch import Tensor
from torch.nn.functional import pad

from dlbook.plots.error_curves import curve_with_spread, level
from dlbook.plots.panels import dots
from dlbook.plots.theme import PURPLE, TEST_COLOR, TRAIN_COLOR

NUM_POWERS = 15  # always that many dots: the page then moves them without drawing the axes anew
BELOW_THE_AXIS = 1e-4


def coefficient_sizes(sizes: Tensor) -> list[dict]:
    """Sizes of the coefficients of many fits against their power: all of them, and medians.

    Args:
        sizes: (num_sets, degree + 1) absolute values, drawn on a log axis; degree at most 14.
    """
    sizes = pad(sizes, (0, NUM_POWERS - sizes.shape[1])).clamp(min=BELOW_THE_AXIS)
    num_sets, num_powers = sizes.shape
    x = [d for _ in range(num_sets) for d in range(num_powers)]
    middle = sizes.quantile(0.5, dim=0)
    return [
        dots(x, sizes.flatten(), "coefficients of 20 fits", PURPLE, size=5, opacity=0.4),
        dots(list(range(num_powers)), middle, "their median", PURPLE, size=11),
    ]


def errors_by_penalty(
    penalties: Sequence[float], train: Tensor, test: Tensor, here: int, floor: float, *, panel: int
) -> list[dict]:
    """Training and test error over the penalty, with markers at penalty number `here`.

    Args:
        penalties: (num_penalties,), on a log axis.
        train: (num_sets, num_penalties) mean squared errors.
        test: (num_sets, num_penalties).
        here: index of the present penalty.
        floor: the variance of the noise.
        panel: 1 or 2.
    """
    ends = (penalties[0] / 10, penalties[-1] * 10)
    traces = [level(floor, ends, "noise", dash="dash", panel=panel)]
    for name, color, errors in (
        ("training error", TRAIN_COLOR, train),
        ("test error", TEST_COLOR, test),
    ):
        shown = errors.clamp(1e-3, 100)
        exponents = [float(p) for p in penalties]
        traces += curve_with_spread(exponents, shown, name, color, panel=panel)
        now = shown[:, here].quantile(0.5).reshape(1)
        marker = dots([penalties[here]], now, name, color, size=13, panel=panel)
        traces.append(marker | {"showlegend": False})
    return traces
