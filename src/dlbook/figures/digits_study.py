"""Digits: accuracy over the number of training images, by width and by architecture."""

from functools import lru_cache

import numpy as np
from torch import Tensor

from dlbook.datasets.digits import split_digits
from dlbook.losses import cross_entropy
from dlbook.models.equal_budget import ARCHITECTURES
from dlbook.models.mlp import mlp
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.panels import axis, dots, one_panel
from dlbook.plots.theme import BLUE, GREEN, ORANGE, PURPLE
from dlbook.sweep import sweep

COUNTS = (25, 100, 400, 1_347)
WIDTHS = (3, 10, 64)
NUM_SEEDS = 5
COLORS = dict(zip(WIDTHS, (ORANGE, GREEN, BLUE), strict=True))


def learning_curves() -> Figure:
    """The share of test digits that are wrong over the number of training images."""
    traces = []
    for width, color in COLORS.items():
        traces += curve_with_spread(COUNTS, curve_errors()[width], f"{width} units", color)
    ticks = {"tickvals": list(COUNTS), "ticktext": [f"{count:,}" for count in COUNTS]}
    figure = one_panel(
        traces,
        axis("training images", 1.35, 3.2, log=True) | ticks,
        axis("wrong on 450 others", -2, 0, log=True),
        height=360,
    )
    return with_status(figure, "Lines: median of 5 seeds; bands: the middle half of them.")


@lru_cache(maxsize=1)
def curve_errors() -> dict[int, np.ndarray]:
    """Test errors (seeds, counts) by width, after 150 steps of Adam with up to 100 images."""
    (X, y), test = _digits()
    columns = [
        _curve_point((X[:count], y[:count]), test) for count in COUNTS
    ]  # (seeds, widths) each
    together = np.stack(columns, axis=-1)
    return {width: together[:, k] for k, width in enumerate(WIDTHS)}


def _curve_point(train, test) -> np.ndarray:
    """Test errors (seeds, widths) on this training set: 150 steps with at most 100 images."""
    batch_size = min(100, len(train[0]))
    return _errors(_model, train, test, {"width": WIDTHS}, num_steps=150, batch_size=batch_size)


def architectures() -> Figure:
    """Test errors of three architectures with about 3,000 parameters, one dot a seed."""
    errors = architecture_errors()
    names = list(errors)
    places = np.repeat(np.arange(len(names)), NUM_SEEDS)
    heights = np.concatenate([errors[name] for name in names])
    figure = one_panel(
        [
            dots(places, heights, "one seed", PURPLE, size=9, marker={"opacity": 0.6}),
            dots([0, 1, 2], [np.median(errors[n]) for n in names], "median", ORANGE,
                 size=16, marker={"symbol": "line-ew-open", "line": {"width": 4}}),
        ],
        axis("", -0.6, len(names) - 0.4, tickvals=[0, 1, 2], ticktext=names, tickangle=0),
        axis("wrong on 450 others", 0, 0.2),
        height=330,
    )  # fmt: skip
    return with_status(figure, "Each network has seen 400 images, in 150 batches of 100.")


@lru_cache(maxsize=1)
def architecture_errors() -> dict[str, np.ndarray]:
    """Test errors (seeds,) of `ARCHITECTURES`, trained on 400 images."""
    (X, y), (X_test, y_test) = _digits()
    train, test = (X[:400].view(-1, 1, 8, 8), y[:400]), (X_test.view(-1, 1, 8, 8), y_test)
    grid = {"architecture": ARCHITECTURES}
    found = _errors(_of_architecture, train, test, grid, num_steps=150, batch_size=100)
    return {name: found[:, k] for k, name in enumerate(ARCHITECTURES)}


def _errors(make_model, train, test, grid: dict, **settings) -> np.ndarray:
    """Test errors (seeds, values of the grid's only name)."""
    runs = sweep(
        make_model,
        train,
        grid | {"seed": range(NUM_SEEDS)},
        loss_fn=cross_entropy,
        optimizer="adam",
        hyper={"lr": 0.01},
        evaluate={"test": test},
        metrics={"error": _wrong},
        **settings,
    )
    return runs["test error"].isel(at_step=0).transpose("seed", *grid).values


def _digits():
    (X, y), (X_test, y_test) = split_digits()
    return (X / 16, y), (X_test / 16, y_test)


def _model(width: int, seed: int):
    return mlp([64, width, 10], seed=seed)


def _of_architecture(architecture, seed: int):
    return architecture(seed)


def _wrong(logits: Tensor, y: Tensor) -> Tensor:
    return (logits.argmax(-1) != y).float().mean()
