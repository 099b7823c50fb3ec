"""Figure of shattering: a line or a cross, and the count in words."""

import itertools
import math

import pytest

from dlbook.figures.shattering import POINT_SETS, shattering
from dlbook.plots.shattering import OUT_OF_SIGHT


def _drawn(figure, name):
    traces = [trace for trace in figure.data if trace.name == name]
    return [trace for trace in traces if len(trace.x) and trace.x[0] < OUT_OF_SIGHT]


@pytest.mark.parametrize("points", POINT_SETS)
def test_there_is_a_cross_exactly_where_no_line_separates(points):
    crosses = 0
    for labels in itertools.product((False, True), repeat=len(POINT_SETS[points])):
        settings = dict(zip("abcd", (*labels, False), strict=False)) | {"points": points}
        figure = shattering(**{"d": False} | settings)
        no_line = figure.layout.meta["status"].startswith("No line")
        assert bool(_drawn(figure, "common point")) == no_line
        crosses += no_line
    assert crosses == {"triangle": 0, "three on a line": 2}.get(points, 2)
    assert f"{2 ** len(POINT_SETS[points]) - crosses} of" in figure.layout.meta["status"]


def test_both_sides_of_the_line_fill_the_square():
    figure = shattering("four corners", True, False, False, False)
    blue, orange = _drawn(figure, "side")
    assert len(blue.x) + len(orange.x) == 8  # the square's corners and the two cuts, twice
    assert len(_drawn(figure, "separating line")[0].x) == 2


@pytest.mark.parametrize("points", POINT_SETS)
def test_no_line_between_points_crosses_a_name(points):
    names = _drawn(shattering(points, True, False, False, False), "names")[0]
    for number, (x, y) in enumerate(POINT_SETS[points]):
        towards_name = math.atan2(names.y[number] - y, names.x[number] - x)
        for other_x, other_y in POINT_SETS[points][:number] + POINT_SETS[points][number + 1 :]:
            turn = towards_name - math.atan2(other_y - y, other_x - x)
            assert math.cos(turn) < math.cos(math.radians(45))
