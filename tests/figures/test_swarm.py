"""Walkers in a noisy bowl: where they hover, and which schedules let them arrive and rest."""

import math

import pytest
import torch

from dlbook.figures import swarm
from dlbook.random import normal


def test_a_step_is_that_of_stochastic_descent():
    run = swarm.trained(2, lr=0.25)
    w = torch.full((60,), 4.0)
    for t in range(2):
        w = w - 0.25 * (w + normal(60, seed=0, stream=swarm.FIRST + t))
    torch.testing.assert_close(run.tensors["params"]["w"], w)


@pytest.mark.parametrize("lr", [0.1, 0.3, 1.0])
def test_it_hovers_at_the_floor(lr):
    """Seen: within 4 % of the formula."""
    told = swarm.floor(torch.tensor(lr), torch.tensor(1.0)).item()
    for seed in range(2):
        seen = swarm.mean_height(400, last=250, lr=lr, seed=seed)
        assert seen == pytest.approx(told, rel=0.15)


def test_the_floor_is_proportional_to_small_rates_and_to_the_square_of_the_noise():
    low, double = (swarm.floor(torch.tensor(lr), torch.tensor(1.0)) for lr in (0.001, 0.002))
    assert double / low == pytest.approx(2, rel=1e-3)
    assert swarm.floor(torch.tensor(0.1), torch.tensor(3.0)) == pytest.approx(
        9 * swarm.floor(torch.tensor(0.1), torch.tensor(1.0)).item()
    )
    assert swarm.floor(torch.tensor(2.0), torch.tensor(1.0)) == math.inf


def test_too_quick_a_schedule_never_arrives():
    """Without noise: 1/t² has spent its steps, 1/t goes on."""
    heights = {name: swarm.mean_height(1_500, schedule=name, noise=0.0) for name in ("1/t²", "1/t")}
    assert heights["1/t²"] > 0.01
    assert heights["1/t"] < 1e-4


def test_falling_rates_go_below_the_floor_of_the_first():
    constant = swarm.mean_height(1_000, last=100)
    for name in ("1/√t", "1/t", "a tenth every 300", "cosine over 1,000"):
        assert swarm.mean_height(1_000, last=10, schedule=name) < constant / 4


def test_a_new_rate_goes_into_the_runs_under_way():
    run = swarm.trained(300, lr=0.3)
    high = float(run.view()["mean"])
    run.change(run.settings | {"lr": 0.01})
    run.step(400)
    assert run.num_steps == 700
    assert float(run.view()["mean"]) < high / 8
    assert float(run.view()["rate"]) == pytest.approx(0.01)
