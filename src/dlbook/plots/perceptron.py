"""Plots of a perceptron's run: the arrow that turns, the wedge of the proof, weights as images."""

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from dlbook.plots.half_planes import arrow, border, sides
from dlbook.plots.panels import axis, dots, line
from dlbook.plots.pictures import words
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, PURPLE, RED

OUT_OF_SIGHT = 99.0
ARROW_SCALE = 0.5  # the weights outgrow the points: arrows are drawn at half their length
WEIGHT_SCALE = [[0, BLUE], [0.5, "rgba(128,132,135,0.12)"], [1, ORANGE]]


def turning_arrow(before: Tensor, after: Tensor, limit: float) -> list[dict]:
    """The weights before an update (2,), what was added, and the weights after it, with their line.

    Args:
        before, after: (2,); equal where there was no update.
        limit: half the side of the picture.
    """
    size = 2 * limit
    old, new = (tuple((ARROW_SCALE * w).tolist()) for w in (before, after))
    return [
        *sides(new, 0.0, -limit, limit),
        border(new, 0.0, -limit, limit, "line", showlegend=False),
        arrow((0.0, 0.0), old, "w before", GRAY, size=size, width=2.5),
        arrow(old, new, "± mistake", RED, size=size, width=2.5),
        arrow((0.0, 0.0), new, "w", GREEN, size=size, width=4),
    ]


def ringed(X: Tensor, chosen: Tensor, name: str, color: str, *, size: float) -> dict:
    """Open circles around the chosen (n,) of the points (n, 2); the others wait out of sight."""
    places = X.clone()
    places[~chosen] = OUT_OF_SIGHT
    marker = {"symbol": "circle-open", "line": {"width": 2.5}}
    return dots(places[:, 0], places[:, 1], name, color, size=size, marker=marker)


def wedge(lower_slope: float, upper_slope: float, last: float, *, panel: int) -> list[dict]:
    """The two lines k γ/2 and R √k on log axes, up to `last`; they meet at the bound 4R²/γ²."""
    k = np.geomspace(0.5, last, 60)
    meet = (upper_slope / lower_slope) ** 2
    names = [
        (1.6, 2.1 * upper_slope * 1.6**0.5, "R√k"),
        (2.2, 2.2 * lower_slope / 2.4, "kγ/2"),
        (meet, meet * lower_slope / 2.8, "4R²/γ²"),
    ]
    more = {"panel": panel, "line": {"dash": "dot"}, "showlegend": False}
    return [
        line(k, upper_slope * np.sqrt(k), "above", ORANGE, **more),
        line(k, lower_slope * k, "below", BLUE, **more),
        dots([meet], [meet * lower_slope], "end", RED, size=11, panel=panel, showlegend=False),
        words(names, None, 13) | {"xaxis": f"x{panel}", "yaxis": f"y{panel}", "showlegend": False},
    ]


def inside_the_wedge(progress: Sequence, length: Sequence, *, panel: int) -> list[dict]:
    """w·w* and ‖w‖ after updates 1, 2, ..., as lines with a marker at the last."""
    k = np.arange(1, len(progress) + 1)
    traces = []
    for values, name, color in ((length, "‖w‖", GREEN), (progress, "w·w*", PURPLE)):
        traces.append(line(k, values, name, color, width=2, panel=panel))
        here = slice(-1, None)
        marker = dots(k[here], values[here], name, color, size=9, panel=panel)
        traces.append(marker | {"showlegend": False})
    return traces


def weight_image(w: Tensor, limit: float) -> dict:
    """Weights (64,) as an image: orange speaks for the second class, blue for the first."""
    return {
        "type": "heatmap",
        "z": w.reshape(8, 8).flip(0).numpy(),
        "zmin": -limit,
        "zmax": limit,
        "colorscale": WEIGHT_SCALE,
        "showscale": False,
        "hovertemplate": "%{z:.2f}<extra></extra>",
    }


def image_axes(number: str = "") -> tuple[dict, dict]:
    """Axes of an 8×8 image with square pixels."""
    plain = {"showticklabels": False, "ticks": "", "showgrid": False, "zeroline": False}
    x_axis = axis("pixel column", -0.5, 7.5, constrain="domain", **plain)
    one_scale = {"scaleanchor": f"x{number}", "constrain": "domain"}
    return x_axis, axis("pixel row", -0.5, 7.5, **plain, **one_scale)
