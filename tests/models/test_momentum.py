"""Momentum on bowls: the factor is that of the recursion, and the best μ is the best."""

import doctest

import pytest
import torch

from dlbook.models import momentum
from dlbook.models.momentum import (
    best_momentum,
    factor,
    slowest_factor,
    steps_a_digit,
    steps_in_a_bowl,
)


def recursion(rate: float, mu: float) -> float:
    """max |z| of the matrix that takes (w, v) to the next (w, v) where the curvature is 1."""
    step = torch.tensor([[1 - rate, -rate * mu], [1.0, mu]], dtype=torch.float64)
    return torch.linalg.eigvals(step).abs().max().item()


@pytest.mark.parametrize("rate", [0.01, 0.3, 1.0, 1.9, 2.5, 3.7, 4.2])
@pytest.mark.parametrize("mu", [0.0, 0.3, 0.9, 0.99])
def test_the_factor_is_the_larger_eigenvalue(rate, mu):
    found = factor(torch.tensor(rate).double(), torch.tensor(mu).double())
    assert found.item() == pytest.approx(recursion(rate, mu), abs=1e-6)


def test_stable_up_to_two_times_one_plus_mu():
    for mu in (0.0, 0.5, 0.9):
        limit = 2 * (1 + mu)
        below, above = (factor(torch.tensor(limit * s), torch.tensor(mu)) for s in (0.99, 1.01))
        assert below < 1 < above


@pytest.mark.parametrize("ratio", [10.0, 100.0, 1_000.0])
def test_no_other_rate_and_momentum_is_faster(ratio):
    """At the best the roots are double, and a root of rounding errors stays: 2e-4."""
    best = slowest_factor(*(torch.tensor(n).double() for n in best_momentum(ratio)), ratio)
    assert best.item() == pytest.approx(best_momentum(ratio)[1] ** 0.5, abs=1e-3)
    rates, momenta = torch.linspace(0.01, 4, 200).double(), torch.linspace(0, 0.995, 200).double()
    assert slowest_factor(rates[None], momenta[:, None], ratio).min() > best - 1e-3


def test_nine_tenths_is_best_for_a_ratio_of_1442():
    assert best_momentum(1_442)[1] == pytest.approx(0.9, abs=1e-4)


def test_steps_a_digit():
    assert steps_a_digit(torch.tensor(0.1)) == pytest.approx(1.0)
    assert steps_a_digit(torch.tensor(1.0)) == torch.inf


def test_the_root_of_the_ratio_in_twenty_dimensions():
    """Seen over three seeds: 2,237 to 2,577 steps without momentum, 118 to 179 with it."""
    without, with_momentum = (1.98, 0.0), best_momentum(1_000)
    for seed in range(2):
        slow, quick = (steps_in_a_bowl(1_000, *n, seed=seed) for n in (without, with_momentum))
        assert slow > 8 * quick


def test_examples_in_the_docstrings():
    found = doctest.testmod(momentum)
    assert found.attempted > 0
    assert found.failed == 0
