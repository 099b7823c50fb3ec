import numpy as np
import pytest
import torch

from dlbook.models.mlp import num_edges
from dlbook.plots.network import NEGATIVE, POSITIVE, column, edge_bands, edge_lines
from dlbook.plots.playground import SIGNS
from dlbook.plots.theme import BLUE, ORANGE
from dlbook.random import integers, normal


@pytest.mark.parametrize("seed", range(8))
def test_a_drawing_has_exactly_one_line_for_each_weight(seed):
    sizes = (1 + integers(9, 2 + seed % 4, seed=seed)).tolist()
    columns = [column(size, k) for k, size in enumerate(sizes)]
    x, y = edge_lines(columns)
    edges = np.stack([x, y], axis=1).reshape(-1, 3, 2)
    assert len(edges) == num_edges(sizes)
    assert np.isnan(edges[:, 2]).all()  # a gap after each
    assert len(np.unique(edges[:, :2].reshape(len(edges), 4), axis=0)) == len(edges)
    places = {(float(a), float(b)) for c in columns for a, b in c}
    for start, end, _ in edges:
        assert {tuple(start), tuple(end)} <= places
        assert end[0] - start[0] == 1  # from a layer to the next


def test_bands_have_the_width_and_sign_of_their_weight():
    strength = normal((4, 3), seed=0)
    traces = edge_bands(column(3, 0.0), column(4, 2.0), strength)
    bands = [np.stack([t["x"], t["y"]], axis=1).reshape(-1, 6, 2) for t in traces]
    assert [len(b) for b in bands] == [(strength > 0).sum(), (strength < 0).sum()]
    assert sum(map(len, bands)) == 12
    widths = [np.abs(b[:, 0, 1] - b[:, 3, 1]) / 2 for b in bands]
    for sign, given in zip((1, -1), widths, strict=True):
        wanted = (sign * strength)[sign * strength > 0]
        np.testing.assert_allclose(given, wanted.numpy(), rtol=1e-5)
    assert traces[0]["fillcolor"] != traces[1]["fillcolor"]


def test_thin_bands_can_be_left_out():
    strength = torch.tensor([[0.5, 0.01, -0.02, -0.4]])
    traces = edge_bands(column(4, 0.0), column(1, 1.0), strength, thinnest=0.1)
    assert [len(t["x"]) for t in traces] == [6, 6]


def test_nodes_of_a_column_are_centred_and_ordered_from_the_top():
    places = column(4, 2.0, spacing=0.5)
    assert places[:, 0].tolist() == [2.0] * 4
    assert places[:, 1].tolist() == [0.75, 0.25, -0.25, -0.75]


def test_signs_have_the_same_colors_in_all_drawings():
    bands = edge_bands(column(1, 0.0), column(2, 1.0), torch.tensor([[1.0], [-1.0]]))
    assert [trace["line"]["color"] for trace in bands] == list(SIGNS.values())
    assert (POSITIVE, NEGATIVE) == (ORANGE, BLUE)
