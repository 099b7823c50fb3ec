"""Explorer figure of a Metropolis walk in two valleys: where it has been, and where it should."""

from functools import cache

import numpy as np
import torch
from torch import Tensor

from dlbook.models.surfaces import two_valleys
from dlbook.plots import Figure, with_status
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import BLUE, GRAY, ORANGE, RED
from dlbook.plots.words import in_words
from dlbook.solvers.metropolis import metropolis, total_variation_distance

TEMPERATURES = (0.0, 0.03, 0.1, 0.2, 0.5, 2.0)
COUNTS = (30, 100, 300, 1_000, 3_000, 10_000, 50_000)
STARTS = {"narrow, deeper valley": -1.0, "wide valley": 1.0}
SCALE = 0.4  # of a proposed move
EDGES = torch.linspace(-12, 12, 241, dtype=torch.float64)
SHOWN = slice(96, 145)  # bins from −2.4 to 2.5
CENTERS = (EDGES[:-1] + EDGES[1:]) / 2
W = np.linspace(-2.4, 2.4, 193)
UNLISTED = {"showlegend": False}


def visits(temperature: float, start: str, num_steps: int) -> Figure:
    """The last places of a Metropolis walk on a curve, and how often it has been where.

    Args:
        temperature: T, one of `TEMPERATURES`; 0 never goes up.
        start: one of `STARTS`.
        num_steps: one of `COUNTS`.
    """
    places = chain(temperature, start)[: num_steps + 1]
    counts = torch.histogram(places, EDGES)[0] / len(places)
    last = places[-30:].numpy()
    figure = two_panels(
        [
            line(W, _curve(W), "height E", GRAY, width=3),
            dots(last, _curve(last), "last 30 places", BLUE, size=9, marker={"opacity": 0.5}),
            dots(last[-1:], _curve(last[-1:]), "now", RED, size=12),
            _bars(counts),
            line(*_expected(temperature), "e^(−E/T), of sum 1", ORANGE, panel=2),
        ],
        upper=(axis("w", -2.4, 2.4), axis("height E(w)", -0.2, 1.9)),
        lower=(axis("w", -2.4, 2.4), axis("share of the visits", 0, 0.3)),
        height=600,
    )
    left = float((places < 0).double().mean())
    return with_status(
        figure,
        f"T = {in_words(temperature)}: after {num_steps} steps {left:.0%} of all visits were left "
        f"of 0, on the narrow valley's side{_distance(places, temperature)}.",
    )


@cache
def chain(temperature: float, start: str) -> Tensor:
    """The places of one walk, (50 001,)."""
    return _chains()[:, TEMPERATURES.index(temperature) * 2 + list(STARTS).index(start)]


@cache
def _chains() -> Tensor:
    """All walks at once, (50 001, temperatures × starts)."""
    T = torch.tensor(TEMPERATURES, dtype=torch.float64).repeat_interleave(2)
    first = torch.tensor(list(STARTS.values()) * len(TEMPERATURES), dtype=torch.float64)
    num_steps = COUNTS[-1]
    path = metropolis(
        two_valleys,
        first.unsqueeze(1),
        temperature=T.expand(num_steps, len(T)),
        scale=SCALE,
        num_steps=num_steps,
        seed=0,
    )
    return path[:, :, 0]


def probabilities(temperature: float) -> Tensor:
    """Probability of each bin under p ∝ e^(−E/T), (240,); T > 0. Ten points a bin."""
    fine = torch.linspace(-12, 12, 2401, dtype=torch.float64)[:-1] + 0.005
    weight = torch.exp(-two_valleys(fine.unsqueeze(1)) / temperature)
    return (weight / weight.sum()).reshape(-1, 10).sum(dim=1)


def _expected(temperature: float) -> tuple[Tensor, Tensor]:
    centers = CENTERS[SHOWN]
    if temperature == 0:  # no density: all of it in one place
        return centers, torch.full_like(centers, torch.nan)
    return centers, probabilities(temperature)[SHOWN]


def _distance(places: Tensor, temperature: float) -> str:
    if temperature == 0:
        return ""
    distance = total_variation_distance(places, EDGES, probabilities(temperature))
    left = probabilities(temperature)[CENTERS < 0].sum()
    return f" ({left:.0%} in the long run); {distance:.0%} of all visits are in a wrong bin"


def _curve(w: np.ndarray) -> np.ndarray:
    return two_valleys(torch.as_tensor(w).unsqueeze(-1)).numpy()


def _bars(counts: Tensor) -> dict:
    bar = {"type": "bar", "x": CENTERS[SHOWN].numpy(), "y": counts[SHOWN].numpy(), "name": "visits"}
    return bar | {"width": 0.1, "marker": {"color": BLUE}, "xaxis": "x2", "yaxis": "y2"}
