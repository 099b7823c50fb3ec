"""Plots of perceptrons: rings around points, weights as images."""

from torch import Tensor

from dlbook.plots.panels import axis, dots
from dlbook.plots.theme import BLUE, ORANGE

OUT_OF_SIGHT = 99.0
WEIGHT_SCALE = [[0, BLUE], [0.5, "rgba(128,132,135,0.12)"], [1, ORANGE]]


def ringed(X: Tensor, chosen: Tensor, name: str, color: str, *, size: float) -> dict:
    """Open circles around the chosen (n,) of the points (n, 2); the others wait out of sight."""
    places = X.clone()
    places[~chosen] = OUT_OF_SIGHT
    marker = {"symbol": "circle-open", "line": {"width": 2.5}}
    return dots(places[:, 0], places[:, 1], name, color, size=size, marker=marker)


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
