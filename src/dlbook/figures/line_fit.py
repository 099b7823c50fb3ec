"""Explorer figures of a line through points: placed by hand, used to predict, drawn anew."""

from functools import lru_cache

import numpy as np
import torch

from dlbook import random
from dlbook.datasets.blood_pressure import blood_pressure
from dlbook.losses import absolute_error, squared_error
from dlbook.models.least_squares import least_squares
from dlbook.models.linear_regression import design_matrix
from dlbook.plots import Figure, with_status
from dlbook.plots.lines import (
    age_axis,
    points,
    pressure_axis,
    residual_bars,
    residual_tiles,
    straight_line,
    truth_line,
)
from dlbook.plots.loss_landscape import contours, held_at_the_end, position
from dlbook.plots.panels import axis, dots, one_panel, two_panels
from dlbook.plots.theme import ORANGE, PURPLE, RED

ENDS = (28.0, 76.0)
SLOPES = np.linspace(0.55, 1.65, 56)
INTERCEPTS = np.linspace(67.0, 123.0, 57)
TRUE_LINE = (1.0, 100.0)  # the line behind the simulated people: slope, intercept
MOST_PEOPLE = 100  # in a simulated sample
NUM_SAMPLES = 200  # simulated samples in the cloud of estimates


def line_and_bowl(slope: float, intercept: float, loss: str) -> Figure:
    """A line placed by hand among the blood pressures, and its place in the bowl of all lines.

    Args:
        slope: a, mmHg per year.
        intercept: b, mmHg.
        loss: "squared" or "absolute".
    """
    age, pressure = _people()
    y_hat = slope * age + intercept
    error = _loss_name(loss)(torch.tensor(y_hat), torch.tensor(pressure)).mean().item()
    figure = two_panels(
        [
            residual_tiles(age, pressure, (slope, intercept), shown=loss == "squared"),
            residual_bars(age, pressure, y_hat),
            straight_line((slope, intercept), ENDS, "your line", RED),
            points(age, pressure),
            contours(
                SLOPES, INTERCEPTS, _bowl(loss), "loss", start=0.03, end=0.93, size=0.06, panel=2
            ),
            position(slope, intercept, "", panel=2, showlegend=False),
        ],
        upper=(age_axis(*ENDS), pressure_axis()),
        lower=(axis("slope a (mmHg per year)", 0.55, 1.65), axis("intercept b (mmHg)", 67, 123)),
        height=640,
        upper_share=0.58,
    )
    below = int((pressure < y_hat).sum())
    kind = "squared error" if loss == "squared" else "absolute error"
    unit = "mmHg²" if loss == "squared" else "mmHg"
    return with_status(
        figure, f"Mean {kind} {error:.1f} {unit}; {below} of the 15 points lie below the line."
    )


def prediction(age: int, keep_outlier: bool) -> Figure:
    """The least-squares line and what it predicts at one age.

    Args:
        age: years.
        keep_outlier: whether the person of 47 years and 220 mmHg takes part in the fit.
    """
    ages, pressures = _people()
    slope, intercept = _fitted(keep_outlier)
    y_hat = slope * age + intercept
    kept = (pressures < 200) | keep_outlier
    figure = one_panel(
        [
            residual_bars(ages[kept], pressures[kept], slope * ages[kept] + intercept),
            straight_line((slope, intercept), (0.0, 100.0), "least-squares line", PURPLE),
            points(ages, pressures),
            dots([age], [y_hat], "prediction", RED, size=14, marker={"symbol": "diamond"}),
        ],
        axis("age (years)", 0, 100),
        pressure_axis(60, 240),
    )
    return with_status(
        figure,
        f"ŷ = {slope:.4f} · {age} + {intercept:.2f} = {y_hat:.1f} mmHg. "
        f"The data end at 34 and 67 years.",
    )


def simulated_lines(noise: float, num_points: int, seed: int) -> Figure:
    """A line fitted to simulated people, and the cloud of the fits to 200 such samples.

    The people are simulated, from the line 1.0 · age + 100 with Gaussian noise.

    Args:
        noise: standard deviation of the pressures around the line, mmHg.
        num_points: people in a sample, 2 to 100.
        seed: which of the 200 samples is shown above.
    """
    ages, pressures, estimates = _simulated(noise, num_points)
    theta = estimates[seed].tolist()
    shown = [held_at_the_end(values[seed], MOST_PEOPLE) for values in (ages, pressures)]
    figure = two_panels(
        [
            truth_line(TRUE_LINE, ENDS, "true line"),
            straight_line(theta, ENDS, "fitted line", PURPLE),
            points(*shown, size=6),
            dots(
                estimates[:, 0].numpy(),
                estimates[:, 1].numpy(),
                "fits to 200 samples",
                ORANGE,
                size=4,
                panel=2,
                marker={"opacity": 0.6},
            ),
            position(*theta, "this fit", panel=2),
        ],
        upper=(age_axis(*ENDS), pressure_axis()),
        lower=(axis("slope a (mmHg per year)", -0.5, 2.5), axis("intercept b (mmHg)", 20, 180)),
        height=640,
        upper_share=0.55,
    )
    spread = estimates.std(dim=0)
    return with_status(
        figure,
        f"This sample: a = {theta[0]:.2f}, b = {theta[1]:.0f}. Over 200 samples the slope varies "
        f"by ±{spread[0]:.2f} and the intercept by ±{spread[1]:.0f} (standard deviations).",
    )


def _loss_name(loss: str):
    return {"squared": squared_error, "absolute": absolute_error}[loss]


@lru_cache
def _people() -> tuple[np.ndarray, np.ndarray]:
    """Ages and pressures as float64, by age."""
    age, pressure = (values.double().numpy() for values in blood_pressure())
    order = np.argsort(age, kind="stable")
    return age[order], pressure[order]


@lru_cache
def _bowl(loss: str) -> np.ndarray:
    """√(loss − lowest loss) of every line of the map, scaled so that the rim is 1.

    The root of a parabola is a cone: its levels are evenly spaced also around the bottom.
    """
    age, pressure = _people()
    y_hat = SLOPES[:, None] * age + INTERCEPTS[:, None, None]  # (intercepts, slopes, people)
    error = _loss_name(loss)(torch.tensor(y_hat), torch.tensor(pressure)).mean(-1).numpy()
    depth = np.sqrt(error - error.min())
    return depth / depth.max()


@lru_cache
def _fitted(keep_outlier: bool) -> tuple[float, float]:
    age, pressure = _people()
    kept = (pressure < 200) | keep_outlier
    theta = least_squares(design_matrix(torch.tensor(age[kept])), torch.tensor(pressure[kept]))
    return tuple(theta.tolist())


@lru_cache
def _simulated(noise: float, num_points: int):
    """Ages (samples, people), pressures (samples, people) and estimates (samples, 2)."""
    size = (NUM_SAMPLES, num_points)
    age = 30 + 40 * random.uniform(size, seed=0).double()
    slope, intercept = TRUE_LINE
    pressure = slope * age + intercept + noise * random.normal(size, seed=0, stream=1).double()
    return age, pressure, least_squares(design_matrix(age), pressure)
