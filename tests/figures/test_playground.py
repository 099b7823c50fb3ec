"""The playground's claims, its view of a network, and the six classifiers."""

import math

import numpy as np
import pytest
import torch
from torch.func import functional_call

from dlbook.compile.own_points import OwnPoint
from dlbook.datasets.toy_classification import moons
from dlbook.figures import network_view as nv
from dlbook.figures import playground as pg
from dlbook.figures.classifiers import CLASSIFIERS, accuracy, classifier_map
from dlbook.models.mlp import mlp
from dlbook.plots.playground import COLUMN, LAYERS, ROW, TILE, UNITS, edges


def test_data_are_those_of_the_toy_sets():
    batch = pg.trained(0, noise=0.2, seed=3, num_train=50).tensors["batch"]
    X, y = moons(400, 0.2, seed=3)
    torch.testing.assert_close(batch["places"][[*range(200), *range(240, 440)]], X)
    torch.testing.assert_close(torch.cat([batch["X"][:200], batch["X_test"]])[:, :2], X)
    assert torch.equal(batch["y"][:200], y[:200].float())
    assert torch.equal(batch["used"], (torch.arange(240) < 50).float())


def test_own_points_are_trained_on_and_shown():
    run = pg.trained(0, num_train=0, lr=1.0)
    run.set_points([OwnPoint(1.0, 1.0, 1), OwnPoint(-1.0, 0.5, 0)])
    view = run.view()
    assert np.flatnonzero(view["x1_of_1"] > -pg.LIMIT).tolist() == [200]
    assert view["x2_of_0"][201] == 0.5
    assert run.step(100) < 0.01
    assert run.view()["map"][-5, -5] > 0.9  # near (1.6, 1.6)
    with pytest.raises(ValueError, match="41 points, but at most 40"):
        run.set_points([OwnPoint(0.0, 0.0, 0)] * 41)


def test_two_inputs_start_with_the_weights_of_the_mlp():
    run = pg.trained(0, depth=2, width=5, seed=4)
    truth = dict(mlp([2, 5, 5, 1], seed=4).named_parameters())
    for name, p in run.tensors["params"].items():
        assert torch.equal(p[:, :2] if name == "0.weight" else p, truth[name])
    assert (run.tensors["params"]["0.weight"][:, 2:] == 0).all()


def test_inputs_are_those_of_their_names():
    X = torch.tensor([[0.5, -1.2]])
    found = pg.inputs(X, {"inputs": torch.tensor(127.0)})
    x1, x2 = 0.5, -1.2
    by_name = [x1, x2, x1**2, x2**2, x1 * x2, math.sin(math.pi * x1), math.sin(math.pi * x2)]
    torch.testing.assert_close(found, torch.tensor([by_name]))
    some = pg.inputs(X, {"inputs": torch.tensor(19.0)})  # 1 + 2 + 16
    assert some[0].nonzero().flatten().tolist() == [0, 1, 4]


def test_batches_take_turns():
    used = torch.tensor([1.0, 1, 0, 1, 1, 1])
    seen, batches = torch.tensor(0.0), []
    for _ in range(3):
        weights, seen = pg.next_batch(used, seen, torch.tensor(2.0))
        assert weights.sum() == 1
        batches.append(weights.nonzero().flatten().tolist())
    assert batches == [[0, 1], [3, 4], [0, 5]]
    for size in (0.0, 50.0):
        weights, _ = pg.next_batch(used, seen, torch.tensor(size))
        torch.testing.assert_close(weights, used / 5)


def test_the_l1_penalty_drives_weights_to_zero():
    """Of the seven inputs those that do not help: their weights stay below the step's size."""
    settings = {"inputs": 127, "lr": 0.1, "width": 4, "depth": 1}
    with_it, without = (
        pg.trained(2_000, l1=l1, **settings).tensors["params"]["0.weight"].abs()
        for l1 in (0.01, 0.0)
    )
    assert (with_it < 2e-3).float().mean() > 0.4
    assert (without < 2e-3).float().mean() < 0.1


def test_single_points_push_the_border_back_and_forth():
    """As the page says of 600 steps at η = 0.3."""
    singles = [pg.trained(600, batch_size=1, lr=0.3, seed=seed) for seed in range(3)]
    together = [pg.trained(600, lr=0.3, seed=seed) for seed in range(3)]
    assert min(run.view()["training_loss"] for run in singles) > 0.2
    assert max(run.view()["training_loss"] for run in together) < 0.1


def test_what_is_shown_and_not_trained_leaves_the_run_alone():
    plain, shown = pg.trained(5), pg.trained(5, show_test=True, rounded=True)
    assert plain.loss == shown.loss
    assert set(np.unique(shown.view()["map"])) == {0.0, 1.0}
    away, there = (run.view()["test_x1_of_0"] for run in (plain, shown))
    assert (away < -pg.LIMIT).all()
    assert (there > -pg.LIMIT).sum() == 100


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


def test_tiles_show_inputs_and_units():
    run = pg.trained(20, depth=2, width=5, inputs=3)
    params, X = run.tensors["params"], run.tensors["batch"]["X_tiles"]
    tiles = pg.network_tiles(params, pg.network(2, "tanh"), 2, X)
    assert tiles.shape == (UNITS * ROW, (1 + LAYERS) * COLUMN)
    points = nv.tile_points(pg.LIMIT)
    h = torch.tanh(points @ params["0.weight"][:, :2].T + params["0.bias"])
    unit = (h[:, 3] / h[:, 3].abs().max()).reshape(TILE, TILE)
    top, left = 3 * ROW + 1, COLUMN + (COLUMN - TILE) // 2
    torch.testing.assert_close(tiles[top : top + TILE, left : left + TILE], unit)
    x2 = (points[:, 1] / points[:, 1].max()).reshape(TILE, TILE)
    top, left = 6 + ROW + 1, (COLUMN - TILE) // 2
    torch.testing.assert_close(tiles[top : top + TILE, left : left + TILE], x2)
    assert tiles[6 + 2 * ROW :, :COLUMN].isnan().all()  # two inputs only
    assert tiles[5 * ROW :, COLUMN:].isnan().all()  # five units only
    assert tiles[:, 3 * COLUMN :].isnan().all()  # two layers only
    heights = nv.layer_names(2)
    assert (heights[:2] == UNITS - 0.5).all()
    assert (heights[2:] > UNITS + 1).all()


@pytest.mark.parametrize(("depth", "width"), [(1, 8), (2, 3), (4, 8), (3, 16)])
def test_one_line_for_each_shown_weight(depth, width):
    params = pg.trained(0, depth=depth, width=width).tensors["params"]
    weights = nv.edge_weights(params, depth)
    assert len(weights) == len(edges(7)[1])
    shown = min(width, UNITS)
    assert (weights != 0).sum() == 2 * shown + (depth - 1) * shown**2 + shown
    into_second_unit = weights[7:14]  # of layer 1, from the seven inputs
    torch.testing.assert_close(into_second_unit, params["0.weight"][1])


def test_lines_lead_from_tile_to_tile():
    x, y = edges(7)
    assert x.shape == y.shape == (7 * 8 + 3 * 64 + 4 * 8, 2)
    half = TILE / COLUMN / 2
    for line, start, end in (
        (7 + 2, (half, 2.5), (1 - half, 1)),  # the third input to the second unit
        (56 + 64 + 8 + 3, (2 + half, 3), (3 - half, 1)),  # layer 2 to layer 3
        (56 + 3 * 64 + 8, (2 + half, 0), (5, 3.5)),  # the first unit of layer 2 to the output
    ):
        torch.testing.assert_close(x[line], torch.tensor([start[0], end[0]]))
        torch.testing.assert_close(y[line], torch.tensor([start[1], end[1]]).float())


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
    X = torch.tensor([[0.5, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0]])
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
