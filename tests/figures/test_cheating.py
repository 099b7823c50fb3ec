"""Figures of flattering numbers: a hundred seeds on real digits, and looks at coin flips."""

import pytest

from dlbook import random
from dlbook.evaluation.cheating import TRICKS
from dlbook.figures.cheating import LOOKS, best_seed, flattered, mistakes_of_seeds
from dlbook.plots.cheating import development_cycles


def trace(figure, name):
    return next(trace for trace in figure.data if trace.name == name)


def test_spread_of_a_hundred_seeds():
    errors = mistakes_of_seeds().double().mean(1)
    assert errors.shape == (100,)
    assert 0.030 < errors.median() < 0.038
    assert 0.024 < errors.min() < 0.031
    # 0.052 was the bound with the batches' former order; one seed ends at 0.066 with that of `fit`
    assert 0.041 < errors.max() < 0.070
    # less than the standard error of 1,000 images: all seeds meet the same hard ones
    assert 0.003 < errors.std() < (0.034 * 0.966 / 1_000) ** 0.5


def test_on_fresh_images_the_best_seed_is_nearly_an_ordinary_one():
    """Most of its lead is luck, not all: 0.40 was seen, 0.30 and 0.5 with other initial weights."""
    wrong, ranks = mistakes_of_seeds().double(), []
    for halving in range(100):
        reported, fresh = (
            wrong[:, h].mean(1) for h in random.permutation(1000, seed=halving).chunk(2)
        )
        winner = fresh[reported.argmin()]
        ranks.append((fresh < winner).double().mean() + (fresh == winner).double().mean() / 2)
    assert 0.25 < sum(ranks) / 100 < 0.55


@pytest.mark.parametrize("halving", range(10))
def test_the_ring_has_the_lowest_reported_error(halving):
    figure = best_seed(100, halving)
    cloud = [x for x in trace(figure, "one seed").x if x > 0]
    assert len(cloud) == 100
    assert trace(figure, "the winner").x[0] < min(cloud) + 0.003  # up to the parting of equal ones


def test_parting_of_the_curves():
    figure = best_seed(100, 0)
    reported, fresh = trace(figure, "best seed, reported").y, trace(figure, "best seed, fresh").y
    assert reported[-1] < 0.75 * fresh[-1]
    assert abs(fresh[-1] - fresh[0]) < 0.004


@pytest.mark.parametrize("trick", TRICKS)
def test_reported_curve_belongs_to_the_trick(trick):
    figure = flattered(trick, 300, 1000)
    assert list(trace(figure, "reported").y) == list(trace(figure, trick).y)
    assert len(trace(figure, trick).y) == len(LOOKS)
    assert set(trace(figure, "on fresh cases").y) == {0.5}


def test_special_rules_get_furthest():
    reported = {t: trace(flattered(t, 300, 1000), "reported").y[-1] for t in TRICKS}
    assert max(reported, key=reported.get) == "add special rules"
    assert reported["add special rules"] > 0.85
    assert max(v for t, v in reported.items() if t != "add special rules") < 0.62


def test_cycles_say_what_they_show():
    assert "back to writing" in development_cycles().layout.meta["status"]
