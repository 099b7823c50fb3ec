import numpy as np
import pytest

from dlbook.plots.computational_graph import Canvas, DrawnEdge, DrawnNode, draw_graph, ends

CANVAS = Canvas((-1, 3), (-3, 1), 300, num_nodes=4, num_edges=3)
NODES = [DrawnNode((0, 0), "x", "1", is_input=True), DrawnNode((0, -2), "+", "2", "1")]


def test_lines_have_a_gap_for_their_label_and_stop_at_the_circles():
    edge = DrawnEdge((0, 0), (0, -2), "·1", "backward")
    idle, forward, backward = draw_graph(NODES, [edge], CANVAS).data[:3]
    assert len(idle.x) == len(forward.x) == 1  # nothing but the place outside
    y = np.array(backward.y)
    assert np.isnan(y).sum() == 2
    assert np.nanmax(y) == pytest.approx(-0.22)
    label = draw_graph(NODES, [edge], CANVAS).data[8]
    drawn = y[~np.isnan(y)][1:]
    assert drawn[1] > label.y[0] > drawn[2]


def test_parallel_edges_lie_side_by_side_with_labels_apart():
    edges = [DrawnEdge((0, 0), (0, -2), "·2", aside=side) for side in (-1.0, 1.0)]
    left, right = map(ends, edges)
    assert abs(left[0, 0] - right[0, 0]) > 0.2
    heights = draw_graph(NODES, edges, CANVAS).data[8].y[:2]
    assert abs(heights[0] - heights[1]) > 0.3


def test_what_is_not_needed_waits_outside():
    figure = draw_graph(NODES, [], CANVAS)
    circles = figure.data[5]
    assert len(circles.x) == 4
    assert all(x < CANVAS.x_range[0] for x in circles.x[2:])
    assert len(figure.data[8].text) == 3


def test_too_many_nodes_are_refused():
    with pytest.raises(ValueError, match="no room"):
        draw_graph(NODES * 3, [], CANVAS)
