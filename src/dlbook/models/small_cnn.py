"""A small convolutional network for digits."""

import torch
from torch import nn


def small_cnn(num_classes: int = 10, *, seed: int = 0) -> nn.Sequential:
    """Two convolutions with pooling and a linear layer, for images (n, 1, 28, 28).

    The first layer averages 2×2 pixels: the digits were enlarged from 8×8, so nothing is lost.

    Args:
        num_classes: logits an image.
        seed: of the initial parameters, which are torch's; its global generator is left alone.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
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
