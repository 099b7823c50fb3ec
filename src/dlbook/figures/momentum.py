"""Explorer figure: a walk with momentum in a valley, and the map of all rates and all μ."""

from functools import cache

import numpy as np
import torch

from dlbook.models.momentum import best_momentum, slowest_factor, steps_a_digit
from dlbook.models.optimizer_walk import walk
from dlbook.models.surfaces import quadratic
from dlbook.plots import Figure, with_status
from dlbook.plots.color_numbers import see_through
from dlbook.plots.loss_landscape import DEPTH_SCALE, path
from dlbook.plots.panels import axis, dots, two_panels
from dlbook.plots.theme import GRAY, GREEN, RED
from dlbook.plots.words import in_words

NUM_STEPS = 60
START = (-10.0, 1.0)
RATES = (torch.arange(80) + 0.5) / 20  # η c_max, 0 to 4
MOMENTA = (torch.arange(50) + 0.5) / 50
SPEEDS = (0.3, 3.3)  # powers of ten of the steps a digit that the map tells apart
SPEED_SCALE = [[0.0, see_through(GREEN, 0.9)], [1.0, see_through(GREEN, 0.06)]]


def momentum_valley(rate: float, momentum: float, ratio: float) -> Figure:
    """Sixty steps in a valley with curvatures 1/κ and 1; the steps that each (η, μ) needs.

    Args:
        rate: η c_max.
        momentum: μ.
        ratio: κ, how many times the steeper direction bends more.
    """
    w = path_of(rate, momentum, ratio)
    figure = two_panels(
        [
            _valley(ratio),
            path(*_seen(w).T, "60 steps"),
            dots([START[0]], [START[1]], "start", GRAY, size=11),
            dots([0], [0], "minimum", GREEN, size=12, marker={"symbol": "star"}),
            _speed_map(ratio),
            dots([rate], [momentum], "this walk", RED, size=13, panel=2,
                 marker={"line": {"width": 2, "color": "white"}}, cliponaxis=False),
            dots(*([value] for value in best_momentum(ratio)), "fastest", GREEN, size=13, panel=2,
                 marker={"symbol": "star", "line": {"width": 1, "color": "white"}}),
        ],
        upper=(axis("w₁ (the flat direction)", -11, 6), axis("w₂", -2, 2)),
        lower=(axis("rate η times largest curvature", 0, 4), axis("momentum μ", -0.03, 1)),
        height=680,
    )  # fmt: skip
    best_rate, best = best_momentum(ratio)
    return with_status(
        figure,
        f"{_digit(rate, momentum, ratio)}. At best a digit takes "
        f"{_steps(best_rate, best, ratio):.0f} steps, with μ = {in_words(best)}; without momentum "
        f"{_steps(2 / (1 + 1 / ratio), 0.0, ratio):.0f}.",
    )


def path_of(rate: float, momentum: float, ratio: float) -> np.ndarray:
    """The walk from `START`, (61, 2)."""
    hyper = {"lr": rate, "momentum": momentum}
    surface = quadratic((1 / ratio, 1.0))
    return walk("momentum", surface, torch.tensor(START).double(), NUM_STEPS, **hyper).numpy()


def _steps(rate: float, momentum: float, ratio: float) -> float:
    found = slowest_factor(*(torch.tensor(v, dtype=torch.float64) for v in (rate, momentum)), ratio)
    return steps_a_digit(found).item()


def _digit(rate: float, momentum: float, ratio: float) -> str:
    steps = _steps(rate, momentum, ratio)
    if steps == float("inf"):
        return "This walk runs away"
    return f"This walk needs {steps:,.0f} steps for each further digit".replace(",", "\u202f")


@cache
def _speed_map(ratio: float) -> dict:
    factors = slowest_factor(RATES[None, :], MOMENTA[:, None], ratio)
    speed = steps_a_digit(factors).log10()
    return {
        "type": "heatmap",
        "x": RATES.numpy(),
        "y": MOMENTA.numpy(),
        "z": torch.where(torch.isfinite(speed), speed.clamp(*SPEEDS), torch.nan).numpy(),
        "zmin": SPEEDS[0],
        "zmax": SPEEDS[1],
        "colorscale": SPEED_SCALE,
        "showscale": False,
        "hoverinfo": "skip",
        "xaxis": "x2",
        "yaxis": "y2",
    }


@cache
def _valley(ratio: float) -> dict:
    x, y = np.linspace(-11, 6, 69), np.linspace(-2, 2, 41)
    depth = np.sqrt(x[None, :] ** 2 / ratio + y[:, None] ** 2)
    return {
        "type": "heatmap",
        "x": x,
        "y": y,
        "z": np.floor(np.minimum(depth, 2.2) * 8) / 8,
        "zmin": 0,
        "zmax": 2.2,
        "colorscale": DEPTH_SCALE,
        "showscale": False,
        "hoverinfo": "skip",
    }


def _seen(w: np.ndarray) -> np.ndarray:
    return np.clip(np.nan_to_num(w, nan=99.0), -40, 40)
