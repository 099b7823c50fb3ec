"""Plots of a line among points: the points, the line, what separates them."""

from collections.abc import Sequence

import numpy as np

from dlbook.plots.panels import axis, dots, line
from dlbook.plots.theme import BLUE, ORANGE, TRUTH_COLOR

TILE_WIDTH = 0.09  # years per mmHg: narrow, so that neighbouring tiles hardly overlap


def age_axis(low: float = 28, high: float = 76) -> dict:
    """The axis of ages."""
    return axis("age (years)", low, high)


def pressure_axis(low: float = 80, high: float = 240) -> dict:
    """The axis of blood pressures."""
    return axis("blood pressure (mmHg)", low, high)


def points(x, y, name: str = "people", **more) -> dict:
    """The data."""
    return dots(x, y, name, BLUE, **more)


def straight_line(theta: Sequence[float], ends: tuple[float, float], name: str, color, **more):
    """The line a x + b with theta = (a, b), drawn between two x."""
    slope, intercept = map(float, theta)
    return line(list(ends), [slope * x + intercept for x in ends], name, color, **more)


def truth_line(theta: Sequence[float], ends: tuple[float, float], name: str) -> dict:
    """A line to compare with, thin and dotted."""
    return straight_line(theta, ends, name, TRUTH_COLOR, width=2, line={"dash": "dot"})


def residual_bars(x, y, y_hat) -> dict:
    """One vertical bar a point from the line to the point, as a single path along the line."""
    path_x = np.repeat(x, 3)
    path_y = np.stack([y_hat, y, y_hat], axis=1).ravel()
    return line(path_x, path_y, "residuals", ORANGE, width=1.5)


def residual_tiles(x, y, theta: Sequence[float], *, shown: bool) -> dict:
    """One tile a point, resting on the line, whose area is proportional to the squared residual.

    All tiles are one closed path that walks along the line from tile to tile.
    """
    slope, intercept = map(float, theta)
    residual = y - (slope * x + intercept)
    right = x + TILE_WIDTH * np.abs(residual)
    path_x = np.stack([x, x, right, right, x], axis=1)
    above_line = np.stack([0 * x, residual, residual, 0 * x, 0 * x], axis=1)
    path_y = slope * path_x + intercept + above_line
    empty = np.empty(0)
    fill = {"fill": "toself", "fillcolor": "rgba(208,106,0,0.25)"}
    return line(
        path_x.ravel() if shown else empty,
        path_y.ravel() if shown else empty,
        "squared residuals",
        ORANGE,
        width=0.5,
        **fill,
    )
