"""Explorer figure: six kinds of schedules that all fall to one factor, and what they reach."""

from functools import cache

import numpy as np
import torch

from dlbook.figures.batch_sizes import digits, network
from dlbook.losses import cross_entropy
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.panels import axis, line, two_panels
from dlbook.plots.theme import BLUE, GRAY, PURPLE
from dlbook.schedules import (
    Schedule,
    constant,
    cosine,
    exponential,
    inverse_time,
    step_decay,
    warm_up,
)
from dlbook.sweep import sweep

NUM_STEPS, BATCH, RATE = 500, 8, 0.3
SEEDS = range(5)
TIMES = tuple(range(20, NUM_STEPS + 1, 20))
KINDS = ("steps down", "exponential", "cosine", "warm-up, cosine", "1/t", "1/√t")
LAST = (0.3, 0.1, 0.03, 0.01)


def schedule(kind: str, last: float) -> Schedule:
    """A schedule that falls from 1 to `last` in 500 steps.

    Args:
        kind: one of `KINDS`; "steps down" goes in three levels.
        last: the factor at the end.
    """
    made = {
        "steps down": step_decay(NUM_STEPS / 3, last**0.5),
        "exponential": exponential(last ** (1 / NUM_STEPS)),
        "cosine": cosine(NUM_STEPS, last),
        "warm-up, cosine": warm_up(50, cosine(NUM_STEPS - 50, last)),
        "1/t": inverse_time((1 / last - 1) / NUM_STEPS),
        "1/√t": inverse_time((1 / last**2 - 1) / NUM_STEPS, 0.5),
    }
    return made[kind]


def schedule_kinds(kind: str, last: float) -> Figure:
    """The factor over 500 steps; the training loss with it and with a constant rate.

    Args:
        kind, last: as for `schedule`.
    """
    steps = np.arange(NUM_STEPS + 1)
    factors = schedule(kind, last)(torch.arange(NUM_STEPS + 1)).numpy()
    figure = two_panels(
        [
            line(steps, factors, "factor", PURPLE, showlegend=False),
            *curve_with_spread(TIMES, losses(None, 1.0), "constant rate", GRAY, panel=2),
            *curve_with_spread(TIMES, losses(kind, last), "with this schedule", BLUE, panel=2),
        ],
        upper=(_steps(), axis("factor on η", -0.03, 1.05)),
        lower=(_steps(), axis("training loss (nats)", -1.2, 0.5, log=True)),
        height=560,
        upper_share=0.36,
    )
    mine, plain = (final(*run) for run in ((kind, last), (None, 1.0)))
    return with_status(
        figure,
        f"{kind}, down to {last:g}: after 500 steps the loss is {mine[1]:.3f} (five seeds: "
        f"{mine[0]:.3f} to {mine[2]:.3f}); with a constant rate {plain[1]:.3f} ({plain[0]:.3f} to "
        f"{plain[2]:.3f}).",
    )


def final(kind: str | None, last: float) -> tuple[float, float, float]:
    """Lowest, median and highest training loss of five seeds at the end; no kind: constant."""
    ends = losses(kind, last)[:, -1]
    return float(ends.min()), float(np.median(ends)), float(ends.max())


@cache
def losses(kind: str | None, last: float) -> np.ndarray:
    """Training losses of five seeds every 20 steps, (seeds, 25); no kind: constant."""
    train, _ = digits()
    runs = sweep(
        network, train, {"seed": SEEDS}, loss_fn=cross_entropy, hyper={"lr": RATE},
        batch_size=BATCH, num_steps=NUM_STEPS, evaluate={"train": train}, at_steps=TIMES,
        schedule=schedule(kind, last) if kind else constant(), progress=False,
    )  # fmt: skip
    return runs["train loss"].transpose("seed", "at_step").to_numpy()


def _steps() -> dict:
    return axis("steps", 0, NUM_STEPS)
