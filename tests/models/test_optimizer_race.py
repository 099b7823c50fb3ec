"""Seven optimizers on four surfaces: their steps, the table of best rates, who wins where."""

import pytest
import torch

from dlbook.models.descent import gradient
from dlbook.models.optimizer_race import (
    BEST_RATES,
    RACERS,
    RATES,
    STARTS,
    SURFACES,
    best_rates,
    memories,
    race_step,
    slowest_arrivals,
    steps_to_arrive,
    turned_valley,
    valley,
)
from dlbook.models.optimizer_walk import walk


@pytest.fixture(scope="module")
def slowest():
    return {name: slowest_arrivals(name) for name in SURFACES}


@pytest.mark.parametrize("surface", SURFACES)
def test_each_racer_walks_as_if_it_were_alone(surface):
    function, place = SURFACES[surface], torch.tensor([-1.8, -0.6])
    places, memory = place.expand(len(RACERS), 2), memories(place)
    rates = torch.tensor(BEST_RATES[surface])
    for _ in range(20):
        places, memory = race_step(places, memory, gradient(function, places), rates)
    for number, name in enumerate(RACERS):
        alone = walk(name, function, place, 20, lr=BEST_RATES[surface][number])[-1]
        torch.testing.assert_close(places[number], alone, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("surface", ["valley", "hole in a plain"])
def test_the_table_holds_the_best_rates(surface):
    assert best_rates(surface) == BEST_RATES[surface]


def test_every_best_rate_is_one_that_was_tried():
    for rates in BEST_RATES.values():
        assert len(rates) == len(RACERS)
        assert set(rates) <= set(RATES)


def test_a_turn_by_45_degrees():
    w = torch.tensor(STARTS)
    along = torch.stack([w.sum(dim=1), w[:, 1] - w[:, 0]], dim=1) / 2**0.5
    torch.testing.assert_close(turned_valley(w), valley(along))


def test_three_winners_on_four_surfaces(slowest):
    winners = {name: min(steps, key=steps.get) for name, steps in slowest.items()}
    assert winners == {
        "valley": "AdaGrad",
        "turned valley": "Nesterov",
        "bent valley": "momentum",
        "hole in a plain": "AdaGrad",
    }


def test_who_minds_the_turn(slowest):
    """Seen: SGD 234 and 226, momentum 81 and 86, Nesterov 38 and 37; AdaGrad 5 and 269."""
    straight, turned = slowest["valley"], slowest["turned valley"]
    for name in ("SGD", "momentum", "Nesterov"):
        assert turned[name] == pytest.approx(straight[name], rel=0.1)
    assert turned["AdaGrad"] > 40 * straight["AdaGrad"]
    assert turned["RMSProp"] > 40 * straight["RMSProp"]


def test_one_that_runs_away_has_not_arrived():
    needed = steps_to_arrive(valley, torch.tensor([10.0]), num_steps=50)
    assert (needed[RACERS.index("sgd")] == 50).all()
