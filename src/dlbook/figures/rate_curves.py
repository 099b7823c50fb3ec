"""Explorer figure: what seven optimizers reach on digits, over the learning rate."""

from functools import cache

import numpy as np
import torch

from dlbook.figures.batch_sizes import digits, network
from dlbook.losses import cross_entropy
from dlbook.models.optimizer_race import RACERS, WORDS
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.optimizer_styles import STYLES
from dlbook.plots.panels import axis, one_panel
from dlbook.plots.words import in_words
from dlbook.sweep import sweep

RATES = tuple(float(f"{10 ** (k / 2):.3g}") for k in range(-8, 5))  # 0.0001 to 100
STEPS = (10, 30, 100, 300)
SEEDS = range(3)
MEASURES = {"training loss": "train loss", "test error": "test error"}
WORST = 1e3  # stands for what is no number any more


def rate_curves(steps: int, measure: str) -> Figure:
    """Loss or error over the learning rate, median and quartiles of three seeds.

    Args:
        steps: made with batches of 32, one of `STEPS`.
        measure: one of `MEASURES`.
    """
    traces = []
    for name in RACERS:
        color, dash = STYLES[name]
        runs_of = reached(name, steps, measure)
        traces += curve_with_spread(RATES, runs_of, WORDS[name], color, dash=dash)
    figure = one_panel(
        traces,
        axis("learning rate η", -4.1, 2.1, log=True),
        axis("loss (nats), or share of errors", -2.2, 0.6, log=True),
        height=430,
    )
    best = ", ".join(
        f"{WORDS[name]} {in_words(value)} at {in_words(rate)}"
        for name, (rate, value) in best_rates(steps, measure).items()
    )
    return with_status(figure, f"After {steps} steps, at its best rate: {best}.")


def best_rates(steps: int, measure: str) -> dict[str, tuple[float, float]]:
    """Of each optimizer the rate with the lowest median, and that median."""
    found = {}
    for name in RACERS:
        medians = np.median(reached(name, steps, measure), axis=0)
        found[name] = (RATES[int(medians.argmin())], float(medians.min()))
    return found


def reached(name: str, steps: int, measure: str) -> np.ndarray:
    """Loss or error after some steps, (seeds, rates); what is no number is `WORST`."""
    values = runs()[MEASURES[measure]].sel(optimizer=name, at_step=steps)
    found = values.transpose("seed", "lr").to_numpy()
    return np.where(np.isfinite(found), found, WORST)


@cache
def runs():
    """All of them: optimizers × rates × seeds, batches of 32, 300 steps."""
    train, test = digits()
    grid = {"optimizer": list(RACERS), "lr": RATES, "seed": SEEDS}
    return sweep(
        network, train, grid, loss_fn=cross_entropy, num_steps=STEPS[-1], batch_size=32,
        evaluate={"train": train, "test": test},
        metrics={"loss": lambda logits, y: cross_entropy(logits, y).mean(), "error": share_wrong},
        at_steps=STEPS, progress=False,
    )  # fmt: skip


def share_wrong(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The share of samples whose largest logit is that of another class."""
    return (logits.argmax(dim=-1) != y).to(torch.float32).mean()
