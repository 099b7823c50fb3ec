"""Clipping of polygons, and arrows."""

import pytest

from dlbook.models.polygons import rectangle
from dlbook.plots.half_planes import arrow, border, clipped, sides


def _area(corners):
    pairs = zip(corners, corners[1:] + corners[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


@pytest.mark.parametrize("w", [(1.0, 0.0), (0.3, -2.0), (-1.0, 1.0), (0.0, 0.0)])
@pytest.mark.parametrize("b", [-0.4, 0.0, 5.0, -5.0])
def test_both_sides_make_up_the_whole(w, b):
    whole = rectangle(-1, 1)
    areas = [_area(clipped(whole, (s * w[0], s * w[1]), s * b)) for s in (1, -1)]
    both = 8 if b == 0 and w == (0.0, 0.0) else 4  # a score of 0 everywhere belongs to both
    assert sum(areas) == pytest.approx(both)


def test_the_line_ends_at_the_frame():
    trace = border((1.0, 1.0), -0.5, -1, 1)
    assert sorted(trace["x"]) == pytest.approx([-0.5, 1])
    assert all(x + y == pytest.approx(0.5) for x, y in zip(trace["x"], trace["y"], strict=True))
    assert border((1.0, 1.0), 9.0, -1, 1)["x"] == []
    assert border((0.0, 0.0), 1.0, -1, 1)["x"] == []


def test_arrows_end_where_they_should_even_without_length():
    path = arrow((0, 0), (1, 2), "w", "#000000", size=4)
    assert (path["x"][1], path["y"][1]) == (1, 2)
    assert arrow((1, 1), (1, 1), "w", "#000000", size=4)["x"] == [1] * 5


def test_sides_wear_the_colors_of_the_classes():
    blue, orange = sides((1.0, 0.0), 0.0, -1, 1)
    assert max(blue["x"]) == 0 == min(orange["x"])
