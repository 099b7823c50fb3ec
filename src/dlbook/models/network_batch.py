"""Many small networks of one shape trained side by side, which differ in seed and data only."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from dlbook import random


@dataclass(frozen=True)
class NetworkBatch:
    """S networks with one hidden layer of ReLU units: logits = W2 relu(W1 x + b1) + b2.

    Attributes:
        parameters: W1 (S, hidden, features), b1 (S, hidden), W2 (S, classes, hidden),
            b2 (S, classes).
    """

    parameters: tuple[Tensor, Tensor, Tensor, Tensor]

    def logits(self, X: Tensor) -> Tensor:
        """Logits (S, n, classes) for inputs (n, features), or (S, n, features) of each network."""
        W1, b1, W2, b2 = self.parameters
        h = (X @ W1.mT + b1[:, None]).relu()
        return h @ W2.mT + b2[:, None]

    def predict(self, X: Tensor) -> Tensor:
        """Predicted labels (S, n) for inputs as in `logits`."""
        with torch.no_grad():
            return self.logits(X).argmax(-1)


def init_networks(
    num_features: int, hidden_size: int, num_classes: int, *, seeds: list[int]
) -> NetworkBatch:
    """Networks with He's initial weights N(0, 2/inputs) and biases 0, one for each seed.

    Reference: He, Zhang, Ren, Sun, "Delving deep into rectifiers", ICCV 2015, section 2.2.
    """
    W1 = [random.normal((hidden_size, num_features), seed=s, stream=0) for s in seeds]
    W2 = [random.normal((num_classes, hidden_size), seed=s, stream=1) for s in seeds]
    return NetworkBatch(
        (
            torch.stack(W1) * math.sqrt(2 / num_features),
            torch.zeros(len(seeds), hidden_size),
            torch.stack(W2) * math.sqrt(2 / hidden_size),
            torch.zeros(len(seeds), num_classes),
        )
    )


def train_networks(
    X: Tensor,
    y: Tensor,
    X_eval: Tensor,
    *,
    seeds: list[int],
    num_classes: int = 10,
    hidden_size: int = 32,
    num_epochs: int = 20,
    batch_size: int = 50,
    lr: float = 0.1,
    momentum: float = 0.9,
) -> Tensor:
    """Train one network a seed and return what each predicts after every epoch.

    Minibatch gradient descent with momentum on the mean cross-entropy; every network is stepped
    as if it were alone. The seed decides the initial weights and the order of the cases.

    Args:
        X: training inputs, (n, features), or (S, n, features) to give each network its own.
        y: training labels, (n,) or (S, n).
        X_eval: inputs to predict, (m, features) or (S, m, features).
        seeds: S seeds.
        num_classes, hidden_size: widths of the output and the hidden layer.
        num_epochs, batch_size: passes over the training set, cases a step.
        lr, momentum: of the gradient steps.

    Returns:
        int64 (epochs, S, m): predicted labels.
    """
    num_networks, n = len(seeds), X.shape[-2]
    X, y = X.expand(num_networks, n, -1), y.expand(num_networks, n)
    networks = init_networks(X.shape[-1], hidden_size, num_classes, seeds=seeds)
    parameters = [p.requires_grad_() for p in networks.parameters]
    optimizer = torch.optim.SGD(parameters, lr=lr, momentum=momentum)
    predictions, rows = [], torch.arange(num_networks)[:, None]
    for epoch in range(num_epochs):
        orders = torch.stack([random.permutation(n, seed=s, stream=2 + epoch) for s in seeds])
        for batch in orders.split(batch_size, dim=1):  # (S, batch)
            logits = networks.logits(X[rows, batch])
            losses = F.cross_entropy(logits.mT, y[rows, batch], reduction="none").mean(1)  # (S,)
            optimizer.zero_grad()
            losses.sum().backward()  # a sum, so that no network feels the others
            optimizer.step()
        predictions.append(networks.predict(X_eval))
    return torch.stack(predictions)
