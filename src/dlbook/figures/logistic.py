"""Explorer figure of logistic regression on its way: who still pulls, and what still grows."""

from functools import cache

import numpy as np
import torch
from torch import Tensor

from dlbook import random
from dlbook.datasets.toy_classification import blobs, two_gaussians
from dlbook.models import logistic_regression as lr
from dlbook.plots import Figure, with_status
from dlbook.plots.decision_map import CLASS_SYMBOLS, POINT_OUTLINE, map_grid, plane, share_map
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import CLASS_COLORS, GRAY, PURPLE, RED
from dlbook.plots.words import in_words

LIMIT = 2.2
CENTERS, MAP_POINTS = map_grid(LIMIT, 44)
ITERATIONS = (0, 1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000)
START_STREAM = 1  # of the random normal start
DRAWN = np.unique(np.round(np.logspace(0, 4, 90)).astype(int))  # steps at which curves are drawn
NUM_POINTS = 100
SMALLEST, LARGEST = 4.0, 22.0  # marker sizes: of a sample that doesn't pull, of the strongest
UNLISTED = {"showlegend": False}


def logistic_descent(data: str, rate: float, iteration: int) -> Figure:
    """Probabilities and pulls after some steps, and the loss and the size of w over all of them.

    Args:
        data: "apart", "one wrong label" or "overlapping".
        rate: step size η on the mean loss.
        iteration: one of `ITERATIONS`.
    """
    A, y = _problem(data)
    theta = _path(data, rate)[iteration]
    losses, norms = _curves(data, rate)
    share = torch.sigmoid(lr.design_matrix(MAP_POINTS) @ theta)
    figure = two_panels(
        [
            share_map(CENTERS, share),
            _boundary(theta),
            *_samples(A, y, lr.pull(A, y, theta)),
            line(DRAWN, losses, "loss", RED, panel=2),
            line(DRAWN, norms, "length of w", PURPLE, panel=2),
            _now(iteration, theta, A, y),
        ],
        upper=plane(LIMIT, LIMIT),
        lower=(
            axis("steps", -0.1, 4.1, log=True),
            axis("loss (nats), ‖w‖", -4.7, 2, log=True, dtick=2),
        ),
        height=680,
        upper_share=0.66,
    )
    wrong = int((y * (A @ theta) <= 0).sum())
    return with_status(
        figure,
        f"After {in_words(iteration)} step{'s' * (iteration != 1)}: {wrong} of 100 wrong, loss "
        f"{in_words(lr.loss(A, y, theta))}, length of w {in_words(theta[:2].norm())}. "
        f"{_shares(lr.pull(A, y, theta))}",
    )


def points(data: str, *, seed: int = 0) -> tuple[Tensor, Tensor]:
    """The samples (100, 2) and labels 0 or 1 (100,) of a data set of this figure."""
    if data == "overlapping":
        return two_gaussians(NUM_POINTS, noise=0.6, distance=1.6, seed=seed)
    X, y = blobs(NUM_POINTS, 0.3, margin=0.15, seed=seed)
    if data == "one wrong label":
        y[X[:, 0].argmin()] = 1  # the sample that is deepest in class 0
    return X, y


@cache
def _problem(data: str) -> tuple[Tensor, Tensor]:
    X, y = points(data)
    return lr.design_matrix(X), 2.0 * y.double() - 1


@cache
def _path(data: str, rate: float) -> Tensor:
    start = random.normal(3, seed=1, stream=START_STREAM).double()
    return lr.gradient_descent(*_problem(data), start, lr=rate, num_steps=ITERATIONS[-1])


@cache
def _curves(data: str, rate: float) -> tuple[np.ndarray, np.ndarray]:
    thetas = _path(data, rate)[DRAWN]
    return lr.loss(*_problem(data), thetas).numpy(), thetas[:, :2].norm(dim=1).numpy()


def _samples(A: Tensor, y: Tensor, pull: Tensor) -> list[dict]:
    """The points of both classes, the larger the more of all pull is theirs."""
    share = pull / pull.max()
    size = (SMALLEST + (LARGEST - SMALLEST) * share.sqrt()).numpy().round(1)
    traces = []
    for label in (0, 1):
        chosen = (y > 0).numpy() == bool(label)
        marker = {"symbol": CLASS_SYMBOLS[label]} | POINT_OUTLINE
        x1, x2 = A[chosen, 0], A[chosen, 1]
        name, color = f"class {label}", CLASS_COLORS[label]
        traces.append(dots(x1, x2, name, color, size=size[chosen], marker=marker))
    return traces


def _boundary(theta: Tensor) -> dict:
    """The line w·x + b = 0 across the picture."""
    w, b = theta[:2], theta[2]
    foot, along = -b * w / (w @ w), torch.stack([-w[1], w[0]]) / w.norm()
    ends = torch.stack([foot - 4 * LIMIT * along, foot + 4 * LIMIT * along])
    return line(ends[:, 0], ends[:, 1], "", GRAY, **UNLISTED)


def _now(iteration: int, theta: Tensor, A: Tensor, y: Tensor) -> dict:
    """Where on the two curves the map above is taken; step 0 stands at the left rim."""
    heights = [lr.loss(A, y, theta).item(), theta[:2].norm().item()]
    return dots([max(iteration, 0.85)] * 2, heights, "", GRAY, panel=2, size=11, **UNLISTED)


def _shares(pull: Tensor) -> str:
    return f"Five samples make up {pull.topk(5).values.sum() / pull.sum():.0%} of all pull."
