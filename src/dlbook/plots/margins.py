"""Plots of a street between two classes."""

from torch import Tensor

from dlbook.models.polygons import rectangle
from dlbook.plots.decision_map import class_points
from dlbook.plots.half_planes import border, clipped, polygon
from dlbook.plots.panels import listed
from dlbook.plots.perceptron import ringed
from dlbook.plots.theme import GRAY, GREEN, RED


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
        listed(border(there, -middle, -limit, limit, "middle of the street", GRAY)),
    ]


def touching_points(X: Tensor, y: Tensor, touched: Tensor, name: str) -> list[dict]:
    """All points (n, 2) with labels ±1, and rings around those that the street rests on."""
    return [
        *(dots | {"showlegend": False} for dots in class_points(X, ((y + 1) / 2).long(), size=8)),
        ringed(X, touched, name, RED, size=18),
    ]
