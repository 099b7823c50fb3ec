"""The running example: a small network that tells four handwritten digits apart."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from dlbook.datasets.digits import load_digits
from dlbook.losses import cross_entropy
from dlbook.models.mlp import mlp, states

SIZES = (64, 16, 8, 4)  # 8×8 pixels, two ReLU layers, four classes
DIGITS = (0, 1, 2, 3)
NUM_TRAINED = 540  # of 720; the rest is for testing


def four_digits() -> tuple[Tensor, Tensor]:
    """720 images of the digits 0 to 3 as rows of numbers in [0, 1], (720, 64), and labels."""
    X, y = load_digits(DIGITS)
    return X / 16, y


def train_digit_network(
    checkpoints: Sequence[int], *, seed: int = 0, lr: float = 0.01
) -> list[nn.Sequential]:
    """The network after each number of Adam steps in `checkpoints` (rising), in eval mode.

    Each step uses all of the first 540 images and minimises the mean cross-entropy.
    """
    X, y = (part[:NUM_TRAINED] for part in four_digits())
    model, kept = mlp(SIZES, seed=seed), []
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for step in range(checkpoints[-1] + 1):
        if step in checkpoints:
            copy = mlp(SIZES).eval()
            copy.load_state_dict(model.state_dict())
            kept.append(copy)
        optimizer.zero_grad()
        cross_entropy(model(X), y).mean().backward()
        optimizer.step()
    return kept


def accuracy_on_new(model: nn.Sequential) -> float:
    """Share of the 180 images after the first 540 that the network gets right."""
    X, y = (part[NUM_TRAINED:] for part in four_digits())
    with torch.no_grad():
        return float((model(X).argmax(1) == y).double().mean())


def white_units(model: nn.Sequential) -> list[list[int]]:
    """The units that hold 0 for every image of `four_digits`, by hidden layer."""
    hidden = states(model, four_digits()[0])[1:-1]
    return [(h == 0).all(dim=0).nonzero().flatten().tolist() for h in hidden]
