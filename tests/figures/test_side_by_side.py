"""Six stacked networks: each is its own run, and one that fails leaves the others alone."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from dlbook.datasets.toy_classification import SETS, circles
from dlbook.figures import plane_network as net
from dlbook.figures import side_by_side as six
from dlbook.models.mlp import mlp
from dlbook.plots.side_by_side import SPACE, STEP, TILE, WIDTH, corners

TORCHS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}


def model_of(seed: int, width: int = 4, activation: str = "ReLU"):
    return mlp([2, width, width, 1], net.ACTIVATIONS[activation], seed=seed)


def of(run, number: int) -> dict:
    return {name: p[number] for name, p in run.tensors["params"].items()}


def test_all_networks_have_the_same_points_whatever_the_seed():
    X, y = circles(300, 0.2, seed=0)
    for seed in (0, 6):
        batch = six.trained(0, data_set="circles", noise=0.2, seed=seed).tensors["batch"]
        torch.testing.assert_close(batch["X"], X[:100])
        torch.testing.assert_close(batch["X_test"], X[100:])
        assert torch.equal(batch["y"], y[:100].float())


def test_each_starts_like_the_mlp_of_its_seed():
    run = six.trained(0, seed=12, width=5)
    for number in range(6):
        alone = model_of(12 + number, 5).state_dict()
        for name, p in of(run, number).items():
            torch.testing.assert_close(p, alone[name], rtol=1e-6, atol=0)


@pytest.mark.parametrize("optimizer", TORCHS)
@pytest.mark.parametrize("activation", ["ReLU", "tanh"])
def test_each_trains_as_if_it_were_alone(optimizer, activation):
    """Against an `mlp` and torch's optimizer; float32 sums in another order: 50 steps, 1e-5."""
    settings = {"optimizer": optimizer, "activation": activation, "lr": 0.01, "noise": 0.1}
    run = six.trained(50, **settings)
    X, y = (run.tensors["batch"][name] for name in ("X", "y"))
    for number in range(6):
        model = model_of(number, activation=activation)
        stepper = TORCHS[optimizer](model.parameters(), lr=0.01)
        for _ in range(50):
            stepper.zero_grad()
            F.binary_cross_entropy_with_logits(model(X).squeeze(1), y).backward()
            stepper.step()
        for name, p in of(run, number).items():
            torch.testing.assert_close(p, model.state_dict()[name], rtol=1e-5, atol=1e-5)


def test_the_view_shows_each_network():
    run = six.trained(30, seed=6)
    view, batch, model = run.view(), run.tensors["batch"], model_of(0).requires_grad_(False)
    rights = []
    for number, (x, y) in enumerate(corners()):
        model.load_state_dict(of(run, number))
        shown = view["maps"][y : y + TILE, x : x + TILE]
        cell = net.LIMIT * torch.tensor([[2 * (7 + 0.5) / TILE - 1, 2 * (20 + 0.5) / TILE - 1]])
        assert shown[20, 7] == pytest.approx(float(torch.sigmoid(model(cell))), abs=1e-5)
        loss = F.binary_cross_entropy_with_logits(model(batch["X"]).squeeze(1), batch["y"])
        assert view[f"loss {number}"] == pytest.approx(float(loss), rel=1e-5)
        positive = model(batch["X_test"]).squeeze(1) > 0
        rights.append(float((positive == (batch["y_test"] > 0.5)).float().mean()))
    np.testing.assert_array_equal(view["percent"], np.round(200 * np.array(rights)) / 2)
    assert view["solved"] == sum(right > 0.95 for right in rights)
    assert view["best"] == pytest.approx(max(rights))
    assert view["worst"] == pytest.approx(min(rights))
    assert view["median"] == pytest.approx(np.median(rights))
    losses = [view[f"loss {number}"] for number in range(6)]
    assert view["median_loss"] == pytest.approx(np.median(losses), rel=1e-6)


def test_maps_and_points_lie_in_their_places():
    view = six.trained(0).view()
    assert view["maps"].shape == (3 * STEP, 2 * WIDTH)
    assert np.isnan(view["maps"][:SPACE]).all()
    assert (~np.isnan(view["maps"])).sum() == 6 * TILE**2
    x, y = (view[f"x{axis}_of_1"].reshape(6, 50) for axis in (1, 2))
    for number, corner in enumerate(corners()):
        for places, low in zip((x, y), corner, strict=True):
            assert (low < places[number]).all()
            assert (places[number] < low + TILE).all()


def test_the_median_counts_what_is_no_number_as_largest():
    values = torch.tensor([3.0, 1.0, torch.nan, 2.0, 2.0, 5.0])
    assert six.median(values) == 2.5
    assert six.median(torch.tensor([2.0, 2.0, 2.0, 2.0, 2.0, 9.0])) == 2


def test_one_network_without_a_loss_leaves_the_others_alone():
    run, whole = six.trained(5), six.trained(10)
    run.tensors["params"]["0.weight"][2] = torch.nan
    run.step(5)
    assert np.isfinite(run.loss)
    for name, p in of(run, 2).items():
        assert p.isnan().any(), name
    for number in (0, 1, 3, 4, 5):
        for name, p in of(run, number).items():
            assert torch.equal(p, of(whole, number)[name])
    run.tensors["params"]["4.bias"].fill_(torch.nan)
    assert np.isnan(run.step())


def test_seeds_disagree_at_the_default_settings():
    """Of 36 first weights: between two and five of each six learn xor, and some never do."""
    solved, worst = [], []
    for seed in range(0, 36, 6):
        view = six.trained(1_000, seed=seed).view()
        solved.append(int(view["solved"]))
        worst.append(float(view["worst"]))
    assert min(solved) >= 1
    assert max(solved) <= 5
    assert max(worst) < 0.85


def test_living_units_are_counted():
    run, model = six.trained(20, seed=6), model_of(0).requires_grad_(False)
    X, counts = run.tensors["batch"]["X"], six.living_units(run)
    for number in range(6):
        model.load_state_dict(of(run, number))
        living = [int((model[:k](X).amax(dim=0) > 0).sum()) for k in (2, 4)]
        assert counts[number] == living
    run.tensors["params"]["2.bias"][4] = -100.0
    assert six.living_units(run)[4] == [counts[4][0], 0]


@pytest.mark.parametrize("data_set", SETS)
def test_classes_alternate(data_set):
    """The view shows every second point as one class."""
    y = net.points(data_set, 0.1)["y"]
    assert torch.equal(y, torch.arange(100) % 2)


def test_unknown_settings_are_named():
    with pytest.raises(ValueError, match="no setting depth"):
        six.trained(1, depth=3)
