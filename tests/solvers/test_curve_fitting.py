"""Gauss-Newton and Levenberg-Marquardt: an exponential to 1e-8, one fit and many at once."""

import numpy as np
import pytest
import torch
from scipy.optimize import least_squares

from dlbook.random import normal
from dlbook.solvers.curve_fitting import gauss_newton, levenberg_marquardt

TIMES = torch.arange(10).double() / 5
SOLUTION = torch.tensor([2.0, 1.5], dtype=torch.float64)
STARTS = torch.tensor([[1, 1], [1, 0], [4, 0], [1, 3], [0.5, 4], [0.1, 0.1], [3, -1], [1, 6]])


def residuals(w):
    return w[0] * torch.exp(-w[1] * TIMES) - 2 * torch.exp(-1.5 * TIMES)


@pytest.mark.parametrize("fit", [gauss_newton, levenberg_marquardt])
def test_fits_an_exponential_to_1e_8(fit):
    for start in STARTS[:4].double():
        run = fit(residuals, start, num_steps=12)
        assert (run.path[-1] - SOLUTION).norm() < 1e-8
        assert 0 < run.steps_to(SOLUTION) <= 9


def test_levenberg_marquardt_arrives_where_gauss_newton_runs_away():
    start = torch.tensor([0.5, 4.0]).double()
    assert gauss_newton(residuals, start, num_steps=40).steps_to(SOLUTION) == -1
    run = levenberg_marquardt(residuals, start, num_steps=40)
    assert 0 < run.steps_to(SOLUTION) < 10
    assert (run.losses.diff() <= 0).all()


@pytest.mark.parametrize("fit", [gauss_newton, levenberg_marquardt])
def test_many_fits_equal_single_ones(fit):
    starts = STARTS[:4].double()  # those that run away magnify rounding
    together = fit(residuals, starts.reshape(2, 2, 2), num_steps=8)
    for k, start in enumerate(starts):
        alone = fit(residuals, start, num_steps=8)
        many = together.path[:, k // 2, k % 2]
        torch.testing.assert_close(many, alone.path, rtol=1e-6, atol=1e-8)


def test_a_linear_model_takes_one_step():
    X, y = normal((20, 3), seed=0).double(), normal(20, seed=1).double()
    run = gauss_newton(lambda w: X @ w - y, torch.zeros(3).double(), num_steps=1)
    exact = torch.linalg.lstsq(X, y.unsqueeze(1)).solution[:, 0]
    torch.testing.assert_close(run.path[1], exact)


def test_noisy_values_are_fitted_as_by_scipy():
    noisy = 2 * torch.exp(-1.5 * TIMES) + 0.1 * normal(10, seed=0)

    def misfit(w):
        return w[0] * torch.exp(-w[1] * TIMES) - noisy

    reference = least_squares(lambda w: misfit(torch.tensor(w)).numpy(), [1, 1], method="lm")
    run = levenberg_marquardt(misfit, torch.ones(2).double(), num_steps=50)
    np.testing.assert_allclose(run.path[-1].numpy(), reference.x, rtol=0, atol=1e-6)
