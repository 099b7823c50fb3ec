"""Plots of a loss over the two parameters of a line: contours, a position, a path."""

from collections.abc import Sequence

import numpy as np

from dlbook.plots.panels import dots, line
from dlbook.plots.theme import RED

# The lower, the darker; translucent, so that the page's own background shows through.
DEPTH_SCALE = [[0.0, "rgba(184,104,156,0.8)"], [0.5, "rgba(128,132,135,0.4)"],
               [1.0, "rgba(128,132,135,0.02)"]]  # fmt: skip

SHADES = [[0.0, "rgba(92,40,140,1)"], [0.2, "rgba(110,60,160,0.8)"],
          [0.5, "rgba(125,75,175,0.4)"], [1.0, "rgba(125,75,175,0.03)"]]  # fmt: skip


def contours(x, y, z, name: str, *, start: float, end: float, size: float, panel: int = 1) -> dict:
    """Shaded contours of z, shape (len(y), len(x)), at the levels start, start + size, ..., end."""
    where = {} if panel == 1 else {"xaxis": f"x{panel}", "yaxis": f"y{panel}"}
    return {
        "type": "contour",
        "x": x,
        "y": y,
        "z": z,
        "name": name,
        "autocontour": False,
        "contours": {"coloring": "heatmap", "start": start, "end": end, "size": size},
        "colorscale": DEPTH_SCALE,
        "line": {"width": 0.8, "color": "rgba(128,132,135,0.7)"},
        "showscale": False,
        "showlegend": False,
        "hoverinfo": "skip",
    } | where


def shaded(x, y, z) -> dict:
    """z in [0, 1], shape (len(y), len(x)), the lower the darker: a picture without contours.

    A page paints it in a moment, where contours take plotly a redraw.
    """
    return {
        "type": "heatmap",
        "x": x,
        "y": y,
        "z": z,
        "zmin": 0,
        "zmax": 1,
        "colorscale": SHADES,
        "showscale": False,
        "hoverinfo": "skip",
    }


def position(x: float, y: float, name: str, *, panel: int = 1, **more) -> dict:
    """One point of the landscape."""
    return dots([x], [y], name, RED, size=12, panel=panel, **more)


def path(x, y, name: str, *, dotted: bool = True) -> dict:
    """The positions of a search, one after the other; with a dot at each of them if `dotted`."""
    style = {"mode": "lines+markers", "marker": {"size": 4}} if dotted else {}
    return line(x, y, name, RED, width=1.5, **style)


def held_at_the_end(values: Sequence[float], length: int) -> np.ndarray:
    """`values` with the last one repeated up to `length`.

    A page moves dots without a redraw only while their number stays the same.
    """
    missing = length - len(values)
    return np.pad(np.asarray(values, dtype=float), (0, missing), mode="edge")
