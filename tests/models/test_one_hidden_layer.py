from itertools import permutations, product

import torch
from torch import nn
from torch.nn.utils import parameters_to_vector

from dlbook.models.mlp import mlp
from dlbook.models.one_hidden_layer import (
    mean_squared_error,
    outputs,
    relabelled,
    slice_through,
)

X = torch.linspace(-3, 3, 25, dtype=torch.float64)


def network(num_hidden, seed=0):
    return mlp([1, num_hidden, 1], nn.Tanh, seed=seed)


def theta(num_hidden=3, seed=0):
    return parameters_to_vector(network(num_hidden, seed=seed).double().parameters()).detach()


def test_equals_the_module():
    model = network(5, seed=2).double()
    found = outputs(parameters_to_vector(model.parameters()), X)
    torch.testing.assert_close(found, model(X.unsqueeze(1)).squeeze(1), rtol=0, atol=1e-12)
    assert sum(p.numel() for p in model.parameters()) == 3 * 5 + 1


def test_many_networks_at_once():
    thetas = torch.stack([theta(seed=s) for s in range(6)]).reshape(2, 3, 10)
    assert outputs(thetas, X).shape == (2, 3, 25)
    y = torch.sin(X)
    one = mean_squared_error(thetas[1, 2], X, y)
    torch.testing.assert_close(mean_squared_error(thetas, X, y)[1, 2], one)


def test_relabelling_changes_the_vector_and_not_the_function():
    first = theta()
    second = relabelled(first)
    assert (first - second).norm() > 0.5
    torch.testing.assert_close(outputs(first, X), outputs(second, X), rtol=0, atol=1e-12)
    torch.testing.assert_close(relabelled(second), first)


def test_three_units_have_48_labellings():
    W, b, W2, b2 = theta().split([3, 3, 3, 1])
    found = set()
    for order, signs in product(permutations(range(3)), product((1, -1), repeat=3)):
        sign, order = torch.tensor(signs).double(), list(order)
        other = torch.cat([sign * W[order], sign * b[order], sign * W2[order], b2])
        torch.testing.assert_close(outputs(other, X), outputs(theta(), X), rtol=0, atol=1e-12)
        found.add(tuple(other.tolist()))
    assert len(found) == 48


def test_the_slice_goes_through_both():
    first, second = theta(), theta(seed=1)
    along = torch.tensor([0.0, 0.5, 1.0], dtype=torch.float64)
    across = torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64)
    plane, v = slice_through(first, second, along, across)
    assert plane.shape == (3, 3, 10)
    torch.testing.assert_close(plane[1, 0], first)
    torch.testing.assert_close(plane[1, 2], second)
    assert abs(v @ (second - first)) < 1e-12
    torch.testing.assert_close(v.norm(), (second - first).norm())


def test_a_subtracted_bias_is_the_same_model_and_a_missing_one_is_not():
    """W₂ tanh(W x − b) + b₂ is ours with −b; without b₂ every output is shifted."""
    W, b, W2, b2 = theta().split([3, 3, 3, 1])
    subtracted = torch.tanh(X[:, None] * W - b) @ W2 + b2
    ours = outputs(torch.cat([W, -b, W2, b2]), X)
    torch.testing.assert_close(subtracted, ours, rtol=0, atol=1e-12)
    without = outputs(torch.cat([W, b, W2, 0 * b2]), X)
    torch.testing.assert_close(outputs(theta(), X) - without, b2.expand(25), rtol=0, atol=1e-12)
    linear = network(3)[2]
    assert linear.weight.shape == (1, 3), "outputs × inputs: W₂ needs no transpose"
