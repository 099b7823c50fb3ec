"""The same runs against two clocks: passes through the data, and learning rate times updates."""

from collections.abc import Sequence

import numpy as np

from dlbook.plots import Figure
from dlbook.plots.color_numbers import see_through
from dlbook.plots.panels import axis, line, two_panels
from dlbook.plots.theme import GRAY, TEST_COLOR

ERROR_RANGE = (-1.75, 0.0)  # powers of ten
EPOCHS, TRAVELLED = (-2.0, 1.15), (-2.6, 2.6)

Run = tuple[tuple[np.ndarray, np.ndarray], np.ndarray]  # (epochs, lr · updates), errors


def two_clocks(others: Sequence[Run], chosen: tuple) -> Figure:
    """All runs in gray, one of them marked with the band of its seeds.

    Args:
        others: a curve each.
        chosen: its two clocks, median, lowest and highest error.
    """
    clocks, median, low, high = chosen
    traces = []
    for panel in (1, 2):
        gap = np.array([np.nan])
        x = np.concatenate([np.append(run[0][panel - 1], gap) for run in others])
        y = np.concatenate([np.append(run[1], gap) for run in others])
        legend = {"showlegend": panel == 1}
        traces.append(line(x, y, "all 15 settings", GRAY, width=1, panel=panel, **legend))
        clock = clocks[panel - 1]
        there_and_back = np.concatenate([clock, clock[::-1]])
        band = np.concatenate([high, low[::-1]])
        traces.append(
            line(there_and_back, band, "its seeds", TEST_COLOR, width=0, panel=panel, fill="toself",
                 fillcolor=see_through(TEST_COLOR, 0.3), **legend)
        )  # fmt: skip
        traces.append(
            line(clock, median, "this setting", TEST_COLOR, width=3, panel=panel, **legend)
        )
    ticks = {"tickvals": [0.02, 0.05, 0.1, 0.2, 0.5, 1], "dtick": None}
    errors = axis("test error", *ERROR_RANGE, log=True, **ticks)
    return two_panels(
        traces,
        (axis("epochs (passes through the images)", *EPOCHS, log=True), errors),
        (axis("learning rate × updates", *TRAVELLED, log=True), errors),
        height=620,
    )
