"""Figures of a threshold unit say and show the same gate."""

import itertools

import pytest

from dlbook.figures.best_line import best_line_errors, errors_of_the_best_line
from dlbook.figures.gate_places import FONT_SIZE, PER_UNIT
from dlbook.figures.threshold_unit import (
    HIDDEN_GATES,
    gate_of_weights,
    hidden_square,
    plane_of_a_unit,
)
from dlbook.figures.unit_graph import unit_graph
from dlbook.models.threshold_unit import GATE_NAMES, ThresholdUnit, truth_table
from dlbook.plots.threshold_unit import OUT_OF_SIGHT


def _status(figure):
    return figure.layout.meta["status"]


def _inside(x, y, corners):
    """Whether a point lies in a convex polygon."""
    turns = []
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        turns.append((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0))
    return min(turns) > 0 or max(turns) < 0


def test_the_dot_lies_in_the_cell_of_its_gate():
    for w1, w2, b in itertools.product(range(-3, 4), range(-3, 4), (-2.5, -0.5, 0.5, 3.5)):
        figure = gate_of_weights(w1, w2, b)
        gate = truth_table(ThresholdUnit((w1, w2), b), 2)
        assert f"“{GATE_NAMES[gate]}”" in _status(figure)
        cell = next(trace for trace in figure.data if trace.name == "cell")
        assert _inside(w1, w2, list(zip(cell.x, cell.y, strict=True)))


def test_seven_cells_and_none_of_them_xor():
    for b in (-1.5, 1.5):
        names = next(
            t.text for t in gate_of_weights(1, 1, b).data if t.mode == "text" and len(t.text) == 8
        )
        shown = [name for name in names if name.strip()]
        assert len(shown) == len(set(shown)) == 7
        assert "XOR" not in shown
        assert "same" not in shown


def test_no_line_and_no_dot_crosses_a_name_of_a_gate():
    """Seen: AND and NAND have the least room, in the triangles at b = −1.5 and 1.5."""
    tall = 0.75 * FONT_SIZE / PER_UNIT / 2
    for b in (-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5):
        named = [t for t in gate_of_weights(1, 1, b).data if t.mode == "text"][-1]
        for x, y, name in zip(named.x, named.y, named.text, strict=True):
            if name == " ":
                continue
            wide = 0.5 * FONT_SIZE * len(name) / PER_UNIT / 2
            for u, v in ((1, 0), (0, 1), (1, 1)):
                assert abs(u * x + v * y + b) >= u * wide + v * tall
            dots = itertools.product(range(-3, 4), repeat=2)
            assert all(abs(x - i) > wide or abs(y - j) > tall for i, j in dots)


def test_corners_are_drawn_in_the_colour_of_their_answer():
    figure = gate_of_weights(1, 1, -1.5)  # AND
    zeros, ones = (next(t for t in figure.data if t.name == name) for name in "01")
    assert sum(x < OUT_OF_SIGHT for x in zeros.x) == 3
    assert [(x, y) for x, y in zip(ones.x, ones.y, strict=True) if x < OUT_OF_SIGHT] == [(1, 1)]


def test_sixteen_pairs_of_units_let_a_third_part_xor():
    works = [
        pair
        for pair in itertools.product(HIDDEN_GATES, repeat=2)
        if "a line parts" in _status(hidden_square(*pair))
    ]
    assert len(works) == 16
    assert ("OR", "NAND") in works
    assert ("x₁", "x₂") not in works


def test_inputs_that_arrive_together_are_set_apart_with_their_words():
    for pair in itertools.product(HIDDEN_GATES, repeat=2):
        named = [t for t in hidden_square(*pair).data if t.mode == "text"][-1]
        places = list(zip(named.x, named.y, strict=True))
        for (x0, y0), (x1, y1) in itertools.combinations(places, 2):
            assert abs(x0 - x1) > 0.5 or abs(y0 - y1) > 0.15


def test_length_changes_scores_but_no_colour():
    short, long = (plane_of_a_unit(45, 0.5, length) for length in (0.5, 2.0))
    points = [next(t for t in figure.data if t.name == "points") for figure in (short, long)]
    assert points[0].marker.color == points[1].marker.color
    assert _status(short).split(";")[0][12:] != _status(long).split(";")[0][12:]


@pytest.mark.parametrize("x", [(0.5, 2.0), (1.0, 1.0)])
def test_graph_on_numbers_and_on_vectors_agree(x):
    figure = unit_graph(x=x, w=(3.0, -1.0), b=0.25)
    values = figure.data[-1].text
    score = f"{3 * x[0] - x[1] + 0.25:g}".replace("-", "−")
    assert values.count(score) == 2
    assert score in _status(figure)


def test_a_line_does_for_blobs_and_not_for_xor_or_circles():
    blobs, _, _, xor, circles = best_line_errors()
    assert blobs.max() < 0.05
    assert xor.min() > 0.15
    assert circles.min() > 0.15
    assert "xor" in _status(errors_of_the_best_line())
