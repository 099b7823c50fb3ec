"""Plots of oriented gradients: stars of strokes on an image, and histograms of orientation."""

import math

import numpy as np
from torch import Tensor

from dlbook.plots.panels import line
from dlbook.plots.theme import GREEN, ORANGE, PURPLE

NUM_GREYS = 40  # more are not told apart, and a page has to load them
GREYS = [[0, "#101418"], [1, "#f4f4f2"]]


def grey_image(image: Tensor, *, name: str = "image") -> dict:
    """An image (rows, columns) with values 0 to 1, row 0 on top."""
    rows, columns = image.shape
    return {
        "type": "heatmap",
        "z": (image * (NUM_GREYS - 1)).round().numpy() / (NUM_GREYS - 1),
        "x": np.arange(columns),
        "y": np.arange(rows),
        "zmin": 0,
        "zmax": 1,
        "colorscale": GREYS,
        "showscale": False,
        "hoverinfo": "skip",
        "name": name,
    }


def stars(histograms: Tensor, cell: int, *, largest: float) -> dict:
    """One stroke a bin in the middle of every cell, along the edge, as long as the bin is full.

    Args:
        histograms: (down, across, bins).
        cell: pixels a side.
        largest: the mass that fills half a cell; longer strokes are cut there.
    """
    down, across, num_bins = histograms.shape
    reach = 0.5 * cell * (histograms / largest).clamp(max=1).numpy()
    angles = np.arange(num_bins) * math.pi / num_bins + math.pi / 2  # along the edge
    dx, dy = np.cos(angles) * reach, -np.sin(angles) * reach  # rows count downwards
    middle_x = (np.arange(across)[None, :, None] + 0.5) * cell - 0.5
    middle_y = (np.arange(down)[:, None, None] + 0.5) * cell - 0.5
    # a path leads through the middle from stroke to stroke; between cells it has a gap
    x = np.stack([middle_x + 0 * dx, middle_x - dx, middle_x + dx], axis=-1)
    y = np.stack([middle_y + 0 * dy, middle_y - dy, middle_y + dy], axis=-1)
    return line(*_paths(x, y), "edges", ORANGE, width=2, showlegend=False, hoverinfo="skip")


def _paths(x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """The cells' paths (down, across, bins, 3) one after the other, to a tenth of a pixel."""
    paths = []
    for part in (x, y):
        cells = part.reshape(-1, part.shape[-2] * part.shape[-1]).round(1)
        gap = np.full((len(cells), 1), np.nan)
        paths.append(np.hstack([cells, cells[:, :1], gap]).ravel())
    return paths


def orientation_bars(histogram: Tensor, name: str, color: str = PURPLE, **more) -> dict:
    """The share of each orientation's bin (bins,) as bars in panel 2."""
    centers = np.arange(len(histogram)) * 180 / len(histogram)
    return {
        "type": "bar",
        "x": centers,
        "y": histogram.numpy(),
        "name": name,
        "marker": {"color": color},
        "xaxis": "x2",
        "yaxis": "y2",
        **more,
    }


def outline(row: int, column: int, size: int, color: str = GREEN) -> dict:
    """A square frame around a cell or a block."""
    left, top = column - 0.5, row - 0.5
    x = [left, left + size, left + size, left, left]
    y = [top, top, top + size, top + size, top]
    return line(x, y, "frame", color, width=2, showlegend=False)
