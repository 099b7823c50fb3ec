"""Explorer figures of one outlier and three losses."""

from functools import cache, lru_cache

import numpy as np
import torch
from torch import Tensor

from dlbook.datasets.blood_pressure import blood_pressure
from dlbook.losses import absolute_error, huber, squared_error
from dlbook.models.linear_regression import design_matrix, weighted_least_squares
from dlbook.models.robust_regression import huber_regression, least_absolute_deviations_lp
from dlbook.plots import Figure, with_status
from dlbook.plots.lines import age_axis, points, pressure_axis, straight_line, truth_line
from dlbook.plots.panels import axis, dots, line, one_panel, two_panels
from dlbook.plots.theme import GREEN, ORANGE, PURPLE, RED

DELTA = 10.0  # where Huber's loss turns straight, mmHg
LOSS_COLORS = {"squared": PURPLE, "absolute": GREEN, "Huber": ORANGE}
ENDS = (28.0, 76.0)
WIDE_ENDS = (28.0, 100.0)
RESIDUALS = np.linspace(-50, 50, 101)


def outlier_weight(weight: float, loss: str) -> Figure:
    """The best line while the outlier counts more or less, and how far that moved it.

    Args:
        weight: of the person of 47 years and 220 mmHg in the mean loss, 0 to 1.
        loss: "squared", "absolute" or "Huber" (δ = 10 mmHg).
    """
    age, pressure = (values.numpy() for values in _people())
    theta, without = _weighted_line(weight, loss), _weighted_line(0.0, loss)
    ages = np.linspace(*ENDS, 25)
    moved = _height(theta, ages) - _height(without, ages)
    out = pressure > 200
    figure = two_panels(
        [
            truth_line(without, ENDS, "line without the outlier"),
            straight_line(theta, ENDS, "best line", RED),
            points(age[~out], pressure[~out]),
            dots(
                age[out],
                pressure[out],
                "outlier",
                f"rgba(208,106,0,{0.2 + 0.8 * weight:g})",
                size=16,
            ),
            line(ages, moved, "", RED, panel=2, fill="tozeroy", showlegend=False),
            dots(
                [47.0],
                [_height(theta, 47.0) - _height(without, 47.0)],
                "",
                ORANGE,
                size=11,
                panel=2,
                showlegend=False,
            ),
        ],
        upper=(age_axis(*ENDS), pressure_axis()),
        lower=(age_axis(*ENDS), axis("line moved by (mmHg)", -4, 14)),
        height=600,
        upper_share=0.6,
    )
    young, near, old = (_height(theta, a) - _height(without, a) for a in (34.0, 47.0, 67.0))
    return with_status(
        figure,
        f"a = {theta[0]:.4f}, b = {theta[1]:.2f}. The outlier of weight {weight:g} moves the line "
        f"by {young:+.1f} mmHg at 34 years, {near:+.1f} at 47 and {old:+.1f} at 67.",
    )


def outlier_place(age: int, pressure: int) -> Figure:
    """The best lines for three losses while one of the fifteen people is moved about.

    Args:
        age: of the person who is moved, years.
        pressure: of that person, mmHg.
    """
    ages, pressures = (values.numpy() for values in _people())
    others = pressures < 200
    lines = {loss: _moved_line(age, pressure, loss) for loss in LOSS_COLORS}
    figure = one_panel(
        [
            *(
                straight_line(theta, WIDE_ENDS, f"{loss} error", LOSS_COLORS[loss])
                for loss, theta in lines.items()
            ),
            points(ages[others], pressures[others]),
            dots([age], [pressure], "the moved person", RED, size=13),
        ],
        age_axis(*WIDE_ENDS),
        pressure_axis(80, 320),
        height=420,
    )
    slopes = ", ".join(f"{loss} {theta[0]:.2f}" for loss, theta in lines.items())
    return with_status(figure, f"Slopes in mmHg per year: {slopes}.")


def pull_of_a_residual(residual: int, delta: float) -> Figure:
    """Three losses of one residual, and their slopes: how hard the point pulls at the line.

    Args:
        residual: r = ŷ − y, mmHg.
        delta: where Huber's loss turns straight, mmHg.
    """
    traces, pulls = [], {}
    for name, color in LOSS_COLORS.items():
        values, slopes = _loss_and_slope(name, delta)
        here = residual + 50
        pulls[name] = slopes[here].item()
        for panel, curve in ((1, values), (2, slopes)):
            legend = {"showlegend": panel == 1}
            traces.append(line(RESIDUALS, curve, name, color, panel=panel, **legend))
            marker = dots([residual], curve[here : here + 1], "", color, size=10, panel=panel)
            traces.append(marker | {"showlegend": False})
    figure = two_panels(
        traces,
        upper=(axis("residual r = ŷ − y (mmHg)", -50, 50), axis("loss", -25, 600)),
        lower=(axis("residual r = ŷ − y (mmHg)", -50, 50), axis("slope of the loss", -50, 50)),
        height=600,
    )
    return with_status(
        figure,
        f"At r = {residual} mmHg the point pulls with {abs(pulls['squared']):g} under the squared "
        f"error, {abs(pulls['absolute']):g} under the absolute error and "
        f"{abs(pulls['Huber']):g} under Huber's loss.",
    )


@lru_cache
def _people() -> tuple[Tensor, Tensor]:
    age, pressure = blood_pressure()
    return age.double(), pressure.double()


def _best_line(age: Tensor, pressure: Tensor, loss: str, weight: Tensor) -> tuple[float, float]:
    X = design_matrix(age)
    if loss == "squared":
        theta = weighted_least_squares(X, pressure, weight)
    elif loss == "absolute":
        theta = least_absolute_deviations_lp(X, pressure, weight=weight)
    else:
        theta = huber_regression(X, pressure, delta=DELTA, weight=weight, num_steps=60)
    return tuple(theta.tolist())


@cache
def _weighted_line(outlier_weight: float, loss: str) -> tuple[float, float]:
    age, pressure = _people()
    weight = torch.where(pressure > 200, outlier_weight, 1.0).double()
    return _best_line(age, pressure, loss, weight)


@cache
def _moved_line(age: float, pressure: float, loss: str) -> tuple[float, float]:
    ages, pressures = _people()
    moved = pressures > 200
    ages = torch.where(moved, float(age), ages)
    pressures = torch.where(moved, float(pressure), pressures)
    return _best_line(ages, pressures, loss, torch.ones_like(ages))


@cache
def _loss_and_slope(name: str, delta: float) -> tuple[Tensor, Tensor]:
    """The loss over `RESIDUALS` and its derivative, r²/2 standing for the squared error."""
    residual = torch.tensor(RESIDUALS, requires_grad=True)
    zero = torch.zeros_like(residual)
    loss = {
        "squared": lambda: squared_error(residual, zero) / 2,
        "absolute": lambda: absolute_error(residual, zero),
        "Huber": lambda: huber(residual, zero, delta=delta),
    }[name]()
    loss.sum().backward()
    return loss.detach().numpy(), residual.grad.numpy()


def _height(theta: tuple[float, float], age):
    return theta[0] * age + theta[1]
