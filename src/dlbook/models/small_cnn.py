"""A small convolutional network for digits, and how it is trained on few images."""

import torch
from torch import Tensor, nn

from dlbook.random import integers


def small_cnn(num_classes: int = 10) -> nn.Sequential:
    """Two convolutions with pooling and a linear layer, for images (n, 1, 28, 28).

    The first layer averages 2×2 pixels: the digits were enlarged from 8×8, so nothing is lost.
    """
    return nn.Sequential(
        nn.AvgPool2d(2),  # (n, 1, 14, 14)
        nn.Conv2d(1, 16, kernel_size=3),
        nn.ReLU(),
        nn.MaxPool2d(2),  # (n, 16, 6, 6)
        nn.Conv2d(16, 32, kernel_size=3),
        nn.ReLU(),
        nn.MaxPool2d(2),  # (n, 32, 2, 2)
        nn.Flatten(),
        nn.Linear(128, num_classes),
    )


def train_small_cnn(
    X: Tensor, y: Tensor, *, seed: int, num_steps: int = 250, batch_size: int = 32, lr: float = 5e-3
) -> nn.Sequential:
    """A `small_cnn` after `num_steps` steps of Adam on random batches, in eval mode.

    Args:
        X: (n, 1, 28, 28).
        y: (n,) int64 labels.
        seed: of the initial weights and of the batches.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = small_cnn(int(y.max()) + 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    batches = integers(len(X), (num_steps, batch_size), seed=seed)
    for batch in batches:
        loss = nn.functional.cross_entropy(model(X[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()
