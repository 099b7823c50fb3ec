"""A network with two hidden layers on 100 points of the plane, alone or many of them stacked."""

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlbook.datasets.noise import JITTER
from dlbook.datasets.toy_classification import SETS
from dlbook.models.mlp import layer_parameters, mlp
from dlbook.models.mlp_batch import outputs_of
from dlbook.random import normal

ACTIVATIONS = {"tanh": nn.Tanh, "ReLU": nn.ReLU}
DEPTH, NUM_TRAIN, NUM_TEST = 2, 100, 200
LIMIT = 1.8  # of the plane that is shown


def points(data_set: str, noise: Tensor | float) -> dict[str, Tensor]:
    """Training points X, y and test points X_test, y_test of a toy set's seed 0, with jitter."""
    count = NUM_TRAIN + NUM_TEST
    X, y = SETS[data_set](count, 0.0, seed=0)
    X = X + noise * normal((count, 2), seed=0, stream=JITTER)
    y = y.to(torch.float32)
    return {
        "X": X[:NUM_TRAIN],
        "y": y[:NUM_TRAIN],
        "X_test": X[NUM_TRAIN:],
        "y_test": y[NUM_TRAIN:],
    }


def shapes(width: int) -> dict[str, tuple[int, ...]]:
    """Name and shape of every parameter: "0.weight", "0.bias", "2.weight", ..."""
    sizes, named = [2, *[width] * DEPTH, 1], {}
    for number in range(DEPTH + 1):
        named[f"{2 * number}.weight"] = (sizes[number + 1], sizes[number])
        named[f"{2 * number}.bias"] = (sizes[number + 1],)
    return named


def first_weights(width: int, seed: int) -> dict[str, Tensor]:
    """The weights and biases of `mlp([2, width, width, 1], seed=seed)`."""
    sizes, params = [2, *[width] * DEPTH, 1], {}
    for number in range(DEPTH + 1):
        W, b = layer_parameters(sizes[number], sizes[number + 1], seed, number)
        params |= {f"{2 * number}.weight": W, f"{2 * number}.bias": b}
    return params


def logits(stacked: dict[str, Tensor], X: Tensor, activation: str) -> Tensor:
    """What each of S networks answers to the points (n, 2): (S, n)."""
    return outputs_of(network(activation), stacked, X).squeeze(2)


def losses_of(logits: Tensor, y: Tensor) -> Tensor:
    """Each network's mean cross-entropy, nats: (S,)."""
    y = y.expand(logits.shape)
    return F.binary_cross_entropy_with_logits(logits, y, reduction="none").mean(dim=1)


@cache
def network(activation: str) -> nn.Sequential:
    """The module; its own parameters are never used, so every width can be called with it."""
    return mlp([2, *[1] * DEPTH, 1], ACTIVATIONS[activation]).requires_grad_(False)
