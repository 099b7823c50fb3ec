import doctest
import math

import numpy as np
import pytest
import torch

from dlbook.datasets import toy_regression
from dlbook.datasets.toy_regression import (
    cubic,
    oscillation,
    sine,
    sparse_linear,
    sparse_weights,
    step,
)

CURVES = [sine, cubic, step, oscillation]


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("evenly_spaced", [True, False])
def test_shapes_types_and_interval(curve, evenly_spaced):
    x, y = curve(60, seed=2, evenly_spaced=evenly_spaced)
    assert x.shape == y.shape == (60,)
    assert x.dtype == y.dtype == torch.float32
    half_width = math.pi if curve is sine else 1.0
    assert x.abs().max() <= half_width + 1e-6
    if evenly_spaced:
        assert x.tolist() == pytest.approx(np.linspace(-half_width, half_width, 60), abs=1e-6)


@pytest.mark.parametrize("curve", CURVES)
def test_noise_is_the_standard_deviation_of_y(curve):
    x, clean = curve(4000, 0.0, seed=5)
    same_x, noisy = curve(4000, 0.3, seed=5)
    assert torch.equal(x, same_x)
    assert (noisy - clean).std().item() == pytest.approx(0.3, rel=0.06)
    assert clean.abs().max() <= 1 + 1e-6


@pytest.mark.parametrize("curve", [*CURVES, sparse_linear])
def test_a_seed_decides_everything(curve):
    x, y = curve(30, seed=1)
    again_x, again_y = curve(30, seed=1)
    _, other_y = curve(30, seed=2)
    assert torch.equal(x, again_x)
    assert torch.equal(y, again_y)
    assert not torch.equal(y, other_y)


@pytest.mark.parametrize("curve", CURVES)
def test_more_drawn_points_leave_the_earlier_ones_where_they_were(curve):
    x, y = curve(20, seed=4, evenly_spaced=False)
    longer_x, longer_y = curve(70, seed=4, evenly_spaced=False)
    assert torch.equal(longer_x[:20], x)
    assert torch.equal(longer_y[:20], y)


def test_the_functions_are_those_of_their_docstrings():
    x, y = sine(50, 0.0, frequency=2.0)
    assert y.tolist() == pytest.approx(np.sin(2 * x.numpy()), abs=1e-5)
    x, y = cubic(50, 0.0)
    assert y.tolist() == pytest.approx(np.cos(3 * np.arccos(x.double().numpy())), abs=1e-5)
    x, y = step(51, 0.0, threshold=0.0)
    assert torch.equal(y, (x >= 0).float())
    x, y = oscillation(50, 0.0, num_periods=3.0)
    wave = np.sin(3 * np.pi * x.numpy()) * (1 + x.numpy()) / 2
    assert y.tolist() == pytest.approx(wave, abs=1e-5)


def test_the_lecture_fit_of_the_sine():
    """Degree 4 on 100 points gives 0.852214 x - 0.092267 x³ (Fleuret 2019, polynomial fit)."""
    x, y = sine(100, 0.0)
    coefficients = np.polyfit(x.double().numpy(), y.double().numpy(), 4)
    assert coefficients == pytest.approx([0, -0.092267, 0, 0.852214, 0], abs=1e-6)


def test_the_example_in_the_docstring():
    assert doctest.testmod(toy_regression) == (0, 1)


def test_sparse_linear_is_linear_in_its_weights():
    X, y = sparse_linear(80, 0.0, num_features=12, num_nonzero=5)
    assert X.shape == (80, 12)
    w = sparse_weights(12, 5)
    assert w.tolist() == [5, -4, 3, -2, 1, 0, 0, 0, 0, 0, 0, 0]
    assert y.tolist() == pytest.approx((X @ w).tolist())
    _, noisy = sparse_linear(2000, 0.5)
    _, clean = sparse_linear(2000, 0.0)
    assert (noisy - clean).std().item() == pytest.approx(0.5, rel=0.08)
    assert torch.corrcoef(torch.stack([noisy - clean, clean]))[0, 1].abs() < 0.12


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sine(0), "num_points is 0"),
        (lambda: step(5, -1.0), "noise is -1.0"),
        (lambda: sparse_linear(5, num_features=3, num_nonzero=4), "num_nonzero is 4"),
    ],
)
def test_mistakes_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
