"""Figure of shattering: a line or a cross, and the count in words."""

import itertools

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
