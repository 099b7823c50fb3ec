"""A plane of points lifted into space, drawn in a slanted projection that turns with a slider."""

import math

import numpy as np
from plotly.graph_objects import Figure
from torch import Tensor

from dlbook.plots.color_numbers import see_through
from dlbook.plots.decision_map import CLASS_SYMBOLS, POINT_OUTLINE
from dlbook.plots.theme import CLASS_COLORS, GRAY, GREEN, template

LETTERS_AT = 1.6  # beyond all points: turned by 45°, the corners of the square come to √2
ELEVATION = math.radians(28)  # how far above the plane the reader stands


def project(points: np.ndarray, azimuth: float) -> np.ndarray:
    """Points (..., 3) seen from `azimuth` degrees, somewhat from above: (..., 2)."""
    turn = math.radians(azimuth)
    x, y, z = np.moveaxis(np.asarray(points, dtype=float), -1, 0)
    right = math.cos(turn) * x - math.sin(turn) * y
    away = math.sin(turn) * x + math.cos(turn) * y
    return np.stack([right, math.sin(ELEVATION) * away + math.cos(ELEVATION) * z], axis=-1)


def lifted_plane(
    surface: np.ndarray, cut: np.ndarray, points: Tensor, y: Tensor, azimuth: float
) -> Figure:
    """The lifted sheet as a grid, the flat cut as a frame, and the points on the sheet.

    The letters u and v stand at height 0 beyond the ends of the first two axes.

    Args:
        surface: (m, m, 3) places of the sheet's grid.
        cut: (5, 3) corners of the cutting plane, the first one repeated.
        points: (n, 3).
        y: (n,) labels 0 and 1.
        azimuth: from where one looks, in degrees.
    """
    lines = [_snake(surface), _snake(surface.swapaxes(0, 1))]
    traces = [_path(project(path, azimuth), see_through(GRAY, 0.55), 1) for path in lines]
    frame = _path(project(cut, azimuth), GREEN, 2)
    traces.append(frame | {"fill": "toself", "fillcolor": see_through(GREEN, 0.18)})
    for label in (0, 1):
        x, z = project(points[y == label].numpy(), azimuth).T
        marker = {"size": 9 + label, "color": CLASS_COLORS[label]}
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": x,
                "y": z,
                "marker": marker | {"symbol": CLASS_SYMBOLS[label]} | POINT_OUTLINE,
                "name": f"class {label}",
                "hoverinfo": "skip",
            }
        )
    return Figure([*traces, _letters(azimuth)], _layout())


def _letters(azimuth: float) -> dict:
    x, z = project(LETTERS_AT * np.eye(2, 3), azimuth).T
    return {
        "type": "scatter",
        "mode": "text",
        "x": x,
        "y": z,
        "text": ["<b>u</b>", "<b>v</b>"],
        "textfont": {"color": GREEN, "size": 16},
        "name": "inputs",
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _snake(surface: np.ndarray) -> np.ndarray:
    """All rows of a grid as one path that turns at the border: (m · m, 3)."""
    rows = [row if k % 2 == 0 else row[::-1] for k, row in enumerate(surface)]
    return np.concatenate(rows)


def _path(places: np.ndarray, color: str, width: float) -> dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": places[:, 0],
        "y": places[:, 1],
        "line": {"color": color, "width": width},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _layout() -> dict:
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True, "showticklabels": False}
    return {
        "template": template(),
        "height": 460,
        "xaxis": axis
        | {"range": [-1.75, 1.75], "constrain": "domain", "title": {"text": "seen from the side"}},
        "yaxis": axis
        | {
            "range": [-1.75, 1.75],
            "scaleanchor": "x",
            "constrain": "domain",
            "title": {"text": "seen from above, and height"},
        },
    }
