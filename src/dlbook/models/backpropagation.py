"""Back-propagation by hand for a multilayer perceptron with softmax and cross-entropy.

Layers l = 1, ..., L; a batch holds one sample a row, so that x below is (batch, units):

    s^(l) = x^(l−1) W^(l)ᵀ + b^(l),   x^(l) = σ(s^(l)),   x^(L) = softmax(s^(L)) = p

The loss is ℓ = −log p_y, averaged over the batch. Backward, with δ^(l) = ∂ℓ/∂s^(l):

    δ^(L) = (p − onehot(y)) / batch,   δ^(l) = (δ^(l+1) W^(l+1)) ⊙ σ'(s^(l))
    ∂ℓ/∂W^(l) = δ^(l)ᵀ x^(l−1),   ∂ℓ/∂b^(l) = Σ_batch δ^(l)

Reference: Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", 1986.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from dlbook import losses, random
from dlbook.models import activations
from dlbook.models.activations import Activation

Layers = list[tuple[Tensor, Tensor]]  # W (outputs, inputs) and b (outputs,) of every layer

ACTIVATIONS = {name.lower(): activations.ACTIVATIONS[name] for name in ("tanh", "ReLU", "sigmoid")}


@dataclass(frozen=True)
class Passed:
    """What the forward pass keeps for the backward pass.

    Attributes:
        s: pre-activations s^(1), ..., s^(L), each (batch, units of the layer).
        x: inputs and activations x^(0), ..., x^(L); the last holds probabilities.
    """

    s: list[Tensor]
    x: list[Tensor]


def init_layers(sizes: Sequence[int], *, seed: int, dtype=torch.float64) -> Layers:
    """Weights from N(0, 2/inputs) and biases from N(0, 1/100) for layers of `sizes`, input first.

    Reference for the weights: He, Zhang, Ren, Sun, "Delving deep into rectifiers", 2015.
    """
    layers = []
    for number, (n_in, n_out) in enumerate(pairwise(sizes)):
        W = random.normal((n_out, n_in), seed=seed, stream=2 * number).to(dtype)
        b = random.normal(n_out, seed=seed, stream=2 * number + 1).to(dtype)
        layers.append((W * math.sqrt(2 / n_in), 0.1 * b))
    return layers


def forward(layers: Layers, X: Tensor, activation: Activation) -> Passed:
    """The forward pass of inputs X (batch, features), with everything on the way."""
    s, x = [], [X]
    for number, (W, b) in enumerate(layers, start=1):
        s.append(x[-1] @ W.T + b)
        last = number == len(layers)
        x.append(s[-1].softmax(dim=1) if last else activation(s[-1]))
    return Passed(s, x)


def mean_loss(layers: Layers, X: Tensor, y: Tensor, activation: Activation) -> Tensor:
    """The mean cross-entropy of labels y (batch,), in nats."""
    return losses.cross_entropy(forward(layers, X, activation).s[-1], y).mean()


def deltas(layers: Layers, passed: Passed, y: Tensor, activation: Activation) -> list[Tensor]:
    """δ^(1), ..., δ^(L): the gradients with respect to the pre-activations, (batch, units)."""
    found = [output_delta(passed.x[-1], y)]
    for (W, _), s in zip(layers[:0:-1], passed.s[-2::-1], strict=True):
        found.insert(0, (found[0] @ W) * activation.slope(s))
    return found


def output_delta(probabilities: Tensor, y: Tensor) -> Tensor:
    """(p − onehot(y)) / batch: softmax and cross-entropy differentiated together."""
    return (probabilities - one_hot(y, probabilities.shape[1])) / len(y)


def backward(layers: Layers, passed: Passed, y: Tensor, activation: Activation) -> Layers:
    """∂ℓ/∂W^(l) and ∂ℓ/∂b^(l) of every layer, in the shapes of `layers`."""
    found = deltas(layers, passed, y, activation)
    return [(delta.T @ x, delta.sum(dim=0)) for delta, x in zip(found, passed.x[:-1], strict=True)]


def descend(layers: Layers, gradients: Layers, lr: float) -> Layers:
    """θ − η ∂ℓ/∂θ for every weight and bias."""
    return [
        (W - lr * dW, b - lr * db)
        for (W, b), (dW, db) in zip(layers, gradients, strict=True)
    ]  # fmt: skip


def train(
    layers: Layers,
    X: Tensor,
    y: Tensor,
    activation: Activation,
    *,
    lr: float,
    num_steps: int,
    gradient: Callable[[Layers, Passed, Tensor, Activation], Layers] = backward,
) -> tuple[Layers, list[float]]:
    """Gradient descent on the whole batch: the layers after it, and the loss before every step."""
    history = []
    for _ in range(num_steps):
        passed = forward(layers, X, activation)
        history.append(losses.cross_entropy(passed.s[-1], y).mean().item())
        layers = descend(layers, gradient(layers, passed, y, activation), lr)
    return layers, history


def layer_jacobians(layers: Layers, passed: Passed, activation: Activation) -> list[Tensor]:
    """Jacobians ∂x^(l)/∂x^(l−1) of the hidden layers and ∂s^(L)/∂x^(L−1), for the first sample.

    diag(σ'(s^(l))) W^(l), of shape (outputs, inputs). Their product, the last one leftmost, is the
    Jacobian of the logits with respect to the input.
    """
    slopes = [activation.slope(s[0]) for s in passed.s[:-1]]
    hidden = [slope[:, None] * W for slope, (W, _) in zip(slopes, layers, strict=False)]
    return [*hidden, layers[-1][0]]
