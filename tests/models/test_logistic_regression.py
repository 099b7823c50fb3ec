"""Logistic regression: its gradient, its descent, and what separable data do to it."""

import pytest
import torch

from dlbook import random
from dlbook.datasets.toy_classification import blobs, two_gaussians
from dlbook.models import logistic_regression as lr


def problem(maker=two_gaussians, seed=0, **settings):
    X, y = maker(100, seed=seed, **settings)
    return lr.design_matrix(X), 2.0 * y.double() - 1


def thetas(seed=0, count=10):
    return random.normal((count, 3), seed=seed, stream=1).double() * 2


def test_gradient_equals_finite_differences():
    A, y = problem()
    for theta in thetas():
        h = 1e-6 * torch.eye(3, dtype=torch.float64)
        slopes = (lr.loss(A, y, theta + h) - lr.loss(A, y, theta - h)) / 2e-6
        assert (lr.gradient(A, y, theta) - slopes).abs().max() < 1e-6


def test_gradient_equals_autograd():
    A, y = problem()
    theta = thetas().requires_grad_()
    (slopes,) = torch.autograd.grad(lr.loss(A, y, theta).sum(), theta)
    assert (lr.gradient(A, y, theta) - slopes).abs().max() < 1e-10


def test_loss_equals_torch():
    A, y = problem()
    theta = thetas()[0]
    theirs = torch.nn.functional.binary_cross_entropy_with_logits(A @ theta, (y + 1) / 2)
    assert (lr.loss(A, y, theta) - theirs).abs() < 1e-12


def test_curvature_is_bounded():
    A, y = problem()
    limit = lr.largest_curvature(A)
    for theta in thetas():
        by_autograd = torch.func.hessian(lambda t: lr.loss(A, y, t))(theta)
        torch.testing.assert_close(lr.hessian(A, theta), by_autograd, rtol=0, atol=1e-10)
        found = torch.linalg.eigvalsh(by_autograd)
        assert found[0] > -1e-12
        assert found[-1] <= limit


@pytest.mark.parametrize("seed", range(5))
def test_loss_falls_at_every_step_below_the_limit(seed):
    A, y = problem(seed=seed)
    start = thetas(seed)[0]
    rate = 1.9 / lr.largest_curvature(A)
    losses = lr.loss(A, y, lr.gradient_descent(A, y, start, lr=rate, num_steps=300))
    assert (losses.diff() <= 1e-12).all()


@pytest.mark.parametrize("seed", range(5))
def test_loss_rises_and_never_settles_above_the_limit_of_its_minimum(seed):
    A, y = problem(seed=seed)
    best = lr.gradient_descent(A, y, torch.zeros(3).double(), lr=1.0, num_steps=5_000)[-1]
    rate = 2.5 / torch.linalg.eigvalsh(lr.hessian(A, best))[-1].item()
    losses = lr.loss(A, y, lr.gradient_descent(A, y, thetas(seed)[0], lr=rate, num_steps=1_000))
    assert losses[-100:].min() > lr.loss(A, y, best) + 0.01
    assert (losses[-100:].diff() > 0).any()


@pytest.mark.parametrize("seed", range(5))
def test_on_separable_data_the_weights_grow_without_bound(seed):
    """As log t: as much from 100 to 1,000 steps as from 1,000 to 10,000, and the loss as 1/t."""
    A, y = problem(blobs, seed=seed, margin=0.2)
    path = lr.gradient_descent(A, y, torch.zeros(3).double(), lr=1.0, num_steps=10_000)
    norm = path[:, :2].norm(dim=1)
    assert (norm[1:].diff() > 0).all()
    per_decade = norm[[1_000, 10_000]] - norm[[100, 1_000]]
    assert per_decade.min() > 2
    losses = lr.loss(A, y, path[[100, 1_000, 10_000]])
    assert (losses[:-1] / losses[1:] > 3).all()
    assert (y * (A @ path[-1]) > 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_on_overlapping_data_the_weights_come_to_rest(seed):
    A, y = problem(seed=seed)
    path = lr.gradient_descent(A, y, torch.zeros(3).double(), lr=1.0, num_steps=10_000)
    assert (path[-1] - path[1_000]).norm() < 1e-3 * path[-1].norm()
    assert lr.gradient(A, y, path[-1]).norm() < 1e-9
