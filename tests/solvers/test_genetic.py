"""The genetic algorithm: elitism, selection, mutation, and Rastrigin's lowest place."""

import pytest
import torch

from dlbook.models.surfaces import rastrigin
from dlbook.solvers.genetic import evolve

SETTINGS = {"limit": 5.12, "num_generations": 40}


def _best(run):
    return run.populations[-1][run.heights[-1].argmin()]


@pytest.mark.parametrize("mutation", [0.0, 0.1, 1.0])
def test_the_best_never_gets_worse(mutation):
    for seed in range(5):
        run = evolve(rastrigin, population=30, mutation=mutation, seed=seed, **SETTINGS)
        assert (run.heights.amin(dim=1).diff() <= 0).all()
        torch.testing.assert_close(run.heights, rastrigin(run.populations))


def test_finds_the_lowest_place_within_a_tenth():
    for seed in range(20):
        run = evolve(rastrigin, population=100, mutation=0.3, seed=seed, **SETTINGS)
        assert _best(run).norm() < 0.1  # seen: 20 of 20, median 0.017


def test_without_mutation_all_become_equal():
    for seed in range(5):
        run = evolve(rastrigin, population=50, mutation=0.0, seed=seed, **SETTINGS)
        assert run.populations[-1].std(dim=0).max() == 0
        known = set(run.populations[0].flatten().tolist())
        assert set(run.populations[-1].flatten().tolist()) <= known


def test_everybody_stays_in_the_square():
    run = evolve(rastrigin, population=30, mutation=3.0, seed=0, **SETTINGS)
    assert run.populations.abs().max() <= 5.12
    assert run.populations.shape == (41, 30, 2)
    assert evolve(rastrigin, dimension=5, population=4, mutation=0.1, seed=0, **SETTINGS)[
        0
    ].shape == (41, 4, 5)
