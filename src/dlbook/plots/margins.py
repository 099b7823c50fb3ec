"""Plots of a street between two classes, and of points on the loss that pulls at them."""

import torch
from torch import Tensor

from dlbook.models.polygons import rectangle
from dlbook.plots.decision_map import POINT_OUTLINE, class_points
from dlbook.plots.half_planes import border, clipped, polygon
from dlbook.plots.losses import LOSS_COLORS
from dlbook.plots.panels import dots, line
from dlbook.plots.perceptron import ringed
from dlbook.plots.theme import CLASS_COLORS, GRAY, GREEN, RED


def street(u: Tensor, start: float, end: float, limit: float) -> list[dict]:
    """The strip start < x·u < end of [−limit, limit]² and its middle line; nothing if start > end.

    Args:
        u: unit vector (2,).
    """
    w = u.tolist()
    inside = clipped(rectangle(-limit, limit), w, -start)
    inside = clipped(inside, (-w[0], -w[1]), end) if end > start and inside else []
    middle = (start + end) / 2
    there = w if end > start else (0.0, 0.0)
    return [
        polygon(inside, "street", GREEN, 0.25),
        border(there, -start, -limit, limit, "edge", GREEN, width=1.5, showlegend=False),
        border(there, -end, -limit, limit, "edge", GREEN, width=1.5, showlegend=False),
        border(there, -middle, -limit, limit, "middle of the street", GRAY),
    ]


def touching_points(X: Tensor, y: Tensor, touched: Tensor, name: str) -> list[dict]:
    """All points (n, 2) with labels ±1, and rings around those that the street rests on."""
    return [
        *(dots | {"showlegend": False} for dots in class_points(X, ((y + 1) / 2).long(), size=8)),
        ringed(X, touched, name, RED, size=18),
    ]


def hinge_and_points(curves: dict[str, Tensor], alpha: Tensor, own: Tensor, y: Tensor) -> list:
    """Losses over the margin α (panel 2) with the data sitting on the hinge.

    Args:
        curves: name -> values over "alpha", which is one of the names.
        alpha: y_n s_n of the points, (n,).
        own: their hinge losses, (n,).
        y: labels ±1.
    """
    grid = curves["alpha"]
    traces = [
        line(
            grid,
            curves[name],
            name,
            LOSS_COLORS[name],
            panel=2,
            width=3 if name == "hinge" else 1.5,
            line={"dash": "solid" if name == "hinge" else "dot"},
        )
        for name in ("hinge", "zero-one", "logistic", "perceptron")
    ]
    low, high = float(grid[0]), float(grid[-1])
    shown = alpha.clamp(low, high)
    colors_of_points = [CLASS_COLORS[int(label > 0)] for label in y.tolist()]
    height = torch.where(alpha < low, 1 - low, own)
    points = dots(shown, height, "points", colors_of_points, size=9, panel=2, marker=POINT_OUTLINE)
    return [*traces, points | {"showlegend": False}]
