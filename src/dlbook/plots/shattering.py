"""Plots of labelled points, a line that separates them, or a point that proves there is none."""

import math

from torch import Tensor

from dlbook.models.polygons import rectangle
from dlbook.plots.color_numbers import see_through
from dlbook.plots.half_planes import clipped
from dlbook.plots.panels import dots, line
from dlbook.plots.theme import CLASS_COLORS, GRAY, RED

NAMES = "ABCD"
NAME_DISTANCE = 0.07  # from a point to its name
SIDES = ("middle right", "top right", "top center", "top left",
         "middle left", "bottom left", "bottom center", "bottom right")  # every 45°  # fmt: skip
OUT_OF_SIGHT = 9.0  # a missing point stands there: the page then need not draw the axes anew


def labelled_points(X: Tensor, labels: Tensor) -> list[dict]:
    """Points A, B, C, ... in the colours of their labels (−1, +1) and the hulls of both classes.

    Args:
        X: (n, 2), at most 4 points.
        labels: (n,) of −1 and +1.
    """
    hulls = [_hull(X[labels == sign], CLASS_COLORS[int(sign > 0)]) for sign in (-1, 1)]
    missing = len(NAMES) - len(X)
    x, y = ([*column, *[OUT_OF_SIGHT] * missing] for column in X.T.tolist())
    colors = [CLASS_COLORS[int(label > 0)] for label in labels] + [GRAY] * missing
    points = dots(x, y, "points", colors, size=18, showlegend=False)
    return [*hulls, points, _names(X, x, y)]


def _names(X: Tensor, x: list[float], y: list[float]) -> dict:
    """The letters, each on the side of its point where no line to another point runs."""
    angles = [_free_angle(X, point) for point in range(len(X))] + [0.0] * (len(NAMES) - len(X))
    sides = [SIDES[round(4 * angle / math.pi) % len(SIDES)] for angle in angles]
    places = (
        [value + NAME_DISTANCE * turn(angle) for value, angle in zip(values, angles, strict=True)]
        for values, turn in ((x, math.cos), (y, math.sin))
    )
    style = {"mode": "text", "text": list(NAMES), "textposition": sides, "textfont": {"size": 17}}
    return dots(*places, "names", GRAY, showlegend=False) | style


def _free_angle(X: Tensor, point: int) -> float:
    """The middle of the widest gap between the directions from one point to all others."""
    arms = X[[k for k in range(len(X)) if k != point]] - X[point]
    angles = sorted(arms[:, 1].atan2(arms[:, 0]).tolist())
    gaps = [(b - a, a) for a, b in zip(angles, [*angles[1:], angles[0] + 2 * math.pi], strict=True)]
    gap, start = max(gaps)
    return start + gap / 2


def halves(square: float, separator: tuple[Tensor, Tensor] | None) -> list[dict]:
    """Both sides of the line x·w + b = 0 within a square, and the line; empty without a line."""
    traces = []
    for index, sign in enumerate((-1, 1)):
        corners = [] if separator is None else clipped_square(square, separator, sign)
        color = see_through(CLASS_COLORS[index], 0.18)
        fill = {"fill": "toself", "fillcolor": color, "showlegend": False}
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        traces.append(line(xs, ys, "side", CLASS_COLORS[index], width=0, **fill))
    xs, ys = ([], []) if separator is None else _cut(square, separator)
    return [*traces, line(xs, ys, "separating line", GRAY, width=3, showlegend=False)]


def meeting_point(point: Tensor | None) -> dict:
    """A cross where the two hulls meet; out of sight where they do not."""
    x, y = [OUT_OF_SIGHT] * 2 if point is None else point.tolist()
    style = {"symbol": "x", "line": {"width": 0}}
    return dots([x], [y], "common point", RED, size=13, marker=style, showlegend=False)


def clipped_square(
    square: float, separator: tuple[Tensor, Tensor], sign: int
) -> list[tuple[float, float]]:
    """The corners of the part of [−s, s]² where sign (x·w + b) >= 0."""
    (u, v), b = separator[0].tolist(), float(separator[1])
    return clipped(rectangle(-square, square), (sign * u, sign * v), sign * b)


def _cut(square: float, separator: tuple[Tensor, Tensor]) -> tuple[list, list]:
    """Where the line crosses the border of the square."""
    (u, v), b = separator[0].tolist(), float(separator[1])
    corners = clipped_square(square, separator, 1)
    on_line = [(x, y) for x, y in corners if abs(u * x + v * y + b) < 1e-9]
    return [x for x, _ in on_line], [y for _, y in on_line]


def _hull(X: Tensor, color: str) -> dict:
    """The convex hull of up to four points, as a closed outline (a segment for two)."""
    center = X.mean(dim=0) if len(X) else X.new_zeros(2)
    arms = X - center
    around = X[(arms[:, 1].atan2(arms[:, 0])).argsort()]
    closed = around[list(range(len(around))) + [0] * (len(around) > 0)]
    return line(closed[:, 0], closed[:, 1], "hull", color, width=3, showlegend=False)
