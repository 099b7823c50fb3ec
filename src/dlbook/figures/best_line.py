"""Figure of what the best of all lines gets wrong, for toy sets of which some have no good line."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.toy_classification import SETS
from dlbook.models.best_line import fewest_errors
from dlbook.plots import Figure, with_status
from dlbook.plots.panels import axis, dots, one_panel
from dlbook.plots.theme import GRAY, PURPLE

NUM_POINTS, NUM_SETS = 60, 20
KINDS = {  # as written in the figure: name in `SETS`, noise
    "blobs": ("blobs", 0.3),
    "overlapping blobs": ("blobs", 0.8),
    "moons": ("moons", 0.1),
    "xor": ("xor", 0.0),
    "circles": ("circles", 0.1),
}


@lru_cache
def best_line_errors() -> Tensor:
    """Share of points that the best line gets wrong, (kinds of sets, 20 seeds)."""
    errors = [
        [fewest_errors(*SETS[name](NUM_POINTS, noise, seed=seed)) for seed in range(NUM_SETS)]
        for name, noise in KINDS.values()
    ]
    return torch.tensor(errors) / NUM_POINTS


def errors_of_the_best_line() -> Figure:
    """Those shares, one dot a seed, and their means."""
    errors = best_line_errors()
    rows = torch.arange(len(KINDS)).double()
    spread = torch.linspace(-0.28, 0.28, NUM_SETS).double()
    figure = one_panel(
        [
            dots(
                errors.flatten(),
                (rows[:, None] + spread).flatten(),
                "one set of 60 points",
                GRAY,
                size=6,
            ),
            dots(errors.mean(dim=1), rows, "mean of 20", PURPLE, size=14),
        ],
        axis("share of points wrong", -0.02, 0.5),
        axis("", len(KINDS) - 0.5, -0.5, tickvals=list(range(len(KINDS))), ticktext=list(KINDS)),
        height=340,
    )
    means = ", ".join(f"{n} {m:.2f}" for n, m in zip(KINDS, errors.mean(dim=1), strict=True))
    return with_status(figure, f"Mean share of errors of the best line: {means}.")
