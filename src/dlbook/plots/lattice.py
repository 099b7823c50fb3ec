"""A tensor of three axes as a lattice of numbered points, drawn in a slanted projection."""

from collections.abc import Sequence

import numpy as np
from plotly.graph_objects import Figure

from dlbook.plots.color_numbers import ramp
from dlbook.plots.theme import GRAY, template

SLANT = (0.5, 0.5)  # how far one step along axis 0 goes to the right and up, in cells
HUES = 24


def project(index: np.ndarray) -> np.ndarray:
    """Points (n, 3) of index coordinates on the page, (n, 2): axis 2 runs to the right, axis 1
    down, axis 0 slanted into the page."""
    depth, row, column = np.asarray(index, dtype=float).T
    return np.stack([column + SLANT[0] * depth, -row + SLANT[1] * depth], axis=1)


def draw_lattice(
    points: np.ndarray,
    shape: tuple[int, int, int],
    texts: Sequence[str],
    groups: np.ndarray,
    dim: tuple[int, ...],
) -> Figure:
    """The elements of a tensor of that shape at `points` of the page, joined along the axes.

    Args:
        points: (n, 2), in row-major order of the elements.
        texts: n words, written on the points.
        groups: n numbers; points of one group get one colour.
        dim: axes whose joining lines are drawn boldly.
    """
    number = max(int(groups.max()), 1)
    colors = ramp(HUES, 1.0)
    shades = [colors[round(group * (HUES - 1) / number)] for group in groups]
    lines = [_edges(points, shape, axes) for axes in (_others(dim), dim)]
    traces = [_line(lines[0], 1.0, 0.6), _line(lines[1], 4.0, 0.8), *_axes(shape)]
    dots = {
        "type": "scatter",
        "mode": "markers+text",
        "x": points[:, 0],
        "y": points[:, 1],
        "text": list(texts),
        "textfont": {"color": "white", "size": 12},
        "marker": {"size": 27, "color": shades},
        "hoverinfo": "skip",
    }
    return Figure([*traces, dots], _layout(shape))


def _others(dim: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(k for k in range(3) if k not in dim)


def _edges(points: np.ndarray, shape: tuple[int, ...], axes: tuple[int, ...]) -> np.ndarray:
    """All lines of the lattice along `axes`, with a gap after each: (m, 2)."""
    number = np.arange(len(points)).reshape(shape)
    pieces = [np.zeros((0, 2))]
    for axis in axes:
        for line in np.moveaxis(number, axis, -1).reshape(-1, shape[axis]):
            pieces += [points[line], np.full((1, 2), np.nan)]
    return np.concatenate(pieces)


def _line(points: np.ndarray, width: float, opacity: float) -> dict:
    points = points if len(points) else np.zeros((1, 2))
    return {
        "type": "scatter",
        "mode": "lines",
        "x": points[:, 0],
        "y": points[:, 1],
        "line": {"color": GRAY, "width": width},
        "opacity": opacity,
        "hoverinfo": "skip",
    }


def _axes(shape: tuple[int, int, int]) -> list[dict]:
    """The names of the three axes beside the lattice."""
    depth, rows, columns = (size - 1 for size in shape)
    ends = np.array([[0, rows, columns / 2], [0, rows / 2, 0], [depth / 2, 0, 0]])
    shift = np.array([[0, -0.55], [-0.85, 0], [-0.6, 0.3]])
    at = project(ends) + shift
    names = [f"dim 2 →<br>{shape[2]}", f"dim 1 ↓<br>{shape[1]}", f"dim 0 ↗<br>{shape[0]}"]
    return [
        {
            "type": "scatter",
            "mode": "text",
            "x": at[:, 0],
            "y": at[:, 1],
            "text": names,
            "hoverinfo": "skip",
        }
    ]


def _layout(shape: tuple[int, int, int]) -> dict:
    depth, rows, columns = (size - 1 for size in shape)
    axis = {"visible": False, "fixedrange": True}
    return {
        "template": template(),
        "height": 400,
        "showlegend": False,
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "xaxis": axis | {"range": [-1.4, columns + SLANT[0] * depth + 0.4]},
        "yaxis": axis | {"range": [-rows - 0.9, SLANT[1] * depth + 0.4]},
    }
