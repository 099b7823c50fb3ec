"""A line w·x + b = 0 in a rectangle: both its sides, the line, and its normal as an arrow."""

import math
from collections.abc import Sequence

from dlbook.models.polygons import Corner, kept_part, rectangle
from dlbook.plots.color_numbers import see_through
from dlbook.plots.panels import line
from dlbook.plots.theme import CLASS_COLORS, GRAY

HEAD = 0.08  # of an arrow, as a share of the size of the picture


def clipped(corners: Sequence[Corner], w: Sequence[float], b: float) -> list[Corner]:
    """The part of a convex polygon where w·x + b >= 0; empty if there is none."""
    return kept_part(corners, [w[0] * x + w[1] * y + b for x, y in corners])


def polygon(corners: Sequence[Corner], name: str, color: str, opacity: float, **more) -> dict:
    """A filled polygon without outline; nothing where it has no corners."""
    fill = {"fill": "toself", "fillcolor": see_through(color, opacity), "hoverinfo": "skip"}
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return line(xs, ys, name, color, width=0, showlegend=False, **(fill | more))


def sides(w: Sequence[float], b: float, low: float, high: float, *, panel: int = 1) -> list[dict]:
    """Both sides of the line within [low, high]² in the colours of the classes."""
    return [
        polygon(clipped(rectangle(low, high), (s * w[0], s * w[1]), s * b), "side", color, 0.16)
        | _on(panel)
        for s, color in zip((-1, 1), CLASS_COLORS, strict=False)
    ]


def border(
    w: Sequence[float], b: float, low: float, high: float, name="w·x + b = 0", color=GRAY, **more
) -> dict:
    """The line itself within [low, high]²; empty where it doesn't cross, or w = 0."""
    corners = clipped(rectangle(low, high), w, b)
    scale = 1e-9 * (1 + abs(b) + abs(w[0]) + abs(w[1]))
    cut = [(x, y) for x, y in corners if abs(w[0] * x + w[1] * y + b) < scale]
    cut = cut if any(w) else []
    return line([x for x, _ in cut], [y for _, y in cut], name, color, **({"width": 3} | more))


def arrow(
    start: Corner, end: Corner, name: str, color: str, *, size: float, width=3.5, **more
) -> dict:
    """A straight arrow as one path; `size` is the extent of the picture, for the head."""
    (x0, y0), (x1, y1) = start, end
    length = math.hypot(x1 - x0, y1 - y0)
    head = min(HEAD * size, 0.6 * length)
    u, v = ((x1 - x0) / length, (y1 - y0) / length) if length else (0.0, 0.0)
    wings = [(x1 - head * (u - s * 0.45 * v), y1 - head * (v + s * 0.45 * u)) for s in (-1, 1)]
    path = [start, end, wings[0], end, wings[1]]
    return line([x for x, _ in path], [y for _, y in path], name, color, width=width, **more)


def _on(panel: int) -> dict:
    return {} if panel == 1 else {"xaxis": f"x{panel}", "yaxis": f"y{panel}"}
