"""Four square maps of heights, and four errors as bars below."""

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.panels import axis, words
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, template

CELLS = 60  # a side of each map
GAP, ROOM = 4, 9  # cells between two maps; above each of them, for its title
TITLES = ("landscape ψ", "its waves", "network", "network − ψ")
CORNERS = [(column * (CELLS + GAP), row * (CELLS + ROOM)) for row in (1, 0) for column in (0, 1)]
ERRORS = ("waves left out, δ", "kinks for sines, ε Σ|γ|", "both, at most", "measured")
HEIGHTS = 1.1  # the colours go from −HEIGHTS to HEIGHTS
BANDS = 22
MAPS, BARS = (0.375, 1.0), (0.0, 0.34)  # shares of the height
ENDS = (-4.0, 0.5)  # of the axis of errors, powers of ten


def four_maps(maps: Sequence[Tensor], errors: Sequence[float]) -> Figure:
    """The figure.

    Args:
        maps: those of `TITLES`, heights (CELLS²,) each, x2 along the rows.
        errors: four.
    """
    square = {"visible": False, "fixedrange": True, "constrain": "domain"}
    across, up = [-0.5, 2 * CELLS + GAP - 0.5], [-0.5, 2 * (CELLS + ROOM) - 0.5]
    layout = {
        "template": template(),
        "height": 620,
        "showlegend": False,
        "margin": {"l": 12, "r": 12, "t": 12, "b": 46},
        "xaxis": square | {"range": across, "anchor": "y"},
        "yaxis": square | {"range": up, "domain": MAPS, "scaleanchor": "x"},
        "xaxis2": axis("largest error", *ENDS, log=True, anchor="y2"),
        "yaxis2": axis("", 3.5, -0.9, anchor="x2", domain=BARS, showticklabels=False),
    }
    pictures = [_map(*pair) for pair in zip(maps, CORNERS, strict=True)]
    return Figure([*pictures, _titles(), *_bars(errors)], layout)


def _map(heights: Tensor, corner: tuple[int, int]) -> dict:
    bands = (heights.reshape(CELLS, CELLS) / HEIGHTS * BANDS / 2).round() * 2 / BANDS
    return {
        "type": "heatmap",
        "x": np.arange(CELLS) + corner[0],
        "y": np.arange(CELLS) + corner[1],
        "z": bands.numpy() * HEIGHTS,
        "zmin": -HEIGHTS,
        "zmax": HEIGHTS,
        "colorscale": [[0, "#2b83ba"], [0.5, "rgba(128,132,135,0.1)"], [1, "#d06a00"]],
        "showscale": False,
        "hoverinfo": "skip",
    }


def _titles() -> dict:
    x, y = [left + CELLS / 2 for left, _ in CORNERS], [low + CELLS for _, low in CORNERS]
    return words(x, y, TITLES, "top center")


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
