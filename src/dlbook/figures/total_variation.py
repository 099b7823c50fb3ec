"""Figure of total-variation denoising: a signal with three levels, noisy and restored."""

import torch

from dlbook.models.total_variation import denoise
from dlbook.plots import Figure, with_status
from dlbook.plots.panels import axis, dots, line, one_panel
from dlbook.plots.theme import BLUE, PURPLE, TRUTH_COLOR
from dlbook.plots.words import in_words
from dlbook.random import normal

LEVELS = ((40, 0.0), (30, 2.0), (30, 0.5))  # number of points and height


def denoised_steps(noise: float, penalty: float, seed: int) -> tuple[Figure, float]:
    """A noisy signal of three levels and what total-variation denoising makes of it.

    Args:
        noise: standard deviation of the noise.
        penalty: λ > 0.
        seed: of the noise.

    Returns:
        the figure, and the duality gap that the solver reached.
    """
    truth = torch.cat([torch.full((count,), height) for count, height in LEVELS]).double()
    noisy = truth + noise * normal(len(truth), seed=seed).double()
    signal, gaps = denoise(noisy, penalty)
    place = torch.arange(len(truth))
    traces = [
        line(place, truth, "true signal", TRUTH_COLOR, width=2, line={"dash": "dot"}),
        dots(place, noisy, "noisy signal", BLUE, size=5),
        line(place, signal, "denoised", PURPLE, width=3),
    ]
    figure = one_panel(traces, axis("place", -1, 100), axis("value", -1.2, 3), height=300)
    before, after = ((u - truth).square().mean() for u in (noisy, signal))
    status = f"Mean squared error {in_words(before)} before and {in_words(after)} after."
    return with_status(figure, status), gaps[-1]
