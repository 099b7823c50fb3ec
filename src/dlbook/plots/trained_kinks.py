"""A curve, the network that learns it, its kinks, and its largest error over the steps."""

import numpy as np
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots import kinks as parts
from dlbook.plots.panels import axis, line, two_panels
from dlbook.plots.theme import BLUE, GREEN


def trained_kinks_figure(x: Tensor) -> Figure:
    """The empty figure, for curves at the places x."""
    unseen = np.full(len(x), np.nan)
    traces = [
        parts.target(x, unseen),
        parts.border(),
        parts.drawn(x, unseen),
        parts.kinks([], []),
        line([], [], "trained", BLUE, panel=2),
        line([], [], "by hand, at most", GREEN, panel=2),
    ]
    return two_panels(
        traces,
        (parts.around_axis(), parts.value_axis()),
        (axis("steps", 0, 5, log=True), axis("largest error on [−π, π]", -3, 1, log=True)),
        height=600,
        upper_share=0.6,
    )
