"""The playground's claims, its view of a network, and the six classifiers."""

import numpy as np
import pytest
import torch
from torch.func import functional_call

from dlbook.datasets.toy_classification import moons
from dlbook.figures import network_view as nv
from dlbook.figures import playground as pg
from dlbook.figures.classifiers import CLASSIFIERS, accuracy, classifier_map


def test_data_are_those_of_the_toy_sets():
    batch = pg.trained(0, noise=0.2, seed=3).tensors["batch"]
    X, y = moons(400, 0.2, seed=3)
    torch.testing.assert_close(torch.cat([batch["X"], batch["X_test"]]), X)
    assert torch.equal(batch["y"], y[:200].float())


@pytest.mark.parametrize("data_set", pg.DATA_SETS)
def test_classes_alternate(data_set):
    """The view shows every second point as one class."""
    y = pg.trained(0, data_set=data_set).tensors["batch"]["y"]
    assert torch.equal(y, torch.arange(200) % 2)


def test_moons_and_circles_are_learned():
    """The median of five seeds; 200 test points leave each a standard error of 0.01."""
    for data_set in ("moons", "circles"):
        found = pg.accuracies(600, data_set=data_set, lr=1.0)
        assert np.median(found) >= 0.97
        assert min(found) >= 0.95


def test_without_activation_depth_does_not_help():
    settings = {"data_set": "xor", "activation": "none", "optimizer": "adam", "lr": 0.03}
    for depth in (1, 4):
        assert max(pg.accuracies(400, num_seeds=3, depth=depth, **settings)) <= 0.75


def test_unknown_settings_are_named():
    with pytest.raises(ValueError, match="no setting widht"):
        pg.trained(1, widht=3)


def test_tiles_show_the_units():
    run = pg.trained(20, depth=2, width=5)
    params = run.tensors["params"]
    tiles = nv.unit_tiles(params, pg.network(2, "tanh"), 2, pg.LIMIT)
    assert tiles.shape == (nv.UNITS * nv.ROW, nv.LAYERS * nv.COLUMN)
    h = torch.tanh(nv.tile_points(pg.LIMIT) @ params["0.weight"].T + params["0.bias"])
    unit = (h[:, 3] / h[:, 3].abs().max()).reshape(nv.TILE, nv.TILE)
    top, left = 3 * nv.ROW + 1, (nv.COLUMN - nv.TILE) // 2
    torch.testing.assert_close(tiles[top : top + nv.TILE, left : left + nv.TILE], unit)
    assert tiles[5 * nv.ROW :].isnan().all()  # five units only
    assert tiles[:, 2 * nv.COLUMN :].isnan().all()  # two layers only


@pytest.mark.parametrize(("depth", "width"), [(1, 8), (2, 3), (4, 8), (3, 16)])
def test_one_line_for_each_shown_weight(depth, width):
    params = pg.trained(0, depth=depth, width=width).tensors["params"]
    weights = nv.edge_weights(params, depth)
    assert len(weights) == len(nv.edges())
    shown = min(width, nv.UNITS)
    assert (weights != 0).sum() == 2 * shown + (depth - 1) * shown**2 + shown
    into_second_unit = weights[2:4]  # of layer 1, from x1 and x2
    torch.testing.assert_close(into_second_unit, params["0.weight"][1])


def test_lines_are_sorted_by_sign_and_thickness():
    weights = torch.tensor([1.0, -1.0, 0.4, -0.1, 0.01])
    ends = torch.arange(10.0).reshape(5, 2)
    heights = nv.edge_heights(weights, ends)
    drawn = {
        name: (~y.reshape(5, 3)[:, 0].isnan()).nonzero().flatten().tolist()
        for name, y in heights.items()
    }
    assert drawn == {
        "positive 0": [], "positive 1": [2], "positive 2": [0],
        "negative 0": [3], "negative 1": [], "negative 2": [1],
    }  # fmt: skip
    np.testing.assert_array_equal(heights["positive 2"][:3], [0, 1, np.nan])


def test_the_module_gives_the_logits():
    params = pg.trained(5, depth=1, width=4).tensors["params"]
    X = torch.tensor([[0.5, -1.0]])
    by_hand = torch.tanh(X @ params["0.weight"].T + params["0.bias"]) @ params["2.weight"].T
    module = functional_call(pg.network(1, "tanh"), params, (X,))
    torch.testing.assert_close(module, by_hand + params["2.bias"])


def test_linear_fails_on_xor_and_a_network_does_not():
    for seed in range(3):
        assert accuracy("logistic regression", "xor", 0.05, seed=seed) <= 0.75
        for points in ("moons", "circles"):
            assert accuracy("MLP, 2 × 16 hidden units", points, 0.1, seed=seed) >= 0.97


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_maps_are_probabilities(classifier):
    figure = classifier_map(classifier, "blobs", 0.2)
    z = figure.data[0].z
    assert 0 <= z.min() < 0.1 < 0.9 < z.max() <= 1
    assert "new points right" in figure.layout.meta["status"]
