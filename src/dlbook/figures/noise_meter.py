"""Explorer figure: the noise of a mini-batch gradient over the batch size, during a training."""

from functools import cache

import numpy as np
from torch import Tensor, nn

from dlbook.figures.batch_sizes import NUM_TRAIN, digits, network
from dlbook.losses import cross_entropy
from dlbook.models.gradient_noise import (
    batch_gradients,
    expected_noise,
    noise_of,
    sample_gradients,
    simple_noise_scale,
)
from dlbook.plots import Figure, with_status
from dlbook.plots.panels import axis, dots, line, one_panel
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE
from dlbook.training import fit

STOPS = (0, 100, 300, 1_000)  # steps of a training with batches of 32, η = 0.1
BATCHES = tuple(2**k for k in range(11))
NUM_BATCHES = 64  # of each size, and at least 4,096 samples: rare ones make most of the noise
BELOW = 1e-4  # what is 0 waits there, below the axis


def noise_meter(stop: int, replacement: bool) -> Figure:
    """Length of the noise for batches of 1 to 1,024, beside that of the full gradient.

    Args:
        stop: steps trained before, one of `STOPS`.
        replacement: whether a batch may hold a sample twice.
    """
    gradients = gradients_at(stop)
    full = gradients.mean(dim=0)
    measured = noises(stop, replacement)
    straight = expected_noise(gradients, 1, replacement=True) / np.sqrt(BATCHES)
    length, scale = full.norm().item(), simple_noise_scale(gradients)
    figure = one_panel(
        [
            line(BATCHES, straight, "slope −½", GRAY, line={"dash": "dash"}),
            dots(BATCHES, np.maximum(measured, BELOW), "noise, measured", ORANGE, size=9),
            line([1, NUM_TRAIN], [length, length], "length of the full gradient", BLUE),
            line([scale, scale], [2e-3, 10], "where both are equal", GREEN, width=1.5,
                 line={"dash": "dot"}),
        ],
        axis("batch size b", -0.1, 3.5, log=True),
        axis("length", -2.7, 1.0, log=True),
        height=420,
    )  # fmt: skip
    return with_status(
        figure,
        f"After {stop:,} steps the full gradient has length {length:.2g}; the noise is "
        f"{measured[0]:.2g} with a batch of 1 and {measured[6]:.2g} with 64. Noise and gradient "
        f"are equally long at b = {scale:,.0f}.",
    )


def noises(stop: int, replacement: bool, *, seed: int = 0) -> np.ndarray:
    """The measured noise for each of `BATCHES`, from many random batches of each size."""
    gradients = gradients_at(stop)
    full, draws = gradients.mean(dim=0), {"seed": seed, "replacement": replacement}
    found = []
    for b in BATCHES:
        count = max(NUM_BATCHES, 4_096 // b)
        found.append(noise_of(batch_gradients(gradients, b, count, **draws), full))
    return np.array(found)


def slope(stop: int, *, seed: int = 0) -> float:
    """Of log noise over log b, with replacement, by least squares."""
    y = np.log(noises(stop, True, seed=seed))
    return float(np.polyfit(np.log(BATCHES), y, 1)[0])


@cache
def gradients_at(stop: int, seed: int = 0) -> Tensor:
    """The gradients of all samples after `stop` steps, (1024, 2410)."""
    X, y = digits()[0]
    return sample_gradients(trained(stop, seed), X, y, cross_entropy)


def trained(stop: int, seed: int = 0) -> nn.Sequential:
    """The network after `stop` steps."""
    model = network(seed=seed)
    if stop:
        fit(model, digits()[0], loss_fn=cross_entropy, lr=0.1, batch_size=32, num_steps=stop,
            seed=seed)  # fmt: skip
    return model
