"""Explorer figure: a range test of the learning rate, beside what each constant rate reaches."""

from functools import cache

import numpy as np

from dlbook.figures.batch_sizes import digits, network
from dlbook.losses import cross_entropy
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.panels import axis, line, two_panels
from dlbook.plots.theme import BLUE, GREEN, ORANGE
from dlbook.plots.words import in_words
from dlbook.schedules import exponential
from dlbook.sweep import sweep

OPTIMIZERS = {"SGD": "sgd", "momentum": "momentum", "Adam": "adam"}
BATCHES = (8, 32, 128)
SEEDS = range(5)
LOWEST, DECADES, NUM_STEPS = 1e-4, 6, 120  # the test goes from 0.0001 to 100
FACTOR = 10 ** (DECADES / NUM_STEPS)  # a step
RATES = tuple(float(f"{10 ** (k / 2):.3g}") for k in range(-8, 5))
EPOCHS = 3  # of the runs at a constant rate
WINDOW = 9  # losses that are averaged
SHOWN = (0.02, 30.0)


def range_test(optimizer: str, batch_size: int) -> Figure:
    """The loss while η grows by the same factor every step, and the loss that constant η reach.

    Args:
        optimizer: one of `OPTIMIZERS`.
        batch_size: one of `BATCHES`.
    """
    rates, losses = test_losses(optimizer, batch_size)
    proposed, best = proposal(optimizer, batch_size), best_rate(optimizer, batch_size)
    ends = constant_losses(optimizer, batch_size)  # those that diverge leave the axis
    upright = {"showlegend": False, "hoverinfo": "skip"}
    figure = two_panels(
        [
            *curve_with_spread(rates, np.clip(losses, *SHOWN), "range test", BLUE),
            line([proposed, proposed], [0, 4], "a third of the rate at the lowest place", GREEN,
                 width=1.5, line={"dash": "dot"}),
            *curve_with_spread(RATES, ends, "3 epochs at a constant rate", ORANGE, panel=2),
            line([proposed, proposed], SHOWN, "", GREEN, width=1.5, panel=2,
                 line={"dash": "dot"}, **upright),
        ],
        upper=(_rates(), axis("loss on the way (nats)", 0, 4)),
        lower=(_rates(), axis("training loss at the end", -1.7, 1.5, log=True)),
        height=640,
    )  # fmt: skip
    return with_status(
        figure,
        f"{optimizer}, batches of {batch_size}: the test of {NUM_STEPS} steps proposes η = "
        f"{in_words(proposed)}; of the constant rates {in_words(best)} reaches the lowest loss.",
    )


def proposal(optimizer: str, batch_size: int) -> float:
    """A third of the rate at which the median loss of the range test is lowest."""
    rates, losses = test_losses(optimizer, batch_size)
    return float(rates[np.median(losses, axis=0).argmin()] / 3)


def best_rate(optimizer: str, batch_size: int) -> float:
    """Of the constant rates the one with the lowest median loss at the end."""
    return RATES[int(np.median(constant_losses(optimizer, batch_size), axis=0).argmin())]


@cache
def test_losses(optimizer: str, batch_size: int) -> tuple[np.ndarray, np.ndarray]:
    """Rates of the steps, and losses averaged over nine steps of every seed, (seeds, steps)."""
    runs = _sweep(
        optimizer, batch_size, {"lr": [LOWEST]}, num_steps=NUM_STEPS, schedule=exponential(FACTOR)
    )
    losses = np.nan_to_num(runs["loss"].squeeze("lr").to_numpy(), nan=SHOWN[1], posinf=SHOWN[1])
    kernel = np.ones(WINDOW) / WINDOW
    smooth = np.stack([np.convolve(row.clip(max=SHOWN[1]), kernel, "valid") for row in losses])
    middle = np.arange(smooth.shape[1]) + WINDOW // 2
    return LOWEST * FACTOR**middle, smooth


@cache
def constant_losses(optimizer: str, batch_size: int) -> np.ndarray:
    """Training losses after three epochs, (seeds, rates)."""
    train, _ = digits()
    runs = _sweep(
        optimizer, batch_size, {"lr": RATES}, num_epochs=EPOCHS, evaluate={"train": train}
    )
    found = runs["train loss"].squeeze().transpose("seed", "lr").to_numpy()
    return np.nan_to_num(found, nan=1e3, posinf=1e3).clip(max=1e3)


def _sweep(optimizer: str, batch_size: int, grid: dict, **length):
    train, _ = digits()
    return sweep(
        network, train, grid | {"seed": SEEDS}, loss_fn=cross_entropy,
        optimizer=OPTIMIZERS[optimizer], batch_size=batch_size, progress=False, **length,
    )  # fmt: skip


def _rates() -> dict:
    return axis("learning rate η", -4.1, 2.1, log=True)
