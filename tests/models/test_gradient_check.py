"""Finite differences, and the planted bugs they are to find."""

import pytest
import torch

from dlbook import random
from dlbook.models import backpropagation as bp
from dlbook.models.gradient_check import numerical_gradient, relative_error
from dlbook.models.planted_bugs import BUGS, flat

TANH = bp.ACTIVATIONS["tanh"]
WRONG = {  # which of W1, b1, W2, b2, W3, b3 a bug spoils
    "A": "110000",
    "B": "111111",
    "C": "000100",
    "D": "111100",
    "E": "100000",
    "F": "110000",
}


def test_nudging_a_known_function():
    x = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64)
    gradient = numerical_gradient(lambda: (x**3).sum(), x, 1e-4)
    assert torch.allclose(gradient, 3 * x**2, atol=1e-7)
    assert x.tolist() == [1.0, -2.0, 3.0]  # put back
    one_sided = numerical_gradient(lambda: (x**3).sum(), x, 1e-4, central=False)
    assert (one_sided - 3 * x**2 - 3 * x * 1e-4).abs().max() < 1e-7  # the error is ε f''/2


@pytest.mark.parametrize("central", [True, False])
def test_the_error_shrinks_and_then_grows(central):
    x = torch.tensor([0.7], dtype=torch.float64)
    errors = [
        (numerical_gradient(lambda: x.exp().sum(), x, 10.0**-k, central=central) - x.exp()).abs()
        for k in range(1, 14)
    ]
    best = min(range(13), key=lambda k: errors[k])
    assert 3 <= best <= 8
    assert errors[0] / errors[1] == pytest.approx(100 if central else 10, rel=0.1)
    assert errors[-1] > 100 * errors[best]


def test_a_nudge_must_be_positive():
    with pytest.raises(ValueError, match="epsilon must be greater than 0"):
        numerical_gradient(lambda: torch.zeros(()), torch.zeros(1), 0.0)


@pytest.mark.parametrize("name", BUGS)
@pytest.mark.parametrize("seed", range(5))
def test_a_bug_spoils_what_comes_after_it_on_the_way_back(name, seed):
    layers = bp.init_layers([3, 5, 5, 3], seed=seed)
    X = random.normal((6, 3), seed=seed, stream=100).double()
    y = random.integers(3, 6, seed=seed, stream=101)
    wrong = flat(BUGS[name](layers, bp.forward(layers, X, TANH), y, TANH))
    parameters = [parameter for pair in layers for parameter in pair]
    for parameter, gradient, spoiled in zip(parameters, wrong, WRONG[name], strict=True):
        nudged = numerical_gradient(lambda: bp.mean_loss(layers, X, y, TANH), parameter, 1e-5)
        error = relative_error(nudged, gradient)
        assert error > 0.02 if spoiled == "1" else error < 1e-7, (name, error)
