"""Walks of single optimizers: equal to torch's, with the rates of their coordinates."""

import pytest
import torch

from dlbook.figures.own_rates import RATES, steps_needed, turned
from dlbook.models.optimizer_walk import walk, walk_with_rates
from dlbook.models.surfaces import himmelblau, quadratic

START = torch.tensor([-1.0, 4.0], dtype=torch.float64)


@pytest.mark.parametrize(
    ("name", "twin", "words"),
    [
        ("sgd", torch.optim.SGD, {}),
        ("momentum", torch.optim.SGD, {"momentum": 0.9}),
        ("adagrad", torch.optim.Adagrad, {}),
        ("adam", torch.optim.Adam, {}),
    ],
)
def test_a_walk_is_that_of_torch(name, twin, words):
    w = START.clone().requires_grad_()
    optimizer = twin([w], lr=0.005, **words)
    for _ in range(50):
        optimizer.zero_grad()
        himmelblau(w).backward()
        optimizer.step()
    mine = walk(name, himmelblau, START, 50, lr=0.005)
    assert mine.shape == (51, 2)
    torch.testing.assert_close(mine[-1], w.detach(), rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", ["sgd", "adagrad", "rmsprop"])
def test_a_step_is_the_rate_of_the_coordinate_times_its_gradient(name):
    surface = quadratic((1.0, 25.0))
    places, rates = walk_with_rates(name, surface, START, 20, lr=0.01)
    slopes = places[:-1] * torch.tensor([1.0, 25.0])
    torch.testing.assert_close(places.diff(dim=0), -rates * slopes, rtol=1e-6, atol=1e-12)


def test_the_first_step_of_adam_has_the_length_of_the_rate_whatever_the_gradient():
    for scale in (1e-3, 1.0, 1e3):
        path = walk("adam", lambda w, c=scale: c * himmelblau(w), START, 1, lr=0.1)
        torch.testing.assert_close(path.diff(dim=0).abs(), torch.full((1, 2), 0.1).double(),
                                   rtol=1e-4, atol=0)  # fmt: skip


def test_turning_the_valley_leaves_sgd_and_momentum_alone():
    for name in ("SGD", "momentum"):
        assert len({steps_needed(name, angle, 1.0) for angle in (0, 15, 30, 45)}) == 1


def test_turning_the_valley_costs_those_with_a_rate_for_each_coordinate():
    for name, least in (("AdaGrad", 8), ("RMSProp", 8), ("Adam", 1.8)):
        assert steps_needed(name, 45, 1.0) >= least * steps_needed(name, 0, 1.0)


def test_the_scale_of_the_loss_is_divided_away():
    for name in ("AdaGrad", "RMSProp", "Adam"):
        needed = {steps_needed(name, 30, scale) for scale in (0.01, 1.0, 100.0)}
        assert len(needed) == 1
    for name in ("SGD", "momentum"):
        assert steps_needed(name, 30, 1.0) < 100
        assert steps_needed(name, 30, 0.01) == steps_needed(name, 30, 100.0) == 200


def test_the_turned_valley_is_the_same_valley():
    place = torch.tensor([0.3, -0.8]).double()
    quarter = torch.stack([-place[1], place[0]])
    assert turned(0, 2.0)(place).item() == pytest.approx(turned(90, 2.0)(quarter).item())
    assert set(RATES) == {"SGD", "momentum", "AdaGrad", "RMSProp", "Adam"}
