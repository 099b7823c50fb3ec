"""Back-propagation with one planted mistake each: for practice with the gradient checker.

Every function has the signature of `dlbook.models.backpropagation.backward`, and is wrong.
"""

import torch
from torch import Tensor

from dlbook.models.activations import Activation
from dlbook.models.backpropagation import Layers, Passed, backward, output_delta


def _weights_and_biases(found: list[Tensor], passed: Passed) -> Layers:
    return [(d.T @ x, d.sum(dim=0)) for d, x in zip(found, passed.x[:-1], strict=True)]


def without_slope(layers: Layers, passed: Passed, y: Tensor, activation: Activation) -> Layers:
    """The message to layer 2 is not multiplied by σ'(s): δ^(2) = δ^(3) W^(3)."""
    d3 = output_delta(passed.x[3], y)
    d2 = d3 @ layers[2][0]
    d1 = (d2 @ layers[1][0]) * activation.slope(passed.s[0])
    return _weights_and_biases([d1, d2, d3], passed)


def without_transpose(layers: Layers, passed: Passed, y: Tensor, activation: Activation) -> Layers:
    """The message to layer 1 is δ^(2) W^(2)ᵀ, which for a square W^(2) has the right shape."""
    d3 = output_delta(passed.x[3], y)
    d2 = (d3 @ layers[2][0]) * activation.slope(passed.s[1])
    d1 = (d2 @ layers[1][0].T) * activation.slope(passed.s[0])
    return _weights_and_biases([d1, d2, d3], passed)


def slope_at_output(layers: Layers, passed: Passed, y: Tensor, activation: Activation) -> Layers:
    """The slope of layer 1 is taken at x^(1) in place of s^(1)."""
    d3 = output_delta(passed.x[3], y)
    d2 = (d3 @ layers[2][0]) * activation.slope(passed.s[1])
    d1 = (d2 @ layers[1][0]) * activation.slope(passed.x[1])
    return _weights_and_biases([d1, d2, d3], passed)


def bias_of_one_sample(layers: Layers, passed: Passed, y: Tensor, activation: Activation) -> Layers:
    """The bias of layer 2 gets δ^(2) of the last sample only: overwritten in place of added."""
    right = backward(layers, passed, y, activation)
    d3 = output_delta(passed.x[3], y)
    d2 = (d3 @ layers[2][0]) * activation.slope(passed.s[1])
    return [right[0], (right[1][0], d2[-1]), right[2]]


def elementwise_softmax(
    layers: Layers, passed: Passed, y: Tensor, activation: Activation
) -> Layers:
    """Softmax differentiated as if each output depended on its own score only."""
    p = passed.x[3]
    d3 = output_delta(p, y) * p * (1 - p)
    d2 = (d3 @ layers[2][0]) * activation.slope(passed.s[1])
    d1 = (d2 @ layers[1][0]) * activation.slope(passed.s[0])
    return _weights_and_biases([d1, d2, d3], passed)


def sum_for_mean(layers: Layers, passed: Passed, y: Tensor, activation: Activation) -> Layers:
    """The weights of layer 1 get the sum over the batch, all else the mean."""
    right = backward(layers, passed, y, activation)
    return [(len(y) * right[0][0], right[0][1]), *right[1:]]


BUGS = {
    "A": without_transpose,
    "B": elementwise_softmax,
    "C": bias_of_one_sample,
    "D": without_slope,
    "E": sum_for_mean,
    "F": slope_at_output,
}


def flat(gradients: Layers) -> list[Tensor]:
    """Gradients in the order W1, b1, W2, b2, ..."""
    return [torch.as_tensor(part) for pair in gradients for part in pair]
