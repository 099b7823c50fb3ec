"""Convolutional networks: pooling, strides, normalisation, transposed and dilated ones."""

import torch
from torch import nn
from torch.nn import functional as F

from zoo.training import digits, random_numbers, supervised


def class_loss(call, b):
    return F.cross_entropy(call(b["X"]), b["y"])


def lenet():
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64, 10),
    )  # fmt: skip
    return supervised(model, class_loss, digits())


def strides_and_batch_norm():
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, stride=2, padding=1), nn.BatchNorm2d(8, track_running_stats=False),
        nn.GELU(), nn.Conv2d(8, 8, 3, padding=1), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(32, 10),
    )  # fmt: skip
    return supervised(model, class_loss, digits())


def padded_pools():
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3, dilation=2, padding=2), nn.Tanh(), nn.MaxPool2d(3, 2, 1),
        nn.Conv2d(4, 4, 1), nn.GroupNorm(2, 4), nn.AvgPool2d(3, 1), nn.AdaptiveAvgPool2d(1),
        nn.Flatten(), nn.Linear(4, 10),
    )  # fmt: skip
    return supervised(model, class_loss, digits(32))


def autoencoder():
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, stride=2, padding=1), nn.ReLU(),
        nn.ConvTranspose2d(8, 1, 4, stride=2, padding=1),
    )  # fmt: skip
    return supervised(model, lambda call, b: F.mse_loss(call(b["X"]), b["X"]), {"X": digits()["X"]})


def upsampling_autoencoder():
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.SiLU(), nn.Upsample(scale_factor=2),
        nn.Conv2d(4, 4, 3, padding=1), nn.SiLU(), nn.ConvTranspose2d(4, 1, 3, padding=1),
    )  # fmt: skip
    return supervised(
        model, lambda call, b: F.mse_loss(call(b["X"]), b["X"]), {"X": digits(16)["X"]}
    )


def one_dimension():
    model = nn.Sequential(
        nn.Conv1d(3, 6, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(6, 3, 3, stride=2)
    )
    X = torch.randn(16, 3, 20, generator=random_numbers())
    y = torch.randn(16, 3, 4, generator=random_numbers(1))
    return supervised(model, lambda call, b: F.mse_loss(call(b["X"]), b["y"]), {"X": X, "y": y})


class Block(nn.Module):
    """A residual block that halves the image."""

    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Conv2d(4, 8, 3, 2, 1, bias=False), nn.Conv2d(8, 8, 3, 1, 1)
        self.short = nn.Conv2d(4, 8, 1, 2, bias=False)

    def forward(self, x):
        return F.relu(self.two(F.relu(self.one(x))) + self.short(x))


def residual_blocks():
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), Block(), nn.Flatten(2), nn.AvgPool1d(16), nn.Flatten(),
        nn.Linear(8, 10),
    )  # fmt: skip
    return supervised(model, class_loss, digits(32))


EXAMPLES = {
    "lenet": lenet,
    "strides_and_batch_norm": strides_and_batch_norm,
    "padded_pools": padded_pools,
    "autoencoder": autoencoder,
    "upsampling_autoencoder": upsampling_autoencoder,
    "one_dimension": one_dimension,
    "residual_blocks": residual_blocks,
}
