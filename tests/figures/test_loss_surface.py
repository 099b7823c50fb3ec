"""The plane of losses: its middle is the run, its points are networks with moved parameters."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from dlbook.figures import loss_surface as surface
from dlbook.figures import plane_network as net
from dlbook.models.mlp import linears, mlp
from dlbook.plots.loss_surface import FINE, LEVELS, POINTS, POWERS, bands


def plane(run) -> np.ndarray:
    """The losses on the plane, (POINTS, POINTS), b along the rows."""
    params, batch, hyper = (run.tensors[name] for name in ("params", "batch", "hyper"))
    moved = surface.plane_of(params, batch, hyper)
    losses = surface.losses_on(moved, batch, run.settings["activation"])
    return losses.numpy().reshape(POINTS, POINTS)


def directions(run) -> dict:
    params, batch, hyper = (run.tensors[name] for name in ("params", "batch", "hyper"))
    return surface.directions_of(params, batch, hyper["pair"])


def plain_loss(params: dict, batch: dict, activation: str) -> float:
    """The forward pass and the loss as one writes them down, in float64."""
    params = {name: p.double() for name, p in params.items()}
    squash = {"tanh": torch.tanh, "ReLU": torch.relu}[activation]
    h = squash(batch["X"].double() @ params["0.weight"].T + params["0.bias"])
    h = squash(h @ params["2.weight"].T + params["2.bias"])
    outputs = (h @ params["4.weight"].T + params["4.bias"]).squeeze(1).numpy()
    return float(np.mean(np.logaddexp(0, outputs) - batch["y"].numpy() * outputs))


@pytest.mark.parametrize("activation", ["tanh", "ReLU"])
def test_training_is_gradient_descent(activation):
    run = surface.trained(50, activation=activation, width=4, lr=0.3, seed=3)
    model = mlp([2, 4, 4, 1], net.ACTIVATIONS[activation], seed=3)
    stepper = torch.optim.SGD(model.parameters(), lr=0.3)
    X, y = (run.tensors["batch"][name] for name in ("X", "y"))
    assert X.shape == (100, 2)
    for _ in range(50):
        stepper.zero_grad()
        F.binary_cross_entropy_with_logits(model(X).squeeze(1), y).backward()
        stepper.step()
    for name, p in run.tensors["params"].items():
        torch.testing.assert_close(p, model.state_dict()[name], rtol=1e-5, atol=1e-5)


def test_the_middle_is_the_loss_of_the_run():
    run = surface.trained(40)
    params, batch = run.tensors["params"], run.tensors["batch"]
    loss = plain_loss(params, batch, "tanh")
    view = run.view()
    assert view["training_loss"] == pytest.approx(loss, rel=1e-6)
    middle = POINTS // 2
    for name in ("along_d1", "along_d2"):
        assert view[name][middle] == pytest.approx(loss, rel=1e-6)
    assert view["surface"][FINE // 2, FINE // 2] == pytest.approx(np.log10(loss), abs=1e-5)


@pytest.mark.parametrize(("row", "column"), [(0, 0), (3, 17), (20, 10), (12, 20)])
def test_a_point_is_a_network_with_moved_parameters(row, column):
    run = surface.trained(30, activation="ReLU", width=5, range=2.0, pair=3)
    a, b = (2.0 * (place / (POINTS // 2) - 1) for place in (column, row))
    found = directions(run)
    moved = {n: p + a * found[n][0] + b * found[n][1] for n, p in run.tensors["params"].items()}
    batch = run.tensors["batch"]
    loss = plain_loss(moved, batch, "ReLU")
    assert plane(run)[row, column] == pytest.approx(loss, rel=1e-5)
    view = run.view()
    assert view["lowest"] <= loss * 1.00001
    assert view["highest"] >= loss * 0.99999
    step = (FINE - 1) // (POINTS - 1)
    shown = view["surface"][step * row, step * column]
    assert shown == pytest.approx(np.clip(np.log10(loss), *POWERS), abs=1e-5)


def test_the_curves_are_the_two_axes_of_the_plane():
    run = surface.trained(20)
    view, losses, middle = run.view(), plane(run), POINTS // 2
    np.testing.assert_allclose(view["along_d1"], losses[middle])
    np.testing.assert_allclose(view["along_d2"], losses[:, middle])
    assert not np.allclose(view["along_d1"], view["along_d2"])


def test_directions_have_the_units_norms():
    run = surface.trained(25, width=6)
    model = mlp([2, 6, 6, 1])
    model.load_state_dict(run.tensors["params"])
    found = directions(run)
    for layer, linear in enumerate(linears(model)):
        filters = torch.cat([linear.weight, linear.bias[:, None]], dim=1)
        for d in (0, 1):
            weight, bias = (found[f"{2 * layer}.{kind}"][d] for kind in ("weight", "bias"))
            own = torch.cat([weight, bias[:, None]], dim=1)
            torch.testing.assert_close(own.norm(dim=1), filters.norm(dim=1).detach())


def test_other_pairs_show_other_planes_of_the_same_run():
    run = surface.trained(30, pair=2)
    views = surface.planes(run)
    assert len(views) == surface.PAIRS
    assert (run.num_steps, run.settings["pair"]) == (30, 2)
    np.testing.assert_array_equal(views[2]["surface"], run.view()["surface"])
    assert len({float(view["training_loss"]) for view in views}) == 1
    assert len({float(view["highest"]) for view in views}) == surface.PAIRS


def test_pairs_are_independent():
    batch = surface.trained(0, width=12).tensors["batch"]
    flat = torch.cat([batch[name].reshape(10, -1) for name in net.shapes(12)], dim=1)
    assert flat.shape == (10, 205)  # (12 + 5) · 12 + 1
    assert surface.trained(0, width=12).view()["dimensions"] == 205
    cosines = F.normalize(flat) @ F.normalize(flat).T - torch.eye(10)
    assert cosines.abs().max() < 4 / 205**0.5


def test_a_wall_rises_during_training():
    """At the start the plane is nearly flat; later its highest loss is many times its lowest."""
    for seed in range(3):
        start, end = (surface.trained(n, seed=seed).view() for n in (0, 1_000))
        assert start["highest"] < 3 * start["lowest"]
        assert end["highest"] > 1_000 * end["lowest"]


def test_a_bottom_of_the_plane_is_no_minimum():
    """At step 50 hardly anything on five planes is lower, and yet training goes far lower."""
    for seed in range(3):
        run = surface.trained(50, seed=seed)
        here = run.view()["training_loss"]
        assert min(view["lowest"] for view in surface.planes(run)) > 0.85 * here
        assert run.step(950) < here / 100


def test_bands_cover_the_scale_in_steps():
    stops = [stop for stop, _ in bands()]
    assert (stops[0], stops[-1], len(stops)) == (0, 1, 4 * LEVELS)
    assert stops == sorted(stops)


def test_unknown_settings_are_named():
    with pytest.raises(ValueError, match="no setting depth"):
        surface.trained(1, depth=3)
