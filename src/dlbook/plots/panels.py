"""Figures of one panel or two stacked ones, put together from plain dictionaries.

Explorers ask for hundreds of figures: plotly builds one from dictionaries in a fraction of the
time that it takes to add traces and update axes one after the other.
"""

import math
from collections.abc import Sequence

from plotly.graph_objects import Figure
from torch import Tensor

from dlbook.plots.theme import template


def axis(title: str, low: float, high: float, *, log: bool = False, **more) -> dict:
    """A titled axis with a fixed range; on a log axis `low` and `high` are powers of ten."""
    scale = {"type": "log", "dtick": 1, "exponentformat": "power"} if log else {}
    return {"title": {"text": title}, "range": [low, high]} | scale | more


def listed(trace: dict) -> dict:
    """The trace, with a gap if it has no points: plotly would leave it out of the legend."""
    return trace if len(trace["x"]) else trace | {"x": [math.nan], "y": [math.nan]}


def line(x, y, name: str, color: str, *, width=2.5, panel=1, **more) -> dict:
    """A line as a trace of panel 1 (upper) or 2 (lower)."""
    style = {"mode": "lines", "line": {"color": color, "width": width} | more.pop("line", {})}
    points = {"type": "scatter", "x": _plain(x), "y": _plain(y), "name": name}
    return points | style | _on(panel) | more


def dots(x, y, name: str, color, *, size=8, panel=1, **more) -> dict:
    """Markers as a trace of panel 1 (upper) or 2 (lower)."""
    style = {"mode": "markers", "marker": {"color": color, "size": size} | more.pop("marker", {})}
    points = {"type": "scatter", "x": _plain(x), "y": _plain(y), "name": name}
    return points | style | _on(panel) | more


def words(x, y, texts: Sequence[str], position: str, *, panel=1) -> dict:
    """Texts at places, as a trace of panel 1 (upper) or 2 (lower).

    Args:
        position: of each text about its place, e.g. "middle right" or "top center".
    """
    style = {"type": "scatter", "mode": "text", "textposition": position, "hoverinfo": "skip"}
    return style | {"x": _plain(x), "y": _plain(y), "text": list(texts)} | _on(panel)


def one_panel(traces: Sequence[dict], x_axis: dict, y_axis: dict, *, height: int = 380) -> Figure:
    """A figure of one panel."""
    layout = {"template": template(), "height": height, "xaxis": x_axis, "yaxis": y_axis}
    return Figure(data=list(traces), layout=layout)


def two_panels(
    traces: Sequence[dict],
    upper: tuple[dict, dict],
    lower: tuple[dict, dict],
    *,
    height: int = 560,
    upper_share: float = 0.5,
) -> Figure:
    """A figure of two stacked panels, each given by its x axis and its y axis."""
    gap = 90 / height  # room for the upper panel's axis title
    layout = {
        "template": template(),
        "height": height,
        "xaxis": upper[0] | {"anchor": "y"},
        "yaxis": upper[1] | {"domain": [1 - upper_share * (1 - gap), 1]},
        "xaxis2": lower[0] | {"anchor": "y2"},
        "yaxis2": lower[1] | {"anchor": "x2", "domain": [0, (1 - upper_share) * (1 - gap)]},
    }
    return Figure(data=list(traces), layout=layout)


def _plain(values):
    """`values` without torch: plotly converts a tensor in a way that numpy deprecates."""
    return values.numpy() if isinstance(values, Tensor) else values


def _on(panel: int) -> dict:
    return {} if panel == 1 else {"xaxis": f"x{panel}", "yaxis": f"y{panel}"}
