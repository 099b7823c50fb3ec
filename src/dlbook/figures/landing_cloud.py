"""Explorer figure: where a step may land, for sixty random batches, on the map of the loss."""

from functools import cache

import numpy as np
import torch
from torch import Tensor

from dlbook.datasets.toy_classification import blobs
from dlbook.models.gradient_noise import batch_gradients
from dlbook.plots import Figure, with_status
from dlbook.plots.loss_landscape import contours, held_at_the_end, path
from dlbook.plots.panels import axis, dots, one_panel
from dlbook.plots.theme import BLUE, GREEN, ORANGE, RED
from dlbook.plots.words import in_words

NUM_POINTS, NUM_BATCHES = 512, 60
DRAWN = 60  # places of the way, at most
PLACES = (0, 2, 6, 20, 60, 400)  # steps of full descent made before
STEP = 0.5  # the step size of that descent
START = (-1.5, 2.2)
WIDTH, HEIGHT = np.linspace(-3.2, 3.7, 47), np.linspace(-1.4, 4.0, 41)


def landing_cloud(batch_size: int, place: int, rate: float) -> Figure:
    """Where single steps land from one place: a dot for each of sixty batches.

    Args:
        batch_size: b, of 512 samples.
        place: how many steps of full descent were made before, one of `PLACES`.
        rate: η of the steps that are shown.
    """
    landed, here = landings(batch_size, place, rate), _walk()[place]
    lower = loss(landed) < loss(here)
    mean = here - rate * sample_gradients(here).mean(dim=0)
    figure = one_panel(
        [
            contours(WIDTH, HEIGHT, _landscape(), "", start=0.05, end=0.95, size=0.06),
            path(*_way_to(place), "descent so far"),
            dots(*_seen(landed), "steps of a batch", _colors(lower), size=6,
                 hoverinfo="skip", marker={"opacity": 0.85}),
            dots(*_seen(here[None]), "here", RED, size=11, marker={"symbol": "cross"}),
            dots(*_seen(mean[None]), "step of all samples", BLUE, size=15,
                 marker={"symbol": "star-open", "line": {"width": 2}}),
        ],
        axis("weight w₁", WIDTH[0], WIDTH[-1]),
        axis("weight w₂", HEIGHT[0], HEIGHT[-1]),
        height=480,
    )  # fmt: skip
    return with_status(
        figure,
        f"Batches of {batch_size} after {place} steps: {int(lower.sum())} of {NUM_BATCHES} land "
        f"lower (green), {int((~lower).sum())} higher (orange). Noise over length of the full "
        f"gradient: {in_words(relative_noise(batch_size, place))}.",
    )


def landings(batch_size: int, place: int, rate: float, *, seed: int = 0) -> Tensor:
    """w − η g_B for sixty random batches, (60, 2)."""
    here = _walk()[place]
    steps = batch_gradients(sample_gradients(here), batch_size, NUM_BATCHES, seed=seed)
    return here - rate * steps


def relative_noise(batch_size: int, place: int) -> float:
    """√(E‖g_B − ḡ‖²) / ‖ḡ‖, for batches drawn with replacement."""
    gradients = sample_gradients(_walk()[place])
    full = gradients.mean(dim=0)
    spread = (gradients - full).square().sum(dim=1).mean()
    return (spread / batch_size / full.square().sum()).sqrt().item()


def loss(w: Tensor) -> Tensor:
    """Mean logistic loss log(1 + exp(−s x·w)) of weights (..., 2), labels s = ±1."""
    x = _signed()
    return torch.nn.functional.softplus(-(w @ x.T)).mean(dim=-1)


def sample_gradients(w: Tensor) -> Tensor:
    """−s x / (1 + exp(s x·w)) of every sample, (n, 2)."""
    x = _signed()
    return -x * torch.sigmoid(-(x @ w))[:, None]


def _way_to(place: int) -> tuple[np.ndarray, np.ndarray]:
    """The way from the start, repeated at its end so that it always has as many points."""
    drawn = np.linspace(0, place, min(place + 1, DRAWN)).round().astype(int)
    way = _walk()[drawn].numpy()
    return tuple(held_at_the_end(way[:, k], DRAWN) for k in (0, 1))


@cache
def _signed() -> Tensor:
    """Samples times their labels ±1: two overlapping clouds, not parted by any line."""
    X, y = blobs(NUM_POINTS, 1.0, seed=0)
    X = X @ torch.tensor([[1.0, 0.6], [0.0, 0.7]])
    return (X * (2.0 * y - 1.0)[:, None]).double()


@cache
def _walk() -> Tensor:
    w = torch.tensor(START, dtype=torch.float64)
    walk = [w]
    for _ in range(PLACES[-1]):
        w = w - STEP * sample_gradients(w).mean(dim=0)
        walk.append(w)
    return torch.stack(walk)


@cache
def _landscape() -> np.ndarray:
    """√(loss above the lowest), 1 at the largest that is shown."""
    w1, w2 = torch.tensor(WIDTH), torch.tensor(HEIGHT)
    w = torch.stack(torch.meshgrid(w1, w2, indexing="xy"), dim=-1)
    depth = (loss(w) - loss(_walk()[-1])).clamp_min(0).sqrt()
    return (depth / depth.max()).numpy()


def _colors(lower: Tensor) -> list[str]:
    return [GREEN if low else ORANGE for low in lower.tolist()]


def _seen(w: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Places, those far outside the picture brought to its neighbourhood."""
    return tuple(w[:, k].clamp(-9, 9).numpy() for k in (0, 1))
