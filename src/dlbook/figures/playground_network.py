"""The playground's network: where it starts, what its layers hold, what it is measured by."""

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from dlbook.figures.playground_points import INPUTS, chosen_inputs
from dlbook.losses import squared_error
from dlbook.models.mlp import layer_parameters, mlp
from dlbook.optimizers import initial_state
from dlbook.random import uniform

ACTIVATIONS = {"tanh": nn.Tanh, "ReLU": nn.ReLU, "sigmoid": nn.Sigmoid, "none": nn.Identity}
ADDED_INPUTS = 100  # the stream of the weights of all inputs but x₁ and x₂


def start(
    hyper: dict, width_1: int, width_2: int, width_3: int, width_4: int, width_5: int,
    width_6: int, seed: int, *, depth: int, optimizer: str,
) -> dict:  # fmt: skip
    """The weights and biases of `mlp` for the chosen inputs; an empty memory."""
    widths = (width_1, width_2, width_3, width_4, width_5, width_6)
    outputs = [*widths[:depth], 1]
    chosen = chosen_inputs(hyper)
    count = chosen.sum().clamp(min=1)
    W, b = layer_parameters(2, outputs[0], seed, 0, fan_in=count)
    added = 2 * uniform((outputs[0], len(INPUTS) - 2), seed=seed, stream=ADDED_INPUTS) - 1
    params = {
        "0.weight": torch.cat([W, added / count.sqrt()], dim=1) * chosen,
        "0.bias": b,
    }
    for number in range(1, depth + 1):
        W, b = layer_parameters(outputs[number - 1], outputs[number], seed, number)
        params |= {f"{2 * number}.weight": W, f"{2 * number}.bias": b}
    state = {"memory": initial_state(optimizer, params), "seen": torch.zeros(())}
    return {"params": params, "state": state}


def states(params: dict, X: Tensor, depth: int, activation: str) -> list[Tensor]:
    """What the network holds for its seven inputs X (n, 7): those, each hidden layer, the output
    (n, 1)."""
    held, module = [X], network(depth, activation)
    for first in range(0, 2 * depth + 1, 2):  # an affine map and, before the output, its activation
        names = (f"{first}.weight", f"{first}.bias")
        part = {name: params[name] for name in names}
        held.append(functional_call(module[first : first + 2], part, (held[-1],)))
    return held


@cache
def network(depth: int, activation: str) -> nn.Sequential:
    """The module; its own parameters are never used, so all widths can be called with it."""
    sizes = [len(INPUTS), *[1] * depth, 1]
    return mlp(sizes, ACTIVATIONS[activation]).requires_grad_(False)


def loss_of(output: Tensor, y: Tensor, weights: Tensor, regression: Tensor) -> Tensor:
    """Weighted sum of the cross-entropies, nats; of the squared errors where regression is 1."""
    real = regression > 0
    nats = F.binary_cross_entropy_with_logits(torch.where(real, 0.0, output), y, reduction="none")
    errors = squared_error(torch.where(real, output, y), y)
    return (weights * torch.where(real, errors, nats)).sum()
