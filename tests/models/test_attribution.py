"""Shares of a score: completeness, exactness for linear models, and the definition itself."""

import pytest
import torch

from dlbook.models.attribution import (
    exact_shapley,
    gradient_times_input,
    integrated_gradients,
    linear_shapley,
    occluded,
    sampled_shapley,
)
from dlbook.models.mlp import mlp


def network(seed: int):
    """Three scores of eight inputs."""
    return mlp([8, 16, 3], torch.nn.Tanh, seed=seed).requires_grad_(False)


def inputs(seed: int):
    """An input and a background of five."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(8, generator=generator), torch.randn(5, 8, generator=generator)


@pytest.mark.parametrize("seed", range(3))
def test_shapley_shares_are_complete(seed):
    f, (x, background) = network(seed), inputs(seed)
    gained = f(x) - f(background).mean(dim=0)
    for num_orders in (5, 50):
        shares = sampled_shapley(f, x, background, num_orders=num_orders, seed=seed)
        torch.testing.assert_close(shares.sum(dim=0), gained, atol=1e-5, rtol=0)
    torch.testing.assert_close(exact_shapley(f, x, background).sum(dim=0), gained)


@pytest.mark.parametrize("seed", range(3))
def test_sampling_converges_to_the_sum_over_all_sets(seed):
    f, (x, background) = network(seed), inputs(seed)
    exact = exact_shapley(f, x, background)
    few, many = (
        (sampled_shapley(f, x, background, num_orders=n, seed=seed) - exact).abs().max()
        for n in (10, 2_000)
    )
    assert many < 0.02
    assert many < few / 3


@pytest.mark.parametrize("seed", range(3))
def test_linear_shares_are_exact(seed):
    x, background = inputs(seed)
    w = torch.randn(8, 3, generator=torch.Generator().manual_seed(seed))
    truth = w * (x - background.mean(dim=0))[:, None]
    torch.testing.assert_close(linear_shapley(w, x, background), truth)
    torch.testing.assert_close(linear_shapley(w[:, 0], x, background), truth[:, 0])
    sampled = sampled_shapley(lambda X: X @ w + 2, x, background, num_orders=10)
    torch.testing.assert_close(sampled, truth, atol=1e-5, rtol=0)
    path = integrated_gradients(lambda X: X @ w[:, 0], x, background.mean(dim=0), num_steps=3)
    torch.testing.assert_close(path, truth[:, 0])


@pytest.mark.parametrize("seed", range(3))
def test_integrated_gradients_are_complete(seed):
    f, (x, background) = network(seed), inputs(seed)
    gained = f(x)[1] - f(background[0])[1]
    shares = integrated_gradients(lambda X: f(X)[:, 1], x, background[0], num_steps=200)
    torch.testing.assert_close(shares.sum(), gained, atol=1e-3, rtol=0)
    local = gradient_times_input(lambda X: f(X)[:, 1], x, background[0])
    assert abs(local.sum() - gained) > 0.01


def test_an_input_that_does_not_act_has_no_share_and_twins_have_equal_ones():
    x, background = torch.tensor([1.0, 1.0, 3.0]), torch.zeros(1, 3)
    shares = exact_shapley(lambda X: X[:, 0] * X[:, 1], x, background)
    torch.testing.assert_close(shares, torch.tensor([0.5, 0.5, 0.0]))


def test_more_than_twelve_inputs_are_not_counted_out():
    with pytest.raises(ValueError, match="at most 12"):
        exact_shapley(lambda X: X.sum(1), torch.ones(13), torch.zeros(1, 13))


def test_a_hidden_square_at_the_edge_is_cut_off():
    hidden = occluded(torch.ones(16), 3, 3, 2, 4, torch.zeros(16))
    assert hidden.reshape(4, 4)[3, 3] == 0
    assert hidden.sum() == 15
