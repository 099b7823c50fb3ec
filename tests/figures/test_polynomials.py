"""Figures of polynomial fits: what their sentences claim, over seeds."""

import pytest
import torch

from dlbook.figures.polynomials import error_curves, errors_of_sets, polynomial_fit
from dlbook.figures.ridge import PENALTIES, num_effective, ridge_sweep, sweep_of_penalties


def _traces(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def test_degree_14_passes_through_15_points_and_predicts_badly():
    figure = polynomial_fit(14, 0.3)
    assert "test error 16.8" in figure.layout.meta["status"]
    assert "lowest at degree 3: 0.122" in figure.layout.meta["status"]


@pytest.mark.parametrize("seed", range(5))
def test_training_error_falls_with_the_degree(seed):
    curve, _ = _traces(polynomial_fit(3, 0.3, seed=seed), "training error")
    assert all(b <= a for a, b in zip(curve.y, curve.y[1:], strict=False))


@pytest.mark.parametrize("seed", range(5))
def test_a_penalty_tames_degree_14(seed):
    free, held = (
        _traces(polynomial_fit(14, 0.3, ridge, seed=seed), "test error")[1].y[0]
        for ridge in (None, 0.1)
    )
    assert free > 7  # the smallest of the five is 7.6
    assert held < 0.15


def test_best_degree_grows_with_the_points_and_noise_makes_the_gap():
    medians = {N: errors_of_sets(N, 0.3)[1].quantile(0.5, dim=0) for N in (10, 20, 50, 100)}
    best = [int(test.argmin()) for test in medians.values()]
    assert best == sorted(best)
    assert best[0] < best[-1]
    at_14 = [float(test[14]) for test in medians.values()]
    assert at_14 == sorted(at_14, reverse=True)
    without_noise = errors_of_sets(100, 0.0)[1].quantile(0.5, dim=0)
    assert without_noise[14] < 1e-9 < without_noise[5]


def test_without_noise_its_level_lies_on_the_rim():
    """An empty trace would lose its entry in the legend, which must stay."""
    (level,) = _traces(error_curves(20, 0.0), "noise")
    assert level.y == pytest.approx([1e-3, 1e-3])
    (level,) = _traces(error_curves(20, 0.3), "noise")
    assert level.y == pytest.approx([0.09, 0.09])


def test_effective_number_falls_from_all_to_the_constant():
    numbers = [num_effective(9, penalty) for penalty in PENALTIES]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] == pytest.approx(10, abs=1e-3)
    assert num_effective(9, 1e12) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("degree", [9, 14])
def test_best_penalty_lies_inside_and_needs_about_six_coefficients(degree):
    median = sweep_of_penalties(degree)[2].quantile(torch.tensor(0.5).double(), dim=0)
    best = int(median.argmin())
    assert median[best] < 0.85 * min(median[0], median[-1])
    assert 5 < num_effective(degree, PENALTIES[best]) < 7


def test_sentence_of_the_sweep():
    status = ridge_sweep(1.0, 14).layout.meta["status"]
    assert "4.0 of 15 coefficients are effectively free" in status
