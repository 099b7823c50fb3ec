"""Plots of a digit classifier's weights as ten small images, and of what a penalty costs it."""

from collections.abc import Sequence

import torch
from plotly.graph_objects import Figure
from torch import Tensor

from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import BLUE, GREEN, ORANGE, TEST_COLOR

TILE = 9  # a row or column of pixels between two images
LIMIT = 2.5  # colours saturate at this weight
SCALE = [[0.0, BLUE], [0.5, "rgba(128,132,135,0.08)"], [1.0, ORANGE]]


def weight_images(weights: Tensor) -> dict:
    """The weights of ten classes as 2×5 images: blue speaks against the class, orange for it.

    Args:
        weights: (10, 64), one row a class.
    """
    canvas = torch.zeros(2 * TILE - 1, 5 * TILE - 1)
    for digit, image in enumerate(weights.reshape(10, 8, 8)):
        row, column = divmod(digit, 5)
        canvas[row * TILE : row * TILE + 8, column * TILE : column * TILE + 8] = image
    style = {"zmin": -LIMIT, "zmax": LIMIT, "colorscale": SCALE, "showscale": False}
    return {"type": "heatmap", "z": canvas.clamp(-LIMIT, LIMIT).flip(0), "name": "weights"} | style


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
    no_ticks = {"showticklabels": False, "ticks": "", "showgrid": False, "zeroline": False}
    upper = (
        axis("pixel column, digits 0–4 above, 5–9 below", -0.5, 5 * TILE - 1.5, **no_ticks),
        axis("pixel row", -0.5, 2 * TILE - 1.5, **no_ticks),
    )
    lower = (axis("penalty λ", -5.2, -0.8, log=True), axis("share", -0.03, 1.03))
    return two_panels(traces, upper, lower, upper_share=0.5)
