"""A bent grid with two classes on it and the line that parts them."""

from plotly.graph_objects import Figure
from torch import Tensor

from dlbook.plots.color_numbers import see_through
from dlbook.plots.decision_map import POINT_OUTLINE
from dlbook.plots.theme import CLASS_COLORS, GRAY, GREEN, template

LIMIT = 2.8  # of the axes


def draw_plane(grid: Tensor, points: Tensor, y: Tensor, curves: Tensor, cut: Tensor) -> Figure:
    """The picture of one layer.

    Args:
        grid: (2, k, 2), the horizontal and the vertical lines as one path each.
        points: (n, 2).
        y: (n,) in {0, 1}.
        curves: (2, m, 2), the curve on which the points of each class lie.
        cut: (j, 2), where the decision changes.
    """
    traces = [_path(lines, see_through(GRAY, 0.55), 1) for lines in grid]
    traces += [_path(curve, see_through(CLASS_COLORS[k], 0.5), 3) for k, curve in enumerate(curves)]
    traces.append(_path(cut, GREEN, 3) | {"name": "cut", "showlegend": True})
    traces += [_points(points[y == k], k) for k in range(2)]
    return Figure(traces, _layout())


def _path(places: Tensor, color: str, width: float) -> dict:
    x, y = places.T.numpy()
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": color, "width": width},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _points(places: Tensor, label: int) -> dict:
    x, y = places.T.numpy()
    marker = {
        "size": 8,
        "color": CLASS_COLORS[label],
        "symbol": ("circle", "diamond")[label],
    } | POINT_OUTLINE
    return {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": y,
        "marker": marker,
        "name": f"class {label}",
        "hoverinfo": "skip",
    }


def _layout() -> dict:
    axis = {"range": [-LIMIT, LIMIT], "showgrid": False, "zeroline": False, "fixedrange": True}
    return {
        "template": template(),
        "height": 440,
        "xaxis": axis | {"title": {"text": "first number"}, "constrain": "domain"},
        "yaxis": axis
        | {"title": {"text": "second number"}, "scaleanchor": "x", "constrain": "domain"},
    }
