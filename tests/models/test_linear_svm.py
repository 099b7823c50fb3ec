"""The SVM by subgradient, against quadratic programs."""

import math

import pytest
import torch
from scipy.optimize import minimize
from sklearn.svm import SVC

from dlbook.datasets.toy_classification import blobs
from dlbook.models.linear_svm import (
    LinearSVM,
    fit_svm,
    gap_along,
    support_vectors,
    svm_objective,
)


def _points(noise, seed, num_points=60):
    X, y = blobs(num_points, noise, seed=seed)
    return X.double(), 2.0 * y.double() - 1


def _library(X, y, penalty):
    """scikit-learn's solution: its C is 1 / (2 λ n)."""
    svc = SVC(kernel="linear", C=1 / (2 * penalty * len(X)), tol=1e-8).fit(X.numpy(), y.numpy())
    return LinearSVM(torch.tensor(svc.coef_[0]), torch.tensor(svc.intercept_[0]))


@pytest.mark.parametrize("noise", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("penalty", [1e-3, 1e-2, 0.1, 1.0, 10.0])
def test_objective_is_that_of_the_quadratic_program(noise, penalty):
    for seed in range(2):
        X, y = _points(noise, seed)
        reached = svm_objective(fit_svm(X, y, penalty), X, y, penalty)
        best = svm_objective(_library(X, y, penalty), X, y, penalty)
        assert -1e-6 < reached - best < 1e-3


def test_objective_is_that_of_a_program_of_our_own():
    """min λ‖w‖² + mean ξ with ξ >= 0 and y s >= 1 − ξ, by scipy."""
    X, y = _points(0.6, 0, num_points=20)
    penalty, n = 0.05, 20

    def margins(z):
        return y.numpy() * (X.numpy() @ z[:2] + z[2]) - 1 + z[3:]

    program = minimize(
        lambda z: penalty * (z[:2] ** 2).sum() + z[3:].mean(),
        [0.0] * 3 + [1.0] * n,
        bounds=[(None, None)] * 3 + [(0, None)] * n,
        constraints={"type": "ineq", "fun": margins},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-10},
    )
    reached = float(svm_objective(fit_svm(X, y, penalty), X, y, penalty))
    assert program.success
    assert abs(reached - program.fun) < 1e-3


@pytest.mark.parametrize("end", [[3.0, 4.0], [-0.5, 0.0], [1.0, -2.0]])
def test_margin_of_two_points_is_half_their_distance(end):
    X, y = torch.tensor([[0.0, 0.0], end]), torch.tensor([-1.0, 1.0])
    distance = math.hypot(*end)
    svm = fit_svm(X, y, penalty=1e-2 * distance**2 / 25)
    assert svm.street_width / 2 == pytest.approx(distance / 2, rel=0.01)
    assert svm.score(X.double()).tolist() == pytest.approx([-1, 1], abs=0.01)


@pytest.mark.parametrize("noise", [0.3, 0.6, 0.9])
def test_only_points_on_or_in_the_street_carry_weight(noise):
    X, y = _points(noise, 1)
    svc = SVC(kernel="linear", C=1 / (2 * 0.01 * 60), tol=1e-8).fit(X.numpy(), y.numpy())
    svm = fit_svm(X, y, 0.01, num_steps=4_000)
    rests = support_vectors(svm, X, y, slack=0.03)
    assert rests[torch.tensor(svc.support_).long()].all()
    outside = y * svm.score(X) > 1.03
    assert not (rests & outside).any()
    alone = fit_svm(X[rests], y[rests], 0.01 * 60 / int(rests.sum()), num_steps=4_000)
    assert (alone.w - svm.w).norm() < 0.02 * svm.w.norm()


def test_the_widest_free_street_is_the_svms():
    X, y = (part.double() for part in blobs(30, 0.4, seed=2, margin=0.15))
    y = 2 * y - 1
    angles = torch.deg2rad(torch.arange(-90, 90, 0.25).double())
    start, end = gap_along(X, y, torch.stack([angles.cos(), angles.sin()], dim=1))
    assert _library(X, y, 1e-6).street_width == pytest.approx(float((end - start).max()), rel=1e-3)


def test_a_larger_penalty_widens_the_street():
    X, y = _points(0.6, 0)
    widths = [fit_svm(X, y, penalty).street_width for penalty in (1e-3, 1e-2, 0.1, 1.0)]
    assert widths == sorted(widths)


def test_wrong_penalty_is_named():
    with pytest.raises(ValueError, match="penalty must be above 0"):
        fit_svm(*_points(0.3, 0), 0.0)
