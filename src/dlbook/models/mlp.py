"""Multilayer perceptrons: neurons in layers, one after another, and how many numbers they have."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from dlbook import random


def mlp(
    sizes: Sequence[int], activation: Callable[[], nn.Module] = nn.ReLU, *, seed: int = 0
) -> nn.Sequential:
    """A multilayer perceptron (fully connected network).

        h^(0) = x,   h^(l) = σ(W^(l) h^(l−1) + b^(l)) for l < L,   output W^(L) h^(L−1) + b^(L)

    The output is left as it is (a real number, logits): what it means is the loss's business.
    Weights and biases are drawn from U(−1/√n, 1/√n), n the inputs of the layer: the distribution
    of `nn.Linear`, with this book's own draws (streams 2l and 2l + 1 of the seed), which a page
    can repeat; torch's global generator is left alone.

    Args:
        sizes: widths (inputs, hidden units of each hidden layer, outputs); two or more, each >= 1.
            Two widths make a linear model.
        activation: makes the module σ between the layers, e.g. `nn.Tanh`; `nn.Identity` makes a
            linear network.
        seed: of the initial parameters.

    Returns:
        nn.Sequential Linear, σ, Linear, σ, ..., Linear: inputs (n, sizes[0]) -> (n, sizes[-1]).

    Raises:
        ValueError: fewer than two widths, or one below 1.

    >>> mlp([2, 3, 1], nn.Tanh)
    Sequential(
      (0): Linear(in_features=2, out_features=3, bias=True)
      (1): Tanh()
      (2): Linear(in_features=3, out_features=1, bias=True)
    )
    """
    _check(sizes)
    modules: list[nn.Module] = []
    for number, (num_inputs, num_outputs) in enumerate(pairwise(sizes)):
        if modules:
            modules.append(activation())
        modules.append(_linear(num_inputs, num_outputs, seed, number))
    return nn.Sequential(*modules)


def num_parameters(sizes: Sequence[int]) -> int:
    """Weights and biases of a multilayer perceptron: Σ (n_in + 1) n_out over its layers.

    Raises:
        ValueError: fewer than two widths, or one below 1.

    >>> num_parameters([2, 2, 1])
    9
    """
    _check(sizes)
    return sum((num_inputs + 1) * num_outputs for num_inputs, num_outputs in pairwise(sizes))


def num_edges(sizes: Sequence[int]) -> int:
    """Weights alone, the lines in a drawing of the network: Σ n_in n_out over its layers.

    Raises:
        ValueError: fewer than two widths, or one below 1.
    """
    _check(sizes)
    return sum(num_inputs * num_outputs for num_inputs, num_outputs in pairwise(sizes))


def linears(model: nn.Sequential) -> list[nn.Linear]:
    """The affine layers of an `mlp`, first to last."""
    return [module for module in model if isinstance(module, nn.Linear)]


def states(model: nn.Sequential, X: Tensor) -> list[Tensor]:
    """What the nodes of the network hold: the inputs, each hidden layer after σ, the outputs.

    Args:
        model: an `mlp`.
        X: (n, inputs).

    Returns:
        one tensor (n, width) for each width of the network.
    """
    held = [X]
    for module in model:
        h = module(held[-1])
        if isinstance(module, nn.Linear):
            held.append(h)
        else:
            held[-1] = h  # the activation acts on the layer that was just computed
    return held


def collapse(layers: Sequence[nn.Linear]) -> tuple[Tensor, Tensor]:
    """The one affine map W x + b that affine layers make when nothing stands between them.

        W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2), and so on

    Returns:
        W (last outputs, first inputs) and b (last outputs,).
    """
    W, b = layers[0].weight, layers[0].bias
    for layer in layers[1:]:
        W, b = layer.weight @ W, layer.weight @ b + layer.bias
    return W, b


def layer_parameters(
    num_inputs: int, num_outputs: int, seed: int, number: int, *, fan_in: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """The weights and biases that a layer of `mlp` starts with, from U(−1/√n, 1/√n). Traceable.

    Args:
        num_inputs, num_outputs: of the layer.
        seed: of the network.
        number: of the layer, from 0: streams 2 · number and 2 · number + 1 of the seed.
        fan_in: n, a 0-d tensor, where it is not num_inputs.

    Returns:
        Weights (num_outputs, num_inputs) and biases (num_outputs,).
    """
    W = random.uniform((num_outputs, num_inputs), seed=seed, stream=2 * number)
    b = random.uniform((num_outputs,), seed=seed, stream=2 * number + 1)
    root = (torch.ones(num_inputs).sum() if fan_in is None else fan_in).sqrt()
    return (2 * W - 1) / root, (2 * b - 1) / root


def _linear(num_inputs: int, num_outputs: int, seed: int, number: int) -> nn.Linear:
    layer = nn.utils.skip_init(nn.Linear, num_inputs, num_outputs)
    W, b = layer_parameters(num_inputs, num_outputs, seed, number)
    with torch.no_grad():
        layer.weight.copy_(W)
        layer.bias.copy_(b)
    return layer


def _check(sizes: Sequence[int]) -> None:
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes is {list(sizes)}; it must be two or more widths, each at least 1")
