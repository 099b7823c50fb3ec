"""Lasso and elastic net: three solvers, one answer, and it is the minimum."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import ElasticNet

from dlbook.datasets.toy_regression import sparse_linear, sparse_weights
from dlbook.models.lasso import (
    LinearFit,
    admm,
    coordinate_descent,
    ista,
    max_penalty,
    objective,
    soft_threshold,
    subgradient_gap,
)

SOLVERS = [ista, coordinate_descent, admm]


def _problem(seed: int, n: int = 60):
    X, y = sparse_linear(n, 0.5, seed=seed)
    return X.double() + 1.0, y.double() + 3.0  # the bias has something to do


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("l1_ratio", [1.0, 0.5])
@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
def test_solvers_agree_and_meet_the_subgradient_conditions(seed, l1_ratio, share):
    X, y = _problem(seed)
    penalty = share * float(max_penalty(X, y, l1_ratio))
    fits = [solver(X, y, penalty, l1_ratio) for solver in SOLVERS]
    for fit in fits:
        torch.testing.assert_close(fit.weights, fits[0].weights, rtol=0, atol=1e-6)
        torch.testing.assert_close(fit.bias, fits[0].bias, rtol=0, atol=1e-6)
        assert subgradient_gap(X, y, fit, penalty, l1_ratio) < 1e-6


@pytest.mark.parametrize("l1_ratio", [1.0, 0.5])
def test_equals_scikit_learn(l1_ratio):
    X, y = _problem(0)
    reference = ElasticNet(alpha=0.2, l1_ratio=l1_ratio, tol=1e-12).fit(X.numpy(), y.numpy())
    for solver in SOLVERS:
        fit = solver(X, y, 0.2, l1_ratio)
        np.testing.assert_allclose(fit.weights.numpy(), reference.coef_, rtol=0, atol=1e-6)
        assert float(fit.bias) == pytest.approx(reference.intercept_, abs=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_from_the_largest_penalty_on_all_weights_are_zero(seed):
    X, y = _problem(seed)
    limit = float(max_penalty(X, y))
    for solver in SOLVERS:
        assert (solver(X, y, 1.0001 * limit).weights == 0).all()
        assert (solver(X, y, 0.99 * limit).weights != 0).sum() == 1


@pytest.mark.parametrize("solver", SOLVERS)
def test_the_bias_is_not_penalised(solver):
    X, y = _problem(0)
    fit = solver(X, y, 2 * float(max_penalty(X, y)))
    assert float(fit.bias) == pytest.approx(float(y.mean()), abs=1e-9)
    moved = solver(X, y + 100, 0.2)
    torch.testing.assert_close(moved.weights, solver(X, y, 0.2).weights, rtol=0, atol=1e-6)


def test_no_penalty_gives_least_squares():
    X, y = _problem(0)
    with_ones = torch.cat([X, torch.ones(60, 1, dtype=torch.float64)], dim=1)
    exact = torch.linalg.lstsq(with_ones, y.unsqueeze(1)).solution.squeeze(1)
    for solver in SOLVERS:
        torch.testing.assert_close(solver(X, y, 0.0).weights, exact[:-1], rtol=0, atol=1e-6)


def test_soft_threshold_minimises_its_parabola():
    z = torch.tensor([-2.0, -0.3, 0.0, 0.5, 3.0], dtype=torch.float64)
    v = soft_threshold(z, 0.5)
    assert v.tolist() == [-1.5, 0.0, 0.0, 0.0, 2.5]
    trial = torch.linspace(-3, 3, 6001, dtype=torch.float64)
    values = (trial - z.unsqueeze(1)) ** 2 / 2 + 0.5 * trial.abs()
    torch.testing.assert_close(trial[values.argmin(dim=1)], v, rtol=0, atol=1e-3)


def test_the_gap_sees_a_point_that_is_not_the_minimum():
    X, y = _problem(0)
    fit = ista(X, y, 0.2)
    off = LinearFit(fit.weights + 0.01, fit.bias, 0)
    assert subgradient_gap(X, y, off, 0.2) > 1e-3
    assert objective(X, y, off, 0.2) > objective(X, y, fit, 0.2)


@pytest.mark.parametrize("seed", range(5))
def test_lasso_finds_the_features_that_matter(seed):
    X, y = sparse_linear(100, 0.5, seed=seed)
    found = coordinate_descent(X.double(), y.double(), 0.3).weights != 0
    assert torch.equal(found, sparse_weights() != 0)


def test_constant_column_keeps_weight_zero():
    X, y = _problem(0)
    X[:, 3] = 7.0
    assert coordinate_descent(X, y, 0.01).weights[3] == 0


def test_wrong_settings_are_named():
    X, y = _problem(0)
    with pytest.raises(ValueError, match="penalty must be 0 or more, not -1"):
        ista(X, y, -1.0)
    with pytest.raises(ValueError, match="l1_ratio must be above 0 and at most 1, not 0"):
        max_penalty(X, y, 0.0)


@pytest.mark.parametrize("seed", range(3))
def test_subgradient_steps_leave_no_exact_zeros(seed):
    X, y = _problem(seed)
    Xc, yc, w = X - X.mean(dim=0), y - y.mean(), torch.zeros(20, dtype=torch.float64)
    for _ in range(2_000):
        w = w - 0.01 * (Xc.T @ (Xc @ w - yc) / len(y) + 0.3 * torch.sign(w))
    assert (w != 0).all()
    assert (ista(X, y, 0.3).weights == 0).sum() >= 12
