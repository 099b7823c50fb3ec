"""Explorer figures of gradient descent on the line through the blood pressures."""

from functools import cache

import numpy as np
import torch
from torch import Tensor

from dlbook.datasets.blood_pressure import blood_pressure
from dlbook.models.least_squares import least_squares
from dlbook.models.linear_regression import (
    curvatures,
    design_matrix,
    gradient_descent,
    mean_squared_error,
    stochastic_gradient_descent,
)
from dlbook.plots import Figure, with_status
from dlbook.plots.loss_landscape import contours, held_at_the_end, path, position
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import GRAY, GREEN, RED
from dlbook.plots.words import in_words

NUM_STEPS = 50
SEEN_EXCESS = 1e-6  # mmHg²: smaller excess errors are below the picture
OUT_OF_SIGHT = 1e-12  # an excess of 0 has no place on a log axis: drawn here, far below the picture
SLOPES = np.linspace(-1.5, 6.0, 61)
STOCHASTIC_SLOPES = np.linspace(-12.0, 15.0, 109)  # one person may throw a line that far
INTERCEPTS = np.linspace(-20.0, 300.0, 65)
SLOPE_TITLE = "slope a (mmHg per year)"
INTERCEPT_AXIS = axis("b: pressure at input 0 (mmHg)", -20, 300)


def descent_path(ages: str, rate: float, step: int) -> Figure:
    """Gradient descent from the line y = 0, on the map of all lines, and the error on the way.

    Args:
        ages: what the model is given: "years", "centred" (minus their mean) or "standardised"
            (and divided by their standard deviation).
        rate: the step size times the largest curvature of the mean squared error.
        step: 0 to 50.
    """
    slopes, intercepts, excess = _descent(ages, rate)
    so_far = slice(0, step + 1)
    walked = [held_at_the_end(place[so_far], NUM_STEPS + 1) for place in (slopes, intercepts)]
    figure = two_panels(
        [
            _map(ages, SLOPES),
            path(*walked, "gradient descent"),
            position(slopes[step], intercepts[step], "after these steps"),
            dots([_best(ages)[0]], [_best(ages)[1]], "best line", GREEN, **_STAR),
            line(np.arange(step + 1), _drawable(excess[so_far]), "", RED, panel=2, **_UNLISTED),
            position(step, _drawable(excess[step]), "", panel=2, **_UNLISTED),
        ],
        upper=(_slope_axis(SLOPES), INTERCEPT_AXIS),
        lower=(
            axis("step", -1, NUM_STEPS + 1),
            axis("error above the lowest", -6.3, 7, log=True, dtick=3),
        ),
        height=640,
        upper_share=0.62,
    )
    return with_status(
        figure,
        f"After {step} step{'s' * (step != 1)}: a = {_plain(slopes[step])}, "
        f"b = {_plain(intercepts[step])}; mean squared error {_above(excess[step])}.",
    )


def stochastic_path(rate: float, num_epochs: int, falling: bool, seed: int) -> Figure:
    """Single-sample descent on standardised ages, beside full gradient descent at equal cost.

    Args:
        rate: step size η of a single-sample step.
        num_epochs: passes over the 15 people, 1 to 20.
        falling: whether the step size falls like η / (1 + t/15).
        seed: of the order of the samples.
    """
    slopes, intercepts, excess = _stochastic(rate, falling, seed)
    _, _, full = _full_passes(rate)
    so_far = slice(0, 15 * num_epochs + 1)
    seen = np.arange(len(excess)) / 15
    figure = two_panels(
        [
            _map("standardised", STOCHASTIC_SLOPES),
            path(slopes[so_far], intercepts[so_far], "one person a step", dotted=False),
            dots([_best("centred")[0]], [_best("centred")[1]], "best line", GREEN, **_STAR),
            line(seen[so_far], _drawable(excess[so_far]), "", RED, width=1.5, panel=2, **_UNLISTED),
            line(
                np.arange(num_epochs + 1),
                _drawable(full[: num_epochs + 1]),
                "all people a step, same η",
                GRAY,
                panel=2,
            ),
        ],
        upper=(_slope_axis(STOCHASTIC_SLOPES), INTERCEPT_AXIS),
        lower=(
            axis("epochs", -0.4, 20.4),
            axis("error above the lowest", -3, 5, log=True, dtick=2),
        ),
        height=640,
        upper_share=0.62,
    )
    last = excess[15 * (num_epochs - 1) + 1 : 15 * num_epochs + 1].mean()
    return with_status(
        figure,
        f"In epoch {num_epochs} the error is on average {_plain(last)} above the lowest; "
        f"full gradient descent is {_plain(full[num_epochs])} above it.",
    )


_STAR = {"size": 13, "marker": {"symbol": "star"}}
_UNLISTED = {"showlegend": False}


@cache
def _people() -> tuple[Tensor, Tensor]:
    age, pressure = blood_pressure()
    return age.double(), pressure.double()


def _inputs(ages: str) -> tuple[Tensor, float]:
    """The model's inputs, and how many years one unit of them is."""
    age, _ = _people()
    if ages == "years":
        return age, 1.0
    unit = age.std(correction=0).item() if ages == "standardised" else 1.0
    return (age - age.mean()) / unit, unit


@cache
def _best(ages: str) -> tuple[float, float]:
    """Slope per year and intercept of the least-squares line."""
    u, unit = _inputs(ages)
    slope, intercept = least_squares(design_matrix(u), _people()[1]).tolist()
    return slope / unit, intercept


def _slope_axis(slopes: np.ndarray) -> dict:
    return axis(SLOPE_TITLE, float(slopes[0]), float(slopes[-1]))


def _map(ages: str, slopes: np.ndarray) -> dict:
    z = _landscape(ages, tuple(slopes.tolist()))
    return contours(slopes, INTERCEPTS, z, "", start=0.05, end=0.95, size=0.075)


@cache
def _landscape(ages: str, slopes: tuple[float, ...]) -> np.ndarray:
    """√(error above the lowest) over slope per year and intercept, 1 at the rim."""
    u, unit = _inputs("centred" if ages == "standardised" else ages)
    X, pressure = design_matrix(u), _people()[1]
    a, b = unit * torch.tensor(slopes, dtype=torch.float64), torch.tensor(INTERCEPTS)
    theta = torch.stack(torch.meshgrid(a, b, indexing="xy"), dim=-1)  # (intercepts, slopes, 2)
    depth = (((theta @ X.T) - pressure).square().mean(-1) - 464.2).clamp_min(0).sqrt()
    return (depth / depth.max()).numpy()


@cache
def _descent(ages: str, rate: float):
    """Slopes per year, intercepts and excess errors of the 51 lines of a path."""
    u, unit = _inputs(ages)
    X = design_matrix(u)
    lr = rate / curvatures(X)[-1].item()
    return _measured(X, unit, gradient_descent(X, _people()[1], lr=lr, num_steps=NUM_STEPS))


@cache
def _stochastic(rate: float, falling: bool, seed: int):
    u, unit = _inputs("standardised")
    X, decay = design_matrix(u), 1 / 15 if falling else 0.0
    steps = stochastic_gradient_descent(
        X, _people()[1], lr=rate, num_epochs=20, seed=seed, decay=decay
    )
    return _measured(X, unit, steps)


@cache
def _full_passes(rate: float):
    u, unit = _inputs("standardised")
    X = design_matrix(u)
    return _measured(X, unit, gradient_descent(X, _people()[1], lr=rate, num_steps=20))


def _measured(X: Tensor, unit: float, thetas: Tensor):
    pressure = _people()[1]
    lowest = mean_squared_error(X, pressure, least_squares(X, pressure))
    excess = mean_squared_error(X, pressure, thetas) - lowest
    return (thetas[:, 0] / unit).numpy(), thetas[:, 1].numpy(), excess.clamp_min(0).numpy()


def _drawable(excess):
    return np.maximum(excess, OUT_OF_SIGHT)


def _above(excess: float) -> str:
    if excess < SEEN_EXCESS:
        return f"less than {in_words(SEEN_EXCESS)} above the lowest, below the picture"
    return f"{_plain(excess) if excess > 5e-4 else in_words(excess)} above the lowest"


def _plain(number: float) -> str:
    """Three or four digits without an exponent where that is short, with a real minus sign."""
    if abs(number) < 5e-4:
        return "0.000"
    return f"{number:,.{3 if abs(number) < 10 else 1}f}".replace("-", "−").replace(",", "\u202f")
