"""Plots of losses of classification: curves over the margin, points on a line, probabilities."""

from collections.abc import Mapping, Sequence

import numpy as np

from dlbook.plots.panels import dots, line
from dlbook.plots.theme import BLUE, CLASS_COLORS, GRAY, GREEN, ORANGE, PURPLE

LOSS_COLORS = {
    "zero-one": GRAY,
    "perceptron": BLUE,
    "hinge": GREEN,
    "logistic": PURPLE,
    "squared": ORANGE,
}


def curves_with_markers(x, curves: Mapping[str, np.ndarray], here: int, *, panel: int) -> list:
    """One line a loss, and a marker on each at x[here]; panel 1 carries the legend."""
    traces = []
    for name, y in curves.items():
        color = LOSS_COLORS[name]
        traces.append(line(x, y, name, color, panel=panel, showlegend=panel == 1))
    for name, y in curves.items():
        color = LOSS_COLORS[name]
        marker = dots(x[here : here + 1], y[here : here + 1], "", color, size=10, panel=panel)
        traces.append(marker | {"showlegend": False})
    return traces


def classes_on_a_line(x, y, *, panel: int = 1) -> list[dict]:
    """Points of two classes along one axis, class 0 at height 0 and class 1 at height 1."""
    return [
        dots(x[y == label], y[y == label], f"class {label}", CLASS_COLORS[label], panel=panel)
        for label in (0, 1)
    ]


def class_bars(values: Sequence[float], name: str, color: str, *, panel: int = 1) -> dict:
    """One bar a class."""
    where = {} if panel == 1 else {"xaxis": f"x{panel}", "yaxis": f"y{panel}"}
    names = [f"class {label}" for label in range(len(values))]
    marker = {"color": color}
    return {"type": "bar", "x": names, "y": values, "name": name, "marker": marker} | where
