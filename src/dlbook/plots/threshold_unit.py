"""Plots of a threshold unit: the corners of the square of its inputs, its weights as a point."""

from torch import Tensor

from dlbook.plots.decision_map import CLASS_SYMBOLS, POINT_OUTLINE
from dlbook.plots.panels import dots
from dlbook.plots.pictures import words
from dlbook.plots.theme import CLASS_COLORS, RED

OUT_OF_SIGHT = 9.0  # where the markers wait that a class has no use for


def corner_points(X: Tensor, y: Tensor, *, size: float = 22) -> list[dict]:
    """Four points (4, 2) with answers (4,), a trace for each answer, in the colours of classes."""
    traces = []
    for label in (0, 1):
        x1, x2 = (column.double().where(y == label, OUT_OF_SIGHT) for column in X.T)
        marker = {"symbol": CLASS_SYMBOLS[label]} | POINT_OUTLINE
        traces.append(
            dots(x1, x2, f"{label}", CLASS_COLORS[label], size=size + 2 * label, marker=marker)
            | {"showlegend": False}
        )
    return traces


def corner_words(X: Tensor) -> dict:
    """The four inputs 00, 01, 10, 11 written beside their points X (4, 2), outside the square."""
    places = [
        (x1 + (0.2 if x1 > 0.5 else -0.2), x2, name)
        for (x1, x2), name in zip(X.tolist(), ("00", "01", "10", "11"), strict=True)
    ]
    return words(places, None, 14) | {"showlegend": False}


def weight_point(w1: float, w2: float) -> dict:
    """The unit as a point in the plane of weights (panel 2)."""
    return dots([w1], [w2], "here", RED, size=9, panel=2, marker=POINT_OUTLINE, showlegend=False)
