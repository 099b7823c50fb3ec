"""Photographs in figures: an image as a heat map of colour numbers out of a palette of 256.

A heat map can be repainted in a frame, packs into one byte a pixel, and needs no image file.
"""

import numpy as np
from plotly.graph_objects import Figure
from sklearn.cluster import MiniBatchKMeans

from dlbook.plots.color_numbers import step_scale
from dlbook.plots.theme import template

PALETTE_SIZE = 256
NUM_SAMPLED = 10_000  # pixels that a palette is fitted to


def fit_palette(pixels: np.ndarray) -> np.ndarray:
    """The 256 colours that come closest to `pixels` on average (k-means), dark to bright.

    Args:
        pixels: uint8 (n, 3).

    Returns:
        uint8 (256, 3).
    """
    sample = np.random.default_rng(0).permutation(pixels)[:NUM_SAMPLED]
    clusters = MiniBatchKMeans(PALETTE_SIZE, random_state=0, n_init=1, batch_size=2048)
    colors = clusters.fit(sample.astype(np.float64)).cluster_centers_
    return colors[np.argsort(colors.sum(axis=1))].round().astype(np.uint8)


def color_numbers(image: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """The number of the palette's nearest colour at every pixel.

    Args:
        image: uint8 (3, rows, columns).
        palette: uint8 (256, 3).

    Returns:
        int (rows, columns) with values 0..255.
    """
    pixels = image.reshape(3, -1).T.astype(np.float32)
    colors = palette.astype(np.float32)
    # |p - c|² up to the term |p|², which is the same for all colours c
    distance = (colors**2).sum(axis=1) - 2 * pixels @ colors.T
    return distance.argmin(axis=1).reshape(image.shape[1:])


def picture(numbers: np.ndarray, palette: np.ndarray, *, blank: int | None = None) -> dict:
    """The heat-map trace of an image given as colour numbers; row 0 on top.

    Pixels with the number `blank` are left out: the page shows through.
    """
    rows, columns = numbers.shape
    colors = [f"rgb({r},{g},{b})" for r, g, b in palette.tolist()]
    if blank is not None:
        colors[blank] = "rgba(0,0,0,0)"
    return {
        "type": "heatmap",
        "z": numbers,
        "x": np.arange(columns),
        "y": np.arange(rows),
        "zmin": -0.5,
        "zmax": PALETTE_SIZE - 0.5,
        "colorscale": step_scale(colors),
        "showscale": False,
        "hoverinfo": "skip",
    }


def picture_figure(traces: list[dict], *, rows: int, columns: int, height: int) -> Figure:
    """A figure without axes around a picture of `rows` x `columns` square pixels, row 0 on top."""
    axis = {"visible": False, "fixedrange": True}
    layout = {
        "template": template(),
        "height": height,
        "showlegend": False,
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "xaxis": axis | {"range": [-0.5, columns - 0.5], "constrain": "domain"},
        "yaxis": axis | {"range": [rows - 0.5, -0.5], "scaleanchor": "x", "constrain": "domain"},
    }
    return Figure(traces, layout)


def words(places: list[tuple], color: str | None, size: float = 12) -> dict:
    """A text trace of (x, y, text) places; blank texts keep their place in the count.

    Without a `color` the words have the colour of the page's text.
    """
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, _, _ in places],
        "y": [y for _, y, _ in places],
        "text": [text or " " for _, _, text in places],
        "textfont": {"size": size} | ({"color": color} if color else {}),
        "hoverinfo": "skip",
    }
