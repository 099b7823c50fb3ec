"""The image classifiers whose sizes and costs the book compares, untrained, with logits as output.

Inputs are (batch, 3, 32, 32) as in CIFAR-10, or (batch, 1, 28, 28) as in MNIST; there are 10
classes.
"""

import torch
from torch import nn

from dlbook.models.mlp import mlp


def dense_classifier() -> nn.Sequential:
    """Layers 3072-1024-256-64-10 with ReLU: 3,426,250 parameters."""
    return nn.Sequential(
        nn.Flatten(),
        *(nn.Linear(3072, 1024), nn.ReLU()),
        *(nn.Linear(1024, 256), nn.ReLU()),
        *(nn.Linear(256, 64), nn.ReLU()),
        nn.Linear(64, 10),
    )


def small_convolutional() -> nn.Sequential:
    """Two 5×5 convolutions and three dense layers: 62,006 parameters.

    Reference: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document
    recognition", 1998, for the shape of the network (LeNet-5).
    """
    return nn.Sequential(
        *(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)),
        nn.Flatten(),
        *(nn.Linear(400, 120), nn.ReLU()),
        *(nn.Linear(120, 84), nn.ReLU()),
        nn.Linear(84, 10),
    )


def large_convolutional(*, dropout: float = 0.05) -> nn.Sequential:
    """Six 3×3 convolutions, batch norm after odd ones, three dense layers: 5,852,170 parameters.

    Args:
        dropout: probability in [0, 1) of dropping an entry after the last pooling and after 512.
    """
    layers: list[nn.Module] = []
    for n_in, n_mid, n_out in ((3, 32, 64), (64, 128, 128), (128, 256, 256)):
        layers += [nn.Conv2d(n_in, n_mid, 3, padding=1), nn.BatchNorm2d(n_mid), nn.ReLU()]
        layers += [nn.Conv2d(n_mid, n_out, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(
        *layers,
        nn.Dropout(dropout),
        nn.Flatten(),
        *(nn.Linear(4096, 1024), nn.ReLU()),
        *(nn.Linear(1024, 512), nn.ReLU(), nn.Dropout(dropout)),
        nn.Linear(512, 10),
    )


def digit_dense(
    widths: tuple[int, ...] = (64, 32), *, activation: type[nn.Module] = nn.ReLU, seed: int = 0
) -> nn.Sequential:
    """Layers 784-64-32-10 with ReLU for images of 28×28: 52,650 parameters.

    Args:
        widths: of the hidden layers.
        activation: between the layers.
        seed: of the initial parameters, those of `mlp`.
    """
    return nn.Sequential(nn.Flatten(), *mlp([784, *widths, 10], activation, seed=seed))


def digit_convolutional(*, seed: int = 0) -> nn.Sequential:
    """Two 5×5 convolutions and two dense layers for images of 28×28: 105,506 parameters.

    Args:
        seed: of the initial parameters, which are torch's; its global generator is left alone.

    Reference: Fleuret, "Deep learning", lecture 2019, the first complete program.
    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        return nn.Sequential(
            *(nn.Conv2d(1, 32, 5), nn.MaxPool2d(3), nn.ReLU()),
            *(nn.Conv2d(32, 64, 5), nn.MaxPool2d(2), nn.ReLU()),
            nn.Flatten(),
            *(nn.Linear(256, 200), nn.ReLU()),
            nn.Linear(200, 10),
        )
