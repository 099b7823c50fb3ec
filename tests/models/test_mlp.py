import itertools
import math

import pytest
import torch
from torch import nn
from torch.func import functional_call
from torch.nn.functional import cross_entropy

from dlbook.datasets.toy_classification import moons
from dlbook.models.mlp import collapse, linears, mlp, num_edges, num_parameters, states
from dlbook.random import integers, normal


def random_sizes(seed: int) -> list[int]:
    depth = 2 + seed % 4
    return (1 + integers(12, depth, seed=seed)).tolist()


@pytest.mark.parametrize("seed", range(12))
def test_number_of_parameters_and_of_edges_for_random_widths(seed):
    sizes = random_sizes(seed)
    model = mlp(sizes)
    assert num_parameters(sizes) == sum(p.numel() for p in model.parameters())
    assert num_edges(sizes) == sum(p.numel() for p in model.parameters() if p.ndim == 2)
    assert num_parameters(sizes) - num_edges(sizes) == sum(sizes[1:])  # a bias for each neuron


def test_two_layer_count_of_the_lecture():
    for n, m in itertools.product((1, 2, 7), (1, 4, 9)):
        assert num_parameters([n, m, 1]) == m * (n + 1) + m + 1


def test_shapes_and_plain_sequential():
    model = mlp([3, 5, 4, 2], nn.Tanh)
    assert type(model) is nn.Sequential
    assert [type(m) for m in model] == [nn.Linear, nn.Tanh, nn.Linear, nn.Tanh, nn.Linear]
    assert model(torch.zeros(6, 3)).shape == (6, 2)
    assert [tuple(layer.weight.shape) for layer in linears(model)] == [(5, 3), (4, 5), (2, 4)]


@pytest.mark.parametrize("activation", [nn.ReLU, nn.Tanh, nn.SiLU])
def test_equals_the_written_out_scalar_loop(activation):
    model, x = mlp([3, 4, 4, 2], activation, seed=5), normal((3,), seed=1)
    h, sigma = x.tolist(), activation()
    for number, layer in enumerate(linears(model)):
        W, z = layer.weight.tolist(), layer.bias.tolist()
        for k in range(layer.out_features):
            for i in range(layer.in_features):
                z[k] += W[k][i] * h[i]
        h = z if number == 2 else [float(sigma(torch.tensor(z_k))) for z_k in z]
    assert torch.allclose(model(x[None])[0], torch.tensor(h), atol=1e-6, rtol=0)


def test_initial_values_have_the_distribution_of_nn_linear():
    torch.manual_seed(0)
    for number, num_inputs in enumerate((200, 50)):
        ours = linears(mlp([200, 50, 300], seed=3))[number]
        theirs = nn.Linear(num_inputs, ours.out_features)
        bound = 1 / math.sqrt(num_inputs)
        for name in ("weight", "bias"):
            mine, other = (getattr(layer, name).detach() for layer in (ours, theirs))
            assert mine.abs().max() <= bound
            if mine.numel() > 1000:
                assert abs(float(mine.mean())) < 0.02 * bound  # seen 0.009
                assert float(mine.std() / other.std()) == pytest.approx(1, abs=0.02)  # seen 0.005


def test_seed_decides_and_the_global_generator_is_left_alone():
    torch.manual_seed(0)
    before = torch.get_rng_state()
    a, b, c = mlp([2, 8, 3], seed=1), mlp([2, 8, 3], seed=1), mlp([2, 8, 3], seed=2)
    assert torch.equal(before, torch.get_rng_state())
    for p, q, r in zip(a.parameters(), b.parameters(), c.parameters(), strict=True):
        assert torch.equal(p, q)
        assert not torch.equal(p, r)
    draws = torch.cat([p.flatten() for p in a.parameters()])
    assert len(draws.unique()) == len(draws)  # no two parameters share a draw


def test_functional_call_and_stacking():
    model, X = mlp([2, 4, 3]), normal((5, 2), seed=0)
    parameters = dict(model.named_parameters())
    assert torch.equal(functional_call(model, parameters, (X,)), model(X))
    doubled = {name: 2 * p for name, p in parameters.items()}
    assert not torch.allclose(functional_call(model, doubled, (X,)), model(X))
    stacked = {name: torch.stack([p, 2 * p]) for name, p in parameters.items()}
    both = torch.vmap(lambda p: functional_call(model, p, (X,)))(stacked)
    assert torch.allclose(both[1], functional_call(model, doubled, (X,)))


@pytest.mark.parametrize("activation", [nn.ReLU, nn.Tanh])
def test_gradient_reaches_every_parameter(activation):
    X, y = moons(200)
    model = mlp([2, 8, 8, 2], activation)
    cross_entropy(model(X), y).backward()
    assert all(p.grad.abs().sum() > 0 for p in model.parameters())


@pytest.mark.parametrize("seed", range(3))
def test_overfits_eight_points(seed):
    X, y = normal((8, 2), seed=seed), integers(2, 8, seed=seed, stream=9)
    model = mlp([2, 32, 32, 2], seed=seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(400):
        optimizer.zero_grad()
        loss = cross_entropy(model(X), y)
        loss.backward()
        optimizer.step()
    assert float(loss.detach()) < 0.02  # seen 0.0007 to 0.002
    assert torch.equal(model(X).argmax(1), y)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("depth", [1, 2, 3, 8])
def test_affine_layers_collapse_to_one_matrix(depth, seed):
    sizes = (1 + integers(9, depth + 1, seed=seed, stream=depth)).tolist()
    model, X = mlp(sizes, nn.Identity, seed=seed), normal((50, sizes[0]), seed=seed)
    W, b = collapse(linears(model))
    assert torch.allclose(model(X), X @ W.T + b, atol=1e-5, rtol=0)
    assert W.shape == (sizes[-1], sizes[0])


def test_a_network_with_relu_does_not_collapse():
    model, X = mlp([2, 8, 8, 1]), 3 * normal((50, 2), seed=0)
    W, b = collapse(linears(model))
    assert (model(X) - (X @ W.T + b)).abs().max() > 0.1  # seen 0.55


def test_states_are_the_nodes():
    model, X = mlp([2, 5, 4, 1]), normal((7, 2), seed=0)
    held = states(model, X)
    assert [h.shape[1] for h in held] == [2, 5, 4, 1]
    assert torch.equal(held[0], X)
    assert torch.equal(held[-1], model(X))
    assert torch.equal(held[1], linears(model)[0](X).relu())
    assert float(torch.cat([h.flatten() for h in held[1:3]]).min()) == 0


@pytest.mark.parametrize("sizes", [[], [3], [2, 0, 1]])
def test_impossible_widths_are_named(sizes):
    for function in (mlp, num_parameters, num_edges):
        with pytest.raises(ValueError, match="sizes is"):
            function(sizes)


def test_weights_are_outputs_times_inputs_and_the_bias_is_added():
    """One convention for all layers, the second one too: no transpose, + b, a bias in each."""
    model, X = mlp([3, 5, 2]), normal((7, 3), seed=1)
    first, second = linears(model)
    for layer, num_inputs, num_outputs in ((first, 3, 5), (second, 5, 2)):
        assert layer.weight.shape == (num_outputs, num_inputs)
        assert layer.bias.shape == (num_outputs,)
    by_hand = [second.weight @ (first.weight @ x + first.bias).relu() + second.bias for x in X]
    assert torch.allclose(model(X), torch.stack(by_hand), atol=1e-6)
    for wrong in (-second.bias, 0 * second.bias):
        other = [second.weight @ (first.weight @ x + first.bias).relu() + wrong for x in X]
        assert not torch.allclose(model(X), torch.stack(other), atol=1e-3)


def test_a_matrix_of_inputs_times_outputs_cannot_act_on_the_input():
    A, x = normal((5, 3), seed=0), normal((3,), seed=1)  # 3 inputs, 5 outputs
    with pytest.raises(RuntimeError):
        A.T @ x
    component = torch.stack([sum(A[k, j] * x[j] for j in range(3)) for k in range(5)])
    assert torch.allclose(A @ x, component, atol=1e-6)
