"""How fast the digit network learns: its test error over epochs, and over lr times updates."""

from functools import lru_cache, partial

import numpy as np
import torch
import xarray as xr
from torch import Tensor

from dlbook.datasets.digits import split_enlarged_digits
from dlbook.losses import cross_entropy
from dlbook.models.image_classifiers import digit_dense
from dlbook.plots import Figure, with_status
from dlbook.plots.digit_training import two_clocks
from dlbook.sweep import sweep
from dlbook.training import steps_per_epoch

RATES = (0.003, 0.01, 0.03, 0.1, 0.3)
BATCHES = (16, 64, 256)
WIDTHS = (16, 64)
NUM_EPOCHS = 12
NUM_SEEDS = 3
NUM_TIMES = 28
NUM_IMAGES = 1347


def error_share(logits: Tensor, y: Tensor) -> Tensor:
    """The share of rows (n, 10) whose largest logit is not that of their class, 0-d."""
    return (logits.argmax(-1) != y).to(torch.float64).mean()


def trained_digits(
    grid: dict,
    *,
    num_epochs: int,
    lr: float | None = None,
    batch_size: int = 64,
    width: int = 64,
    **more,
) -> xr.Dataset:
    """A sweep of the digit network on the enlarged digits, with the errors after every epoch.

    Args:
        grid: of "lr", "seed", ...
        num_epochs, lr, batch_size: of all members.
        width: of the first hidden layer.
        **more: further arguments of `sweep`, instead of those used here.
    """
    train, test = split_enlarged_digits()
    settings = {
        "loss_fn": cross_entropy,
        "num_epochs": num_epochs,
        "batch_size": batch_size,
        "hyper": {} if lr is None else {"lr": lr},
        "evaluate": {"test": test},
        "metrics": {"error": error_share},
        "at_epochs": range(num_epochs + 1),
    }
    return sweep(partial(_network, width), train, grid, **(settings | more))


def error_on_two_clocks(lr: float, batch_size: int, width: int) -> Figure:
    """Test error during 12 epochs, against epochs and against η · updates; one setting marked.

    Args:
        lr: one of `RATES`.
        batch_size: one of `BATCHES`.
        width: one of `WIDTHS`.
    """
    errors = {b: _errors(width, b) for b in BATCHES}  # (lr, seed, time)
    settings = [(r, b) for r in RATES for b in BATCHES]
    curves = {(r, b): errors[b][RATES.index(r)] for r, b in settings}
    clocks = {(r, b): _clocks(r, b) for r, b in settings}
    others = [(clocks[s], np.median(curves[s], axis=0)) for s in settings]
    own = curves[lr, batch_size]
    chosen = (clocks[lr, batch_size], np.median(own, axis=0), own.min(axis=0), own.max(axis=0))
    return with_status(two_clocks(others, chosen), _sentence(lr, batch_size, chosen))


def updates(num_epochs: int, batch_size: int, *, drop_last: bool = True) -> int:
    """Updates made in so many epochs of the 1,347 images."""
    return num_epochs * steps_per_epoch(NUM_IMAGES, batch_size, drop_last=drop_last)


def travelled_at(error: float, lr: float, batch_size: int, width: int = 64) -> float:
    """η · updates when the median test error first lies below `error`; inf if never."""
    median = np.median(_errors(width, batch_size)[RATES.index(lr)], axis=0)
    below = np.nonzero(median < error)[0]
    return float(_clocks(lr, batch_size)[1][below[0]]) if len(below) else float("inf")


def _sentence(lr: float, batch_size: int, chosen) -> str:
    (_, travelled), median, low, high = chosen
    return (
        f"η = {lr:g}, batch {batch_size}: 12 epochs are {updates(12, batch_size):,} updates, "
        f"η × updates {travelled[-1]:.3g}. Test error {median[-1]:.1%} "
        f"({low[-1]:.1%} to {high[-1]:.1%} over {NUM_SEEDS} seeds)."
    )


def _times(batch_size: int) -> np.ndarray:
    """Numbers of updates at which the error is measured, about evenly on a logarithmic axis."""
    last = updates(NUM_EPOCHS, batch_size)
    return np.unique(np.geomspace(1, last, NUM_TIMES).round().astype(int))


def _clocks(lr: float, batch_size: int) -> tuple[np.ndarray, np.ndarray]:
    """Epochs, and η · updates, at `_times`."""
    return _times(batch_size) / updates(1, batch_size), lr * _times(batch_size)


def _network(width: int, seed: int) -> torch.nn.Module:
    return digit_dense((width, 32), seed=seed)


@lru_cache(maxsize=6)
def _errors(width: int, batch_size: int) -> np.ndarray:
    """Test errors, (lr, seed, time)."""
    grid = {"lr": list(RATES), "seed": range(NUM_SEEDS)}
    runs = trained_digits(
        grid,
        width=width,
        num_epochs=NUM_EPOCHS,
        batch_size=batch_size,
        drop_last=True,  # the last three images of 1,347 would make a step of their own
        at_steps=_times(batch_size).tolist(),
        at_epochs=None,
    )
    return runs["test error"].transpose("lr", "seed", "at_step").values
