"""A query point among training points: its neighbours, its answer and the tally."""

import torch
from torch import Tensor

from dlbook.plots.decision_map import class_points
from dlbook.plots.panels import dots, line
from dlbook.plots.theme import CLASS_COLORS, GRAY, GREEN

POINT_SIZE = 7
OUT_OF_SIGHT = -9.0


def links(query: Tensor, neighbors: Tensor) -> dict:
    """Lines from the query (2,) to each of its neighbours (k, 2), as one line there and back."""
    path = torch.stack([query.expand_as(neighbors), neighbors], dim=1).reshape(-1, 2)
    return line(*path.numpy().T, "links", GRAY, width=1.5, showlegend=False)


def voters(X: Tensor, y: Tensor) -> list[dict]:
    """The neighbours, points (k, 2) of labels (k,), above all others and in a ring each."""
    ring = {"symbol": "circle-open", "line": {"width": 2}}
    points = class_points(X, y, size=POINT_SIZE, slots=len(X), parking=OUT_OF_SIGHT)
    return [
        *(trace | {"showlegend": False} for trace in points),
        dots(*X.numpy().T, "voters", GREEN, size=14, marker=ring),
    ]


def query_point(query: Tensor, answer: int) -> dict:
    """The query as a star in the colour of its answer."""
    marker = {"symbol": "star", "line": {"width": 1.5, "color": "rgba(255,255,255,0.9)"}}
    # Not in the legend, where it would show one class's colour whatever the answer.
    more = {"marker": marker, "showlegend": False}
    return dots(*query[:, None].numpy(), "star", [CLASS_COLORS[answer]], size=13, **more)


def tally(zeros: int, ones: int, *, x: float = -1.55, y: float = 1.28) -> dict:
    """The votes in words, at the upper left."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x],
        "y": [y],
        "text": [f"votes {zeros} : {ones}"],
        "textposition": "middle right",
        "textfont": {"size": 17},
        "name": "votes",
        "showlegend": False,
    }
