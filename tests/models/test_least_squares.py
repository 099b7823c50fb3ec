"""Least squares and ridge: the same weights on three roads, limits, and the effective number."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge

from dlbook.models.least_squares import (
    least_squares,
    penalty_for,
    ridge,
    ridge_by_svd,
    ridge_normal_equations,
    shrinkage,
)
from dlbook.random import normal

SEEDS = range(5)


def _problem(seed: int, n: int = 30, d: int = 6):
    return normal((n, d), seed=seed).double(), normal(n, seed=seed, stream=1).double()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("penalty", [1e-3, 0.1, 1.0, 100.0])
def test_ridge_closed_form_augmented_rows_and_svd_filter_agree(seed, penalty):
    X, y = _problem(seed)
    w = ridge(X, y, penalty)
    for other in (ridge_normal_equations, ridge_by_svd):
        torch.testing.assert_close(other(X, y, penalty), w, rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_vanishing_penalty_gives_least_squares(seed):
    X, y = _problem(seed)
    exact = least_squares(X, y)
    assert torch.equal(ridge(X, y, 0.0), ridge(X, y, torch.zeros(6)))
    distances = [float((ridge(X, y, p) - exact).norm()) for p in (1e-2, 1e-4, 1e-6, 0.0)]
    assert distances == sorted(distances, reverse=True)
    assert distances[2] < 1e-6
    assert distances[3] < 1e-12


def test_ridge_is_scikit_learns():
    X, y = _problem(0)
    reference = Ridge(alpha=0.7, fit_intercept=False).fit(X.numpy(), y.numpy())
    np.testing.assert_allclose(ridge(X, y, 0.7).numpy(), reference.coef_, rtol=0, atol=1e-12)


def test_infinite_penalty_removes_a_column():
    X, y = _problem(0)
    w = ridge(X, y, torch.tensor([0.0, 0, 0, 0, torch.inf, torch.inf]))
    torch.testing.assert_close(w[:4], least_squares(X[:, :4], y), rtol=0, atol=1e-12)
    assert (w[4:] == 0).all()


def test_free_weight_is_not_shrunk():
    y = torch.full((10,), 5.0, dtype=torch.float64)
    ones = torch.ones(10, 1, dtype=torch.float64)
    assert float(ridge(ones, y, torch.tensor([0.0]))) == pytest.approx(5.0, abs=1e-12)
    assert float(ridge(ones, y, 1e6)) < 1e-3


def test_least_squares_of_dependent_columns_has_least_norm():
    X = torch.ones(4, 2, dtype=torch.float64)
    w = least_squares(X, torch.full((4,), 2.0, dtype=torch.float64))
    torch.testing.assert_close(w, torch.ones(2, dtype=torch.float64))


def test_training_sets_are_fitted_at_once():
    X, y = (
        torch.stack([_problem(s)[0] for s in SEEDS]),
        torch.stack([_problem(s)[1] for s in SEEDS]),
    )
    together = ridge(X, y, 0.3)
    for s in SEEDS:
        torch.testing.assert_close(together[s], ridge(X[s], y[s], 0.3), rtol=0, atol=1e-12)


def test_shrinkage_counts_the_effective_parameters():
    X, _ = _problem(0)
    hat = X @ torch.linalg.solve(X.T @ X + 2.0 * torch.eye(6, dtype=torch.float64), X.T)
    assert float(shrinkage(X, 2.0).sum()) == pytest.approx(float(hat.trace()), abs=1e-12)
    assert float(shrinkage(X, 0.0).sum()) == pytest.approx(6.0, abs=1e-12)
    assert float(shrinkage(X, penalty_for(X, 2.5)).sum()) == pytest.approx(2.5, abs=1e-9)


def test_wrong_settings_are_named():
    X, y = _problem(0)
    with pytest.raises(ValueError, match="penalty must be 0 or more, not -1"):
        ridge(X, y, -1.0)
    with pytest.raises(ValueError, match="num_effective is 7"):
        penalty_for(X, 7)
