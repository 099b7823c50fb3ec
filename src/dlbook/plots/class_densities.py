"""Two classes along one axis: their weighted densities, samples, errors and posterior."""

import numpy as np

from dlbook.plots.decision_map import POINT_OUTLINE
from dlbook.plots.panels import dots, line
from dlbook.plots.theme import CLASS_COLORS, GRAY, PURPLE, RED

RUG_STEP = 0.0022  # height of one sample of the rug, in the unit of the density axis
NO_LEGEND = {"showlegend": False}
SHADES = ("rgba(43,131,186,0.4)", "rgba(208,106,0,0.4)")  # the class colours, translucent


def weighted_density(x, density, label: int, name: str) -> dict:
    """P(y) p(x | y) of one class as a line."""
    return line(x, density, name, CLASS_COLORS[label])


def error_area(x, density, label: int, name: str) -> dict:
    """The part of a class that falls on the wrong side, filled; `density` is 0 elsewhere."""
    style = {"fill": "tozeroy", "fillcolor": SHADES[label], "line": {"width": 0}}
    return {"type": "scatter", "mode": "lines", "x": x, "y": density, "name": name} | style


def rug(samples, label: int, name: str, *, base: float) -> dict:
    """The samples of one class below the axis, equal ones piled up (downwards)."""
    samples = np.sort(samples)
    rank = np.arange(len(samples)) - np.searchsorted(samples, samples)
    symbol = ("circle", "diamond")[label]
    marker = {"symbol": symbol} | POINT_OUTLINE
    return dots(samples, base - RUG_STEP * rank, name, CLASS_COLORS[label], marker=marker)


def crosses(x, y) -> dict:
    """Crosses on the samples that a rule gets wrong."""
    marker = {"symbol": "x-thin", "line": {"width": 2.5, "color": RED}}
    return dots(x, y, "wrong", RED, size=11, marker=marker)


def cut(x: float, low: float, high: float, *, panel: int = 1, name: str = "cut") -> dict:
    """A vertical line at `x`."""
    style = {"line": {"dash": "dash"}} | NO_LEGEND
    return line([x, x], [low, high], name, GRAY, width=2, panel=panel, **style)


def posterior_curve(x, probability, name: str, *, panel: int = 2) -> dict:
    """P(class 1 | x) as a line."""
    return line(x, probability, name, PURPLE, panel=panel)
