"""Plots of basins of attraction: a map in one colour a minimum, height lines, named minima."""

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from dlbook.plots.color_numbers import see_through
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, PURPLE

BASIN_COLORS = (BLUE, ORANGE, GREEN, PURPLE)
LINE_COLOR = "rgba(128,132,135,0.7)"


def basin_map(centers: Tensor, ends: np.ndarray, num_minima: int) -> dict:
    """A heat map of numbers 0, 1, ...: the minimum reached; `num_minima` itself stands for none."""
    colors = [see_through(c, 0.45) for c in BASIN_COLORS[:num_minima]] + [see_through(GRAY, 0.12)]
    steps = [(k / len(colors), (k + 1) / len(colors)) for k in range(len(colors))]
    scale = [[edge, c] for c, ends_of in zip(colors, steps, strict=True) for edge in ends_of]
    return {
        "type": "heatmap",
        "x": centers.numpy(),
        "y": centers.numpy(),
        "z": ends.astype(np.float32),
        "zmin": -0.5,
        "zmax": num_minima + 0.5,
        "colorscale": scale,
        "showscale": False,
        "hoverinfo": "skip",
    }


def height_lines(centers: Tensor, heights: np.ndarray) -> dict:
    """Thin lines of equal height, without colour between them."""
    return {
        "type": "contour",
        "x": centers.numpy(),
        "y": centers.numpy(),
        "z": heights,
        "autocontour": False,
        "contours": {"coloring": "none", "start": 1.5, "end": 16.5, "size": 3},
        "line": {"width": 0.8, "color": LINE_COLOR},
        "showscale": False,
        "showlegend": False,
        "hoverinfo": "skip",
    }


def minimum_marks(places: Sequence[tuple[float, float]], names: Sequence[str]) -> dict:
    """A star with its name at every minimum."""
    x, y = np.array(places).T
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": x,
        "y": y,
        "text": list(names),
        "textposition": "top right",
        "textfont": {"size": 16},
        "marker": {"symbol": "star", "size": 12, "color": GRAY},
        "name": "minima",
        "showlegend": False,
        "hoverinfo": "skip",
    }
