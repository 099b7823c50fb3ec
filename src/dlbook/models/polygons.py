"""Convex polygons and the part of one on one side of a line."""

from collections.abc import Sequence

Corner = tuple[float, float]


def rectangle(low: float, high: float) -> list[Corner]:
    """The corners of [low, high]²."""
    return [(low, low), (high, low), (high, high), (low, high)]


def kept_part(corners: Sequence[Corner], heights: Sequence[float]) -> list[Corner]:
    """The part of a convex polygon where a linear height is at least 0.

    Args:
        corners: in order.
        heights: at the corners.

    Returns:
        corners in order; none where nothing is left.

    Reference: Sutherland and Hodgman, "Reentrant polygon clipping", 1974.

    >>> kept_part(rectangle(0, 1), [-0.5, 0.5, 0.5, -0.5])
    [(0.5, 0.0), (1, 0), (1, 1), (0.5, 1.0)]
    """
    kept = []
    for i, ((x1, y1), here) in enumerate(zip(corners, heights, strict=True)):
        (x0, y0), before = corners[i - 1], heights[i - 1]
        if (before < 0) != (here < 0):  # the edge crosses the line
            share = before / (before - here)
            kept.append((x0 + share * (x1 - x0), y0 + share * (y1 - y0)))
        if here >= 0:
            kept.append((x1, y1))
    return kept
