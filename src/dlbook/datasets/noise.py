"""What makes toy data noisy: points that jitter and labels that are wrong.

The toy sets take their draws from the streams below, so that two of them with one seed share their
noise, and none shares it with a model that draws from a stream below 1000.
"""

from operator import index

import torch
from torch import Tensor

from dlbook.random import integers, normal, uniform

POSITION, JITTER, FLIP, NEW_LABEL = range(1000, 1004)


def jitter(X: Tensor, noise: float, *, seed: int) -> Tensor:
    """X + noise · ε with ε standard normal, independent for every entry.

    Args:
        X: float32 tensor of any shape.
        noise: standard deviation, in the units of X, at least 0.
        seed: in [0, 2³²).

    Returns:
        float32 tensor of X's shape.
    """
    return X + noise * normal(X.shape, seed=seed, stream=JITTER) if noise else X


def flip_labels(y: Tensor, label_noise: float, *, num_classes: int = 2, seed: int) -> Tensor:
    """The labels y, each replaced with probability `label_noise` by one of the other classes.

    The labels that are wrong at a small `label_noise` stay wrong, and stay the same, at a larger.

    Args:
        y: int64 tensor (n,), values 0 to num_classes − 1.
        label_noise: probability, in [0, 1].
        num_classes: at least 2.
        seed: in [0, 2³²).

    Returns:
        int64 tensor (n,).

    Raises:
        ValueError: label_noise lies outside [0, 1].
    """
    if not 0 <= label_noise <= 1:
        raise ValueError(f"label_noise is {label_noise}; it must lie between 0 and 1")
    flipped = uniform(y.shape, seed=seed, stream=FLIP) < label_noise
    step = 1 + integers(num_classes - 1, y.shape, seed=seed, stream=NEW_LABEL)
    return torch.where(flipped, (y + step) % num_classes, y)


def check_toy_settings(num_points: int, noise: float, *, name: str = "num_points") -> None:
    """Raise a ValueError that names the setting unless num_points >= 1 (an int) and noise >= 0."""
    if index(num_points) < 1:
        raise ValueError(f"{name} is {num_points}; it must be at least 1")
    if not noise >= 0:
        raise ValueError(f"noise is {noise}; it must be at least 0")
