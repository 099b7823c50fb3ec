import numpy as np
import torch

from dlbook.plots.decision_map import class_points, decision_map, map_grid


def test_grid_covers_the_square_cell_by_cell():
    centers, points = map_grid(2.0, size=4)
    assert centers.tolist() == [-1.5, -0.5, 0.5, 1.5]
    assert points.shape == (16, 2)
    assert points[1].tolist() == [-0.5, -1.5]  # the first coordinate moves fastest


def test_map_shows_an_answer_where_it_belongs():
    centers, points = map_grid(1.0, size=10)
    share = (points[:, 1] > 0.5).float()  # class 1 only at the top
    X, y = torch.tensor([[0.0, 0.9], [0.2, -0.9]]), torch.tensor([1, 0])
    figure = decision_map(centers, share, X, y)
    heat, zeros, ones = figure.data
    assert np.asarray(heat.z)[-1].min() == 1
    assert np.asarray(heat.z)[0].max() == 0
    assert (heat.zmin, heat.zmax) == (0, 1)
    assert list(zeros.y) == [np.float32(-0.9)]
    assert list(ones.y) == [np.float32(0.9)]
    assert zeros.marker.symbol != ones.marker.symbol  # not by colour alone
    np.testing.assert_allclose(figure.layout.xaxis.range, (-1, 1), atol=1e-6)


def test_a_class_without_points_keeps_its_trace():
    centers, points = map_grid(1.0, size=4)
    figure = decision_map(centers, torch.zeros(16), points[:3], torch.zeros(3, dtype=torch.long))
    assert len(figure.data) == 3
    assert len(figure.data[2].x) == 0


def test_slots_keep_the_number_of_markers_and_hide_the_rest():
    X, y = torch.tensor([[0.0, 0.9], [0.2, -0.9], [0.4, 0.1]]), torch.tensor([1, 0, 1])
    traces = class_points(X, y, slots=5, parking=-2.0)
    assert [len(trace["x"]) for trace in traces] == [5, 5]
    for label, trace in enumerate(traces):
        in_sight = trace["y"] > -1
        np.testing.assert_array_equal(trace["y"][in_sight], X[y == label, 1])
        np.testing.assert_array_equal(trace["x"][in_sight], X[y == label, 0])


def test_both_coordinates_have_one_scale():
    centers, points = map_grid(1.0, size=4)
    figure = decision_map(centers, torch.zeros(16), points, torch.zeros(16, dtype=torch.long))
    assert figure.layout.yaxis.scaleanchor == "x"
    assert figure.layout.yaxis.constrain == "domain"  # the ranges stay as they are
