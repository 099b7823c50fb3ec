"""Gradients of batches: unbiased, with noise like one over the root of the batch size."""

import pytest
import torch
from torch import nn

from dlbook.figures.batch_sizes import NUM_TRAIN, digits, network
from dlbook.figures.noise_meter import gradients_at, noises, slope
from dlbook.losses import cross_entropy, squared_error
from dlbook.models.gradient_noise import (
    batch_gradients,
    expected_noise,
    noise_of,
    sample_gradients,
    simple_noise_scale,
)
from dlbook.models.mlp import mlp
from dlbook.random import normal
from dlbook.training import batches


@pytest.fixture(scope="module")
def gradients():
    """Those of 256 digits."""
    (X, y), _ = digits()
    return sample_gradients(network(seed=0), X[:256], y[:256], cross_entropy)


def test_each_row_is_the_gradient_of_one_sample():
    X, y = normal((6, 3), seed=0), normal((6, 1), seed=1)
    model = mlp([3, 4, 1], nn.Tanh, seed=0)
    rows = sample_gradients(model, X, y, squared_error)
    for i in range(6):
        loss = squared_error(model(X[i : i + 1]), y[i : i + 1]).mean()
        parts = torch.autograd.grad(loss, list(model.parameters()))
        one = torch.cat([part.ravel() for part in parts])
        torch.testing.assert_close(rows[i], one)


def test_the_mean_of_the_batches_of_an_epoch_is_the_full_gradient(gradients):
    """Of the trainer's own batches, if all have the same size."""
    parts = [gradients[batch].mean(dim=0) for batch in batches(256, 32, epoch=3, seed=1)]
    torch.testing.assert_close(torch.stack(parts).mean(0), gradients.mean(0), rtol=0, atol=1e-6)
    drawn = batch_gradients(gradients, 32, 8, seed=0)  # eight batches: one epoch
    torch.testing.assert_close(drawn.mean(0), gradients.mean(0), rtol=0, atol=1e-6)


def test_with_a_smaller_last_batch_the_weighted_mean_is_the_full_gradient(gradients):
    cut = list(batches(256, 60, epoch=0, seed=0))
    assert [len(batch) for batch in cut] == [60, 60, 60, 60, 16]
    weighted = sum(len(batch) / 256 * gradients[batch].mean(dim=0) for batch in cut)
    torch.testing.assert_close(weighted, gradients.mean(0), rtol=0, atol=1e-6)


@pytest.mark.parametrize("replacement", [False, True])
@pytest.mark.parametrize("batch_size", [1, 8, 64])
def test_measured_noise_is_the_expected_one(gradients, batch_size, replacement):
    full = gradients.mean(dim=0)
    for seed in range(3):
        drawn = batch_gradients(gradients, batch_size, 400, seed=seed, replacement=replacement)
        told = expected_noise(gradients, batch_size, replacement=replacement)
        assert noise_of(drawn, full) == pytest.approx(told, rel=0.1)


def test_the_whole_set_without_replacement_has_no_noise(gradients):
    drawn = batch_gradients(gradients, 256, 3, seed=0)
    assert noise_of(drawn, gradients.mean(dim=0)) < 1e-6
    assert expected_noise(gradients, 256) == 0


def test_at_the_noise_scale_noise_and_gradient_are_equally_long(gradients):
    scale = simple_noise_scale(gradients)
    length = gradients.mean(dim=0).norm().item()
    one = expected_noise(gradients, 1, replacement=True)
    assert one / scale**0.5 == pytest.approx(length, rel=1e-5)


@pytest.mark.parametrize("stop", [0, 300])
def test_the_slope_is_minus_one_half(stop):
    """Seen: −0.52 to −0.49 over ten seeds of the draws."""
    for seed in range(3):
        assert slope(stop, seed=seed) == pytest.approx(-0.5, abs=0.04)


def test_shuffled_epochs_leave_the_line_only_near_all_samples():
    drawn, shuffled = noises(0, True), noises(0, False)
    assert shuffled[-1] < 1e-3 * drawn[-1]
    assert shuffled[3] == pytest.approx(drawn[3], rel=0.15)


def test_the_noise_scale_grows_in_training():
    """Seen: 58 to 82 at the start, 250 or more after 1,000 steps."""
    assert gradients_at(0).shape == (NUM_TRAIN, 2_410)
    assert simple_noise_scale(gradients_at(1_000)) > 2 * simple_noise_scale(gradients_at(0))
