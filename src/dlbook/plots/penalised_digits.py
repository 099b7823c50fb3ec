"""Plots of a digit classifier's weights as ten small images, and of what a penalty costs it."""

from collections.abc import Sequence

import torch
from plotly.graph_objects import Figure
from torch import Tensor

from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import BLUE, GREEN, ORANGE, TEST_COLOR

SIDE = 8  # pixels of an image
COLUMNS, ROWS = 4, 3
ACROSS, DOWN = SIDE + 2, SIDE + 3  # pixels from one image to the next; its digit stands above it
CANVAS = (ROWS * DOWN, COLUMNS * ACROSS - 2)  # rows, columns
LIMIT = 2.5  # colours saturate at this weight
GAP = -1.1 * LIMIT  # stands between the images and has no colour
NO_COLOR = "rgba(0,0,0,0)"
SCALE = [
    [0, NO_COLOR],
    [0.04, NO_COLOR],
    [0.04, BLUE],
    [0.524, "rgba(128,132,135,0.2)"],
    [1, ORANGE],
]


def weight_images(weights: Tensor) -> list[dict]:
    """The weights of ten classes as images: blue speaks against the class, orange for it.

    Args:
        weights: (10, 64), one row a class.
    """
    canvas = torch.full(CANVAS, GAP)
    names = {"x": [], "y": [], "text": []}
    for digit, image in enumerate(weights.reshape(10, SIDE, SIDE)):
        row, column = (digit // COLUMNS + 1) * DOWN - SIDE, digit % COLUMNS * ACROSS
        canvas[row : row + SIDE, column : column + SIDE] = image.clamp(-LIMIT, LIMIT)
        names["x"].append(column + (SIDE - 1) / 2)
        names["y"].append(len(canvas) - row + 0.8)  # in the middle of the gap above the image
        names["text"].append(str(digit))
    style = {"zmin": GAP, "zmax": LIMIT, "colorscale": SCALE, "showscale": False}
    images = {"type": "heatmap", "z": canvas.flip(0).numpy(), "name": "weights", **style}
    return [images, {"type": "scatter", "mode": "text", "showlegend": False, **names}]


def accuracy_by_penalty(
    strengths: Sequence[float], accuracy: Sequence, used: Sequence, here: int, *, panel: int
) -> list[dict]:
    """Test accuracy and share of weights in use over λ, with markers at strength number `here`."""
    traces = []
    for name, color, values in (
        ("test accuracy", TEST_COLOR, accuracy),
        ("weights not zero", GREEN, used),
    ):
        traces.append(line(list(strengths), list(values), name, color, panel=panel))
        marker = dots([strengths[here]], [values[here]], name, color, size=13, panel=panel)
        traces.append(marker | {"showlegend": False})
    return traces


def with_axes(traces: Sequence[dict]) -> Figure:
    """The images (panel 1) above the curves (panel 2)."""
    bare = {"visible": False, "constrain": "domain"}
    upper = (
        axis("pixel column", -0.5, CANVAS[1] - 0.5, **bare),
        axis("pixel row", -0.5, CANVAS[0] - 0.5, **bare, scaleanchor="x"),
    )
    lower = (axis("penalty λ", -5.2, -0.8, log=True), axis("share", -0.03, 1.03))
    return two_panels(traces, upper, lower, height=640, upper_share=0.55)
