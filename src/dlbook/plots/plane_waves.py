"""Three maps of heights side by side, and four errors as bars below."""

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.panels import axis, words
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, template

CELLS = 60  # a side of each map
GAP = 4  # cells between two maps
TITLES = ("landscape ψ", "its waves", "network")  # short: a phone has 110 pixels for each
ERRORS = ("waves left out, δ", "kinks for sines, ε Σ|γ|", "both, at most", "measured")
HEIGHTS = 1.1  # the colours go from −HEIGHTS to HEIGHTS
BANDS = 22
ENDS = (-4.0, 0.5)  # of the axis of errors, powers of ten


def three_maps(maps: Sequence[Tensor], errors: Sequence[float]) -> Figure:
    """The figure.

    Args:
        maps: three times heights (CELLS²,), x2 along the rows.
        errors: four.
    """
    square = {"showgrid": False, "zeroline": False, "visible": False, "fixedrange": True}
    width = 3 * CELLS + 2 * GAP
    layout = {
        "template": template(),
        "height": 520,
        "showlegend": False,
        "margin": {"l": 12, "r": 12, "t": 12, "b": 46},
        "xaxis": square | {"range": [-0.5, width - 0.5], "domain": [0, 1], "anchor": "y"},
        "yaxis": square | {"range": [-0.5, CELLS + 7], "domain": [0.44, 1]},
        "xaxis2": axis("largest error", *ENDS, log=True, anchor="y2"),
        "yaxis2": axis("", 3.5, -0.9, anchor="x2", domain=[0, 0.38], showticklabels=False),
    }
    return Figure([_maps(maps, width), _titles(), *_bars(errors)], layout)


def _maps(maps: Sequence[Tensor], width: int) -> dict:
    z = np.full((CELLS, width), np.nan)
    for number, heights in enumerate(maps):
        left = number * (CELLS + GAP)
        bands = (heights.reshape(CELLS, CELLS) / HEIGHTS * BANDS / 2).round() * 2 / BANDS
        z[:, left : left + CELLS] = bands.numpy() * HEIGHTS
    return {
        "type": "heatmap",
        "z": z,
        "zmin": -HEIGHTS,
        "zmax": HEIGHTS,
        "colorscale": [[0, "#2b83ba"], [0.5, "rgba(128,132,135,0.1)"], [1, "#d06a00"]],
        "showscale": False,
        "hoverinfo": "skip",
    }


def _titles() -> dict:
    places = [number * (CELLS + GAP) + CELLS / 2 for number in range(3)]
    return words(places, [CELLS] * 3, TITLES, "top center")


def _bars(errors: Sequence[float]) -> list[dict]:
    """The errors, each under its words: beside them a phone has no room."""
    rows = np.arange(len(ERRORS))
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": list(errors),
        "y": rows,
        "width": 0.4,
        "marker": {"color": [ORANGE, BLUE, GRAY, GREEN]},
        "xaxis": "x2",
        "yaxis": "y2",
        "hoverinfo": "skip",
    }
    return [bars, words([10 ** ENDS[0]] * len(rows), rows - 0.42, ERRORS, "middle right", panel=2)]
