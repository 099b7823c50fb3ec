"""The races in the page: what the experiments show is what the optimizers do."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from dlbook.figures import network_race as nets
from dlbook.figures import optimizer_race as race
from dlbook.figures import plane_network as net
from dlbook.models.mlp import mlp
from dlbook.models.optimizer_race import ARRIVED, BEST_RATES, RACERS, SURFACES, WORDS
from dlbook.models.optimizer_walk import walk
from dlbook.random import normal

TWINS = {
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "adagrad": (torch.optim.Adagrad, {}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "adadelta": (torch.optim.Adadelta, {}),
    "adam": (torch.optim.Adam, {}),
}


@pytest.mark.parametrize("surface", SURFACES)
def test_the_race_is_seven_walks(surface):
    run = race.trained(30, surface=surface)
    for number, name in enumerate(RACERS):
        way = walk(name, SURFACES[surface], torch.tensor([-1.8, -0.6]), 30,
                   lr=BEST_RATES[surface][number])  # fmt: skip
        torch.testing.assert_close(run.tensors["params"]["places"][number], way[-1],
                                   rtol=1e-4, atol=1e-5)  # fmt: skip
        drawn = np.stack([run.view()[f"{name} x{axis}"] for axis in (1, 2)], axis=1)
        np.testing.assert_allclose(drawn[-31:], way.clamp(-8, 8), rtol=1e-4, atol=1e-5)


def test_arrival_is_the_step_since_which_a_racer_is_low():
    run, low = race.trained(0), []
    for _ in range(150):
        run.step()
        low.append((SURFACES["turned valley"](run.tensors["params"]["places"]) < ARRIVED).numpy())
    low, needed = np.array(low), run.view()["needed"]
    for number in range(len(RACERS)):
        high = np.flatnonzero(~low[:, number])
        expected = high[-1] + 2 if low[-1, number] else race.NEVER
        assert needed[number] == pytest.approx(expected)
    assert run.view()["arrived"] == low[-1].sum() >= 2


def test_a_rate_goes_into_the_race_under_way_and_is_everybodys():
    run = race.trained(10)
    before = run.tensors["params"]["places"].clone()
    run.change(run.settings | {"lr": 1e-9})
    run.step(5)
    moved = (run.tensors["params"]["places"] - before).abs().amax(dim=1)
    assert moved.max() < 1e-5
    assert run.num_steps == 15


def test_noise_is_the_same_for_all_and_another_in_every_step():
    still, noisy = (race.trained(1, lr=0.001, noise=s).tensors["params"]["places"] for s in (0, 1))
    sgd, nesterov = RACERS.index("sgd"), RACERS.index("nesterov")
    pushed = (still - noisy) / 0.001
    torch.testing.assert_close(
        pushed[sgd], normal(2, seed=race.NOISE_SEED, stream=race.NOISE), rtol=0, atol=1e-2
    )
    assert (pushed[nesterov] - 1.9 * pushed[sgd]).abs().max() < 1e-2


def test_one_that_is_lost_leaves_the_others_alone():
    run = race.trained(300, surface="valley", lr=0.3)
    places = run.tensors["params"]["places"]
    assert not torch.isfinite(places[RACERS.index("sgd")]).all()
    assert torch.isfinite(places[RACERS.index("adam")]).all()
    assert np.isfinite(run.loss)
    arrived = race.arrivals(300, surface="valley", lr=0.3)
    assert arrived["SGD"] == float("inf") > arrived["Adam"]


def test_with_much_noise_nobody_rests():
    for x1 in (-1.8, 1.2):
        there = race.arrivals(600, noise=10.0, x1=x1)
        assert not [name for name, steps in there.items() if steps < 500]


@pytest.mark.parametrize("name", nets.RACERS)
def test_each_network_trains_as_if_it_were_alone(name):
    """Against an `mlp` and torch's optimizer, thirty steps at one rate for all."""
    run = nets.trained(30, lr=0.01)
    X, y = (run.tensors["batch"][key] for key in ("X", "y"))
    model = mlp([2, 8, 8, 1], net.ACTIVATIONS["tanh"], seed=0)
    twin, words = TWINS[name]
    stepper = twin(model.parameters(), lr=0.01, **words)
    for _ in range(30):
        stepper.zero_grad()
        F.binary_cross_entropy_with_logits(model(X).squeeze(1), y).backward()
        stepper.step()
    number = nets.RACERS.index(name)
    for key, truth in model.state_dict().items():
        torch.testing.assert_close(run.tensors["params"][key][number], truth, rtol=1e-3, atol=1e-4)


def test_batches_take_turns():
    run = nets.trained(3, batch_size=10)
    assert run.tensors["state"]["seen"] == 30


def test_one_rate_for_all_tells_another_story():
    """Seen over ten first weights: SGD over Adam 175 to 400 at 0.01; 0.0013 at most when tuned."""
    common, tuned = nets.losses(300, lr=0.01), nets.losses(300)
    assert common["SGD"] > 50 * common["Adam"]
    assert tuned["SGD"] < 0.002
    assert set(tuned) == {WORDS[name] for name in nets.RACERS}


def test_unknown_settings_are_named():
    for module in (race, nets):
        with pytest.raises(ValueError, match="no setting depth"):
            module.trained(1, depth=3)
