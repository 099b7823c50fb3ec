"""Depth against width with the same number of parameters, trained on four tasks."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor, nn

from dlbook.datasets.digits import split_digits
from dlbook.datasets.toy_classification import spiral
from dlbook.losses import cross_entropy, squared_error
from dlbook.models.equal_budget import matched_mlp
from dlbook.models.tents import tent
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.panels import axis, dots, one_panel
from dlbook.plots.theme import BLUE, GRAY, ORANGE
from dlbook.random import uniform
from dlbook.sweep import sweep

Data = tuple[Tensor, Tensor]
DEPTHS = (1, 2, 3, 4, 5)
NUM_SEEDS = 5


@dataclass(frozen=True)
class Task:
    """What is learned, with how many parameters, and how it is judged.

    Attributes:
        data: gives the training part and the test part.
        budget: parameters.
        num_steps: of Adam.
        batch_size: samples a step; None takes all.
        classes: 0 where the target is a number.
        guess: the error of the best constant answer.
    """

    data: Callable[[], tuple[Data, Data]]
    budget: int
    num_steps: int
    batch_size: int | None
    classes: int
    guess: float


def nested() -> tuple[Data, Data]:
    """1 − 2|a − b| of a = 1 − 2|x₁ − x₂| and b = 1 − 2|x₃ − x₄|, cut off at −1; x in [−1, 1]⁴."""
    parts = []
    for seed, count in ((0, 2_000), (1, 1_000)):
        X = 2 * uniform((count, 4), seed=seed) - 1
        a, b = (_apart(X[:, k], X[:, k + 1]) for k in (0, 2))
        parts.append((X, _apart(a, b)[:, None]))
    return parts[0], parts[1]


def spirals() -> tuple[Data, Data]:
    """Two spirals with two turns: 300 points, and 600 others."""
    return spiral(300, 0.02, seed=0, turns=2.0), spiral(600, 0.02, seed=1, turns=2.0)


def digits() -> tuple[Data, Data]:
    """Handwritten digits of 8×8 pixels, 1,347 and 450."""
    (X, y), (X_test, y_test) = split_digits()
    return (X / 16, y), (X_test / 16, y_test)


def sawtooth() -> tuple[Data, Data]:
    """The strip folded three times, eight pieces: 129 places and the 128 between them."""
    x = torch.linspace(0, 1, 257)[:, None]
    y = tent(tent(tent(x)))
    X = 2 * x - 1
    return (X[::2], y[::2]), (X[1::2], y[1::2])


TASKS = {
    "nested: f(f(x₁, x₂), f(x₃, x₄))": Task(nested, 500, 900, 200, 0, 0.73),
    "two spirals": Task(spirals, 435, 450, None, 2, 0.5),
    "digits, 8 × 8": Task(digits, 1_350, 200, 200, 10, 0.9),
    "a sawtooth of 8 pieces": Task(sawtooth, 505, 500, None, 0, 0.29),
}
PARTS = {"new data": "test", "training data": "train"}


def depth_at_equal_budget(task: str, part: str) -> Figure:
    """The error over the number of hidden layers, each network with about as many parameters.

    Args:
        task: a key of `TASKS`.
        part: a key of `PARTS`.
    """
    errors = study(task)[PARTS[part]] / TASKS[task].guess
    color = BLUE if part == "training data" else ORANGE
    places = np.repeat(DEPTHS, NUM_SEEDS) + np.tile(np.linspace(-0.12, 0.12, NUM_SEEDS), 5)
    each = {"opacity": 0.6, "hoverinfo": "skip"}
    figure = one_panel(
        [
            *curve_with_spread(DEPTHS, errors, "median of 5 seeds", color),
            dots(places, errors.T.ravel(), "single runs", GRAY, size=6, **each),
        ],
        axis("hidden layers", 0.7, 5.3, dtick=1),
        axis("error, as a share of guessing", 0, 1.25),
        height=400,
    )
    return with_status(figure, _sentence(task, part, errors))


@lru_cache
def study(task: str) -> dict[str, np.ndarray]:
    """Errors (seeds, depths) on the "train" and the "test" part.

    The share of wrong answers, or the root of the mean squared error.
    """
    chosen = TASKS[task]
    train, test = chosen.data()
    num_inputs, num_outputs = train[0].shape[1], chosen.classes or 1

    def model(depth: int, seed: int) -> nn.Sequential:
        return matched_mlp(num_inputs, num_outputs, depth, chosen.budget, seed=seed)

    runs = sweep(
        model,
        train,
        {"depth": DEPTHS, "seed": range(NUM_SEEDS)},
        loss_fn=cross_entropy if chosen.classes else squared_error,
        optimizer="adam",
        hyper={"lr": 0.01},
        num_steps=chosen.num_steps,
        batch_size=chosen.batch_size,
        evaluate={"train": train, "test": test},
        metrics={"error": _wrong if chosen.classes else _root_mean_square},
    )
    return {
        part: runs[f"{part} error"].isel(at_step=0).transpose("seed", "depth").values
        for part in PARTS.values()
    }


def _apart(a: Tensor, b: Tensor) -> Tensor:
    return 1 - 2 * (a - b).abs().clamp(max=1)


def _wrong(logits: Tensor, y: Tensor) -> Tensor:
    return (logits.argmax(-1) != y).float().mean()


def _root_mean_square(y_hat: Tensor, y: Tensor) -> Tensor:
    return (y_hat - y).square().mean().sqrt()


def _sentence(task: str, part: str, errors: np.ndarray) -> str:
    medians = np.median(errors, axis=0)
    listed = ", ".join(f"{m:.2f}" for m in medians)
    best = DEPTHS[int(medians.argmin())]
    return (
        f"{TASKS[task].budget} parameters, error on {part} by depth 1 to 5: {listed}. Lowest with "
        f"{best} hidden layer{'s'[: best > 1]}."
    )
