"""Explorer figure of variants of gradient descent on one problem, each at many step sizes."""

from functools import cache

import numpy as np
import torch
from torch import Tensor

from dlbook.datasets.toy_classification import two_gaussians
from dlbook.models import logistic_regression as lr
from dlbook.optimizers import OPTIMIZERS, default_hyper, initial_state
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.panels import axis, dots, two_panels
from dlbook.plots.theme import BLUE, GREEN, ORANGE, PURPLE
from dlbook.plots.words import in_words
from dlbook.training import batches

NUM_POINTS, NUM_EPOCHS, NUM_SEEDS = 200, 20, 5
UNIT = 0.1  # what one unit of the second input is worth in units of the first
VARIANTS = {  # name: (optimizer, samples a step, colour)
    "all samples a step": ("sgd", None, BLUE),
    "20 a step": ("sgd", 20, ORANGE),
    "20, momentum": ("momentum", 20, GREEN),
    "20, Adam": ("adam", 20, PURPLE),
}
RATES = tuple(float(f"{10 ** (k / 2):.10g}") for k in range(-6, 6))  # 0.001 to 316
LOWEST, HIGHEST = 1e-4, 10.0  # of the losses above the lowest that are drawn


def variants_race(rate: float) -> Figure:
    """Loss over epochs of four variants at one step size; below, their end at every step size.

    Args:
        rate: step size η, one of `RATES`.
    """
    traces, ends = [], []
    for name, (_, _, color) in VARIANTS.items():
        gap = _drawn(gaps(name))  # (epochs + 1, rates, seeds)
        traces += curve_with_spread(
            np.arange(NUM_EPOCHS + 1), gap[:, RATES.index(rate)].T, name, color
        )
        below = curve_with_spread(RATES, gap[-1].T, "", color, panel=2)
        traces += [trace | {"showlegend": False} for trace in below]
        end = float(np.median(gap[-1, RATES.index(rate)]))
        traces.append(dots([rate], [end], "", color, size=12, panel=2, showlegend=False))
        ends.append(f"{name}: {in_words(end)}")
    figure = two_panels(
        traces,
        upper=(axis("epochs", -0.3, NUM_EPOCHS + 0.3), _loss_axis("loss above the lowest")),
        lower=(axis("step size η", -3.2, 2.7, log=True), _loss_axis("after 20 epochs")),
        height=640,
        upper_share=0.5,
    )
    return with_status(figure, f"Median loss above the lowest: {'; '.join(ends)}.")


def best_rate(variant: str) -> tuple[float, float]:
    """The step size after which a variant is lowest (median over orders), and how low."""
    ends = np.median(gaps(variant)[-1], axis=1)
    return RATES[int(ends.argmin())], float(ends.min())


def winner(rate: float) -> str:
    """The variant that is lowest after 20 epochs, by its median, if all have this step size."""
    ends = {name: np.median(gaps(name)[-1, RATES.index(rate)]) for name in VARIANTS}
    return min(ends, key=ends.get)


@cache
def gaps(variant: str) -> np.ndarray:
    """Loss above the lowest after every epoch, (epochs + 1, rates, seeds).

    All step sizes are trained at once, as rows of one matrix of parameters; the optimizers work
    number by number, so each row is a training of its own.
    """
    A, y = _problem()
    runs = [_losses(variant, A, y, seed) for seed in range(NUM_SEEDS)]
    return np.stack(runs, axis=-1) - _lowest()


def _losses(variant: str, A: Tensor, y: Tensor, seed: int) -> np.ndarray:
    """(epochs + 1, rates)"""
    name, batch_size, _ = VARIANTS[variant]
    params = {"theta": torch.zeros(len(RATES), A.shape[1], dtype=A.dtype)}
    state = initial_state(name, params)
    hyper = default_hyper(name) | {"lr": torch.tensor(RATES, dtype=A.dtype).unsqueeze(1)}
    losses = [lr.loss(A, y, params["theta"])]
    for epoch in range(NUM_EPOCHS):
        for batch in batches(len(y), batch_size, epoch=epoch, seed=seed):
            grads = {"theta": lr.gradient(A[batch], y[batch], params["theta"])}
            params, state = OPTIMIZERS[name](params, grads, state, hyper)
        losses.append(lr.loss(A, y, params["theta"]))
    return torch.stack(losses).numpy()


@cache
def _problem() -> tuple[Tensor, Tensor]:
    X, y = two_gaussians(NUM_POINTS, noise=0.6, distance=1.6)
    X = torch.stack([(X[:, 0] + X[:, 1]), UNIT * (X[:, 0] - X[:, 1])], dim=1)
    return lr.design_matrix(X), 2.0 * y.double() - 1


@cache
def _lowest() -> float:
    """The lowest loss there is, by Newton's method."""
    A, y = _problem()
    theta = torch.zeros(A.shape[1], dtype=A.dtype)
    for _ in range(20):
        theta = theta - torch.linalg.solve(lr.hessian(A, theta), lr.gradient(A, y, theta))
    return lr.loss(A, y, theta).item()


def _drawn(gap: np.ndarray) -> np.ndarray:
    return np.clip(gap, LOWEST, HIGHEST)


def _loss_axis(title: str) -> dict:
    return axis(title, -4.1, 1.1, log=True)
