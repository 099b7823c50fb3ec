"""Explorer figure: the loss for six batch sizes, over steps and over samples seen."""

from functools import cache

import numpy as np
from torch import Tensor, nn

from dlbook.datasets.digits import split_digits
from dlbook.losses import cross_entropy
from dlbook.models.mlp import mlp
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.panels import axis, one_panel
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, PURPLE, RED
from dlbook.sweep import sweep

NUM_TRAIN = 1_024  # a power of two: every batch size fits
BATCHES = (1, 4, 16, 64, 256, NUM_TRAIN)
RATES = (0.01, 0.03, 0.1, 0.3)
SEEDS = range(5)
SAMPLES = tuple(2**k for k in range(6, 13))  # seen when the loss is measured, 64 to 4,096
COLORS = (RED, ORANGE, PURPLE, GREEN, BLUE, GRAY)
UNITS = {"steps": "steps", "samples": "samples seen"}


def network(seed: int = 0) -> nn.Sequential:
    """64 inputs, 32 ReLU units, 10 outputs: 2,410 parameters."""
    return mlp([64, 32, 10], seed=seed)


@cache
def digits() -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """1,024 digits to train on and 450 to test on, pixels 0 to 1."""
    (X, y), (X_test, y_test) = split_digits()
    return (X[:NUM_TRAIN] / 16, y[:NUM_TRAIN]), (X_test / 16, y_test)


def loss_by_batch(rate: float, unit: str) -> Figure:
    """Training loss of one network, median and quartiles of five seeds, for six batch sizes.

    Args:
        rate: learning rate η of all of them.
        unit: what is counted, one of `UNITS`.
    """
    traces = []
    for batch_size, color in zip(BATCHES, COLORS, strict=True):
        samples, losses = training_losses(batch_size, rate)
        counted = samples / batch_size if unit == "steps" else samples
        name = "all 1,024" if batch_size == NUM_TRAIN else f"{batch_size}"
        traces += curve_with_spread(counted, losses, name, color)
    figure = one_panel(
        traces,
        axis("steps, or samples seen", 0, 4, log=True),
        axis("training loss (nats)", -2, 0.5, log=True),
        height=400,
    )
    return with_status(figure, _sentence(rate))


@cache
def training_losses(batch_size: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """How many samples had been seen, (times,), and the loss of all training samples then.

    Returns:
        Counts, and losses of every seed, (seeds, times).
    """
    return _counts(batch_size), _all_rates(batch_size).sel(lr=rate)["train loss"].to_numpy()


def _counts(batch_size: int) -> np.ndarray:
    return np.array([count for count in SAMPLES if count >= batch_size])


@cache
def _all_rates(batch_size: int):
    train, _ = digits()
    steps = [int(count) // batch_size for count in _counts(batch_size)]
    grid = {"lr": RATES, "seed": SEEDS}
    return sweep(
        network, train, grid, loss_fn=cross_entropy, num_steps=steps[-1], at_steps=steps,
        batch_size=batch_size, evaluate={"train": train}, progress=False,
    )  # fmt: skip


def _sentence(rate: float) -> str:
    ends = {b: np.median(training_losses(b, rate)[1][:, -1]) for b in BATCHES}
    listed = ", ".join(f"{end:.2g}" for end in ends.values())
    return (
        f"η = {rate}: after 4,096 samples the losses are {listed} with batches of 1, 4, 16, 64, "
        f"256 and all 1,024: {SAMPLES[-1]:,} steps of the first, 4 of the last."
    )
