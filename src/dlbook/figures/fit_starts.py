"""Explorer figure of three ways to fit an exponential: from which starts they arrive, and how."""

from functools import cache

import numpy as np
import torch
from torch import Tensor

from dlbook.models.descent import descend
from dlbook.plots import Figure, with_status
from dlbook.plots.color_numbers import see_through
from dlbook.plots.loss_landscape import path
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, PURPLE, RED, YELLOW
from dlbook.plots.words import in_words
from dlbook.solvers.curve_fitting import CurveFit, gauss_newton, levenberg_marquardt

TIMES = torch.arange(10, dtype=torch.float64) / 5
SOLUTION = torch.tensor([2.0, 1.5], dtype=torch.float64)
METHODS = ("gradient descent", "Gauss-Newton", "Levenberg-Marquardt")
LOW, HIGH = -2.0, 5.0
GRID = np.linspace(LOW, HIGH, 57)
NUM_STEPS, RATE = 40, 0.1
SHOWN = {0: GRAY, 1: YELLOW, 2: GREEN, 3: PURPLE}  # steps whose curves are drawn
CURVE_TIMES = torch.linspace(-0.1, 2.0, 85, dtype=torch.float64)
UNLISTED = {"showlegend": False}


def fit_from(method: str, a: float, k: float) -> Figure:
    """How many steps a·e^(−kt) needs from every start, and its walk and curves from one.

    Args:
        method: one of `METHODS`.
        a, k: the start.
    """
    run = _fit(method, torch.tensor([a, k], dtype=torch.float64))
    needed = int(run.steps_to(SOLUTION))
    curves = [_curve(run, step, f"step {step}", color) for step, color in SHOWN.items()]
    figure = two_panels(
        [
            _map(method),
            path(*np.clip(run.path, LOW - 1, HIGH + 1).T, "walk"),
            dots([a], [k], "start", GRAY, size=12),
            dots([2], [1.5], "solution", BLUE, size=14, marker={"symbol": "star"}),
            dots(TIMES, _model(SOLUTION, TIMES), "measured", BLUE, panel=2, size=8),
            *curves,
            _curve(run, NUM_STEPS, f"step {NUM_STEPS}", RED),
        ],
        upper=(axis("a", LOW, HIGH), axis("k", LOW, HIGH)),
        lower=(axis("time t", -0.1, 2), axis("a·exp(−kt)", -1, 4)),
        height=700,
        upper_share=0.62,
    )
    arrived = f"at (2, 1.5) to 10⁻⁸ after {needed} step{'s' * (needed != 1)}"
    if needed < 0:
        end = ", ".join(in_words(v) for v in run.path[-1].tolist())
        arrived = f"after {NUM_STEPS} steps at ({end}), loss {in_words(run.losses[-1])}"
    share = (steps_from_everywhere(method) >= 0).mean()
    return with_status(
        figure,
        f"From ({in_words(a)}, {in_words(k)}) {method} is {arrived}. Within {NUM_STEPS} "
        f"steps it arrives from {share:.0%} of all starts of the map.",
    )


def residuals(w: Tensor) -> Tensor:
    """a·exp(−k t) minus the ten measured values, for w = (a, k): (10,)."""
    return _model(w, TIMES) - _model(SOLUTION, TIMES)


@cache
def steps_from_everywhere(method: str, num_steps: int = NUM_STEPS) -> np.ndarray:
    """Steps to the solution (10⁻⁸) from every start of the map, (k, a); −1 for never."""
    starts = torch.tensor(np.stack(np.meshgrid(GRID, GRID), axis=-1))
    return _fit(method, starts, num_steps).steps_to(SOLUTION).numpy()


def _fit(method: str, start: Tensor, num_steps: int = NUM_STEPS) -> CurveFit:
    if method == METHODS[1]:
        return gauss_newton(residuals, start, num_steps=num_steps)
    if method == METHODS[2]:
        return levenberg_marquardt(residuals, start, num_steps=num_steps)
    walk = descend(_loss, start, lr=RATE, num_steps=num_steps)
    return CurveFit(walk, _loss(walk))


def _loss(w: Tensor) -> Tensor:
    return (_model(w, TIMES) - _model(SOLUTION, TIMES)).square().sum(dim=-1) / 2


def _model(w: Tensor, t: Tensor) -> Tensor:
    return w[..., :1] * torch.exp(-w[..., 1:] * t)


def _curve(run: CurveFit, step: int, name: str, color: str) -> dict:
    heights = _model(run.path[step], CURVE_TIMES).nan_to_num(9, 9, -9).clamp(-3, 6)
    return line(CURVE_TIMES, heights, name, color, width=2, panel=2)


def _map(method: str) -> dict:
    """Few steps: strong colour; never: none."""
    steps = steps_from_everywhere(method).astype(np.float32)
    return {
        "type": "heatmap",
        "x": GRID,
        "y": GRID,
        "z": np.where(steps < 0, 20, np.minimum(steps, 19)),
        "zmin": 0,
        "zmax": 20,
        "colorscale": [
            [0, see_through(GREEN, 0.75)],
            [0.94, see_through(GREEN, 0.15)],
            [0.97, see_through(ORANGE, 0.35)],
            [1, see_through(ORANGE, 0.35)],
        ],
        "showscale": False,
        "hoverinfo": "skip",
    }
