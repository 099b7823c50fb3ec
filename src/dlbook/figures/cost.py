"""What a gradient costs: multiplications layer by layer, and activations kept over a step."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import torch
from torch import nn

from dlbook.datasets.digits import load_digits
from dlbook.models import backpropagation as bp
from dlbook.models import image_classifiers
from dlbook.models.cost import (
    LayerCost,
    backward_ratio,
    checkpointed_step,
    forward_macs,
    layer_costs,
)
from dlbook.plots import Figure, with_status
from dlbook.plots.cost import cost_by_layer, loss_against_work, memory_over_time, size_and_cost

NUM_CLASSES = 10
NUM_STEPS = 150
NUM_IMAGES = 100
MARKED = sorted({0, NUM_STEPS - 1} | {round(10 ** (k / 16)) for k in range(35)})
DEPTHS = range(1, 9)  # hidden layers
EVERY = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16)

MODELS = {
    "Model 1 (dense)": (image_classifiers.dense_classifier, (3, 32, 32)),
    "Model 2 (5 × 5 convolutions)": (image_classifiers.small_convolutional, (3, 32, 32)),
    "Model 3 (3 × 3 convolutions)": (image_classifiers.large_convolutional, (3, 32, 32)),
    "digit CNN": (image_classifiers.digit_convolutional, (1, 28, 28)),
}


def descent_by_work(width: int, depth: int) -> Figure:
    """The same descent, paid for by back-propagation or by nudging every parameter once.

    Args:
        width: units of each hidden layer.
        depth: number of hidden layers.
    """
    history, num_parameters = _digit_descent(width, depth)
    sizes = [64, *[width] * depth, 4]
    ratio = backward_ratio(_dense(sizes))
    prices = {"back-propagation": 1 + ratio, "nudging": 1 + num_parameters}
    curves = {
        name: ([price * (step + 1) for step in MARKED], [history[step] for step in MARKED])
        for name, price in prices.items()
    }
    low, high = (price * NUM_STEPS for price in prices.values())
    return with_status(
        loss_against_work(curves),
        f"{num_parameters:,} parameters. After {NUM_STEPS} steps both have the same loss, "
        f"{history[-1]:.3f}. Back-propagation spent {low:,.0f} forward passes' worth of "
        f"multiplications, nudging {high:,}: {high / low:,.0f} times as much.",
    )


@lru_cache(maxsize=64)
def _digit_descent(width: int, depth: int) -> tuple[list[float], int]:
    """Losses of a descent on images of the digits 0 to 3, and the number of parameters."""
    X, y = load_digits(classes=range(4))
    layers = bp.init_layers([64, *[width] * depth, 4], seed=1)
    X, y = X[:NUM_IMAGES].double() / 16, y[:NUM_IMAGES]
    _, history = bp.train(layers, X, y, bp.ACTIVATIONS["tanh"], lr=0.1, num_steps=NUM_STEPS)
    return history, sum(W.numel() + b.numel() for W, b in layers)


def cost_bars(inputs: int, width: int, depth: int) -> Figure:
    """Forward, weight gradient and message of every layer of a dense network with 10 outputs.

    Args:
        inputs: numbers in a sample.
        width: units of each hidden layer.
        depth: number of hidden layers, 1 to 8.
    """
    costs = dense_costs(inputs, width, depth)
    ratios = [backward_ratio(dense_costs(inputs, width, other)) for other in DEPTHS]
    ratio, macs = ratios[depth - 1], forward_macs(costs)
    return with_status(
        cost_by_layer(costs, max(DEPTHS) + 1, ratios, depth),
        f"Forward {macs:,} MACs a sample, of which the first layer takes "
        f"{costs[0].forward / macs:.0%}. Backward costs {ratio:.2f} times that, the whole "
        f"gradient {1 + ratio:.2f}. Nudging each of the {macs:,} weights once would cost "
        f"{macs:,} forward passes.",
    )


def dense_costs(inputs: int, width: int, depth: int) -> list[LayerCost]:
    """Costs of a dense network with 10 outputs."""
    return _dense((inputs, *[width] * depth, NUM_CLASSES))


def _dense(sizes: Sequence[int]) -> list[LayerCost]:
    with torch.device("meta"):  # sizes without numbers
        layers = [nn.Linear(a, b) for a, b in pairwise(sizes)]
        return layer_costs(nn.Sequential(*layers), sizes[:1])


def checkpoints(layers: int, every: int) -> Figure:
    """Activations in memory while a chain of equal layers takes one training step.

    Args:
        layers: number of layers, at least `every`.
        every: each `every`-th activation is kept, the others are computed again when needed.
    """
    step = checkpointed_step(layers, every)
    peaks = [checkpointed_step(layers, k).peak for k in EVERY]
    again = step.kind.count("again") / layers
    return with_status(
        memory_over_time(step, layers, EVERY, peaks, every),
        f"{layers} layers, every {every}{_ordinal(every)} activation kept: at most {step.peak} in "
        f"memory at a time, in place of {layers}; {again:.0%} of a forward pass is done twice.",
    )


def model_sizes() -> Figure:
    """Parameters and multiplications of four image classifiers, on logarithmic axes."""
    rows = {name: layer_costs(make(), shape) for name, (make, shape) in MODELS.items()}
    weights = [sum(cost.num_weights for cost in costs) for costs in rows.values()]
    macs = [forward_macs(costs) for costs in rows.values()]
    ratios = [backward_ratio(costs) for costs in rows.values()]
    words = [
        f"{name}: {m / w:.0f} MACs a weight, backward / forward {r:.2f}"
        for name, w, m, r in zip(rows, weights, macs, ratios, strict=True)
    ]
    figure = size_and_cost(list(rows), np.array(weights), np.array(macs), ratios)
    return with_status(figure, "; ".join(words) + ".")


def _ordinal(number: int) -> str:
    return {1: "st", 2: "nd", 3: "rd"}.get(number, "th")
