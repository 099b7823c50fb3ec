"""The decomposition of the error over training sets, and what moves its parts."""

import math

import pytest
import torch

from dlbook.models.bias_variance import decompose, fit_bundle, sine_sets

GRID = torch.linspace(-math.pi, math.pi, 101, dtype=torch.float64)


@pytest.mark.parametrize("degree", [0, 3, 9])
@pytest.mark.parametrize("penalty", [0.0, 0.1])
def test_bias_squared_plus_variance_is_the_error(degree, penalty):
    x, y = sine_sets(30, 15, 0.3)
    parts = decompose(fit_bundle(x, y, degree, penalty, GRID), torch.sin(GRID))
    difference = parts.bias_squared + parts.variance - parts.error
    assert difference.abs().max() < 1e-10
    assert parts.error.shape == (101,)


@pytest.mark.parametrize("first_seed", [0, 100, 200])
def test_degree_trades_bias_for_variance(first_seed):
    x, y = sine_sets(30, 15, 0.3, first_seed=first_seed)
    low, high = (decompose(fit_bundle(x, y, d, 0.0, GRID), torch.sin(GRID)) for d in (1, 9))
    assert low.bias_squared.mean() > 30 * high.bias_squared.mean()
    assert high.variance.mean() > 3 * low.variance.mean()


@pytest.mark.parametrize("first_seed", [0, 100, 200])
def test_penalty_raises_bias_and_lowers_the_error_of_degree_14(first_seed):
    x, y = sine_sets(30, 15, 0.3, first_seed=first_seed)
    free, held = (decompose(fit_bundle(x, y, 14, p, GRID), torch.sin(GRID)) for p in (1e-6, 0.03))
    assert held.bias_squared.mean() > 2 * free.bias_squared.mean()
    assert held.error.mean() < free.error.mean() / 3


def test_variance_of_least_squares_is_noise_times_degrees_of_freedom_over_points():
    x, y = sine_sets(400, 15, 0.3)
    for degree in (1, 5, 9):
        curves = fit_bundle(x, y, degree, 0.0, x[0])
        variance = float(decompose(curves, torch.sin(x[0])).variance.mean())
        assert variance == pytest.approx(0.09 * (degree + 1) / 15, rel=0.1)


def test_sets_differ_only_in_noise_on_a_grid():
    x, y = sine_sets(3, 15, 0.3)
    assert torch.equal(x[0], x[1])
    assert not torch.equal(y[0], y[1])
    assert not torch.equal(*sine_sets(2, 15, 0.3, evenly_spaced=False)[0])
