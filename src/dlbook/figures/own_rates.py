"""Explorer figure: an optimizer in a valley that can be turned, and its coordinates' rates."""

import math
from functools import cache

import numpy as np
import torch

from dlbook.models.optimizer_walk import walk_with_rates
from dlbook.models.surfaces import Surface
from dlbook.plots import Figure, with_status
from dlbook.plots.loss_landscape import DEPTH_SCALE, path
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE

RATIO = 25.0  # of the valley's two curvatures, 1/25 and 1
NUM_STEPS, FAR = 100, 200  # steps that are drawn; that are made
FLOOR = 1e-3
START = (-1.6, 1.2)  # along the valley and across it
RATES = {
    "SGD": ("sgd", 1.0),
    "momentum": ("momentum", 0.1),
    "AdaGrad": ("adagrad", 0.5),
    "RMSProp": ("rmsprop", 0.05),
    "Adam": ("adam", 0.1),
}  # name and a rate that suits it, at angle 0 and scale 1
WINDOW = 2.2
AXIS = np.linspace(-WINDOW, WINDOW, 67)


def own_rates(rule: str, angle: int, scale: float) -> Figure:
    """A walk of a hundred steps, and what multiplied the gradient of w₁ and of w₂ in each.

    Args:
        rule: one of `RATES`.
        angle: by which the valley, and the start in it, are turned, degrees.
        scale: what the whole loss is multiplied by.
    """
    places, rates = _walk(rule, angle, scale)
    steps = np.arange(1, NUM_STEPS + 1)
    drawn = np.clip(np.nan_to_num(places[: NUM_STEPS + 1], nan=99.0), -9, 9)
    rates = np.clip(np.nan_to_num(rates[:NUM_STEPS], nan=1e6), 1e-6, 1e6)
    figure = two_panels(
        [
            _valley(angle),
            path(*drawn.T, "100 steps"),
            dots(*drawn[:1].T, "start", GRAY, size=11),
            dots([0], [0], "minimum", GREEN, size=12, marker={"symbol": "star"}),
            line(steps, rates[:, 0], "rate of w₁", BLUE, panel=2),
            line(steps, rates[:, 1], "rate of w₂", ORANGE, panel=2, line={"dash": "dash"}),
        ],
        upper=(
            axis("w₁", -WINDOW, WINDOW, constrain="domain"),
            axis("w₂", -WINDOW, WINDOW, scaleanchor="x", constrain="domain"),
        ),
        lower=(axis("step", 0, NUM_STEPS), axis("rate of each", -4, 3, log=True)),
        height=720,
        upper_share=0.68,
    )
    needed = steps_needed(rule, angle, scale)
    reached = f"after {needed} steps" if needed < FAR else f"not within {FAR} steps"
    return with_status(
        figure,
        f"{rule} with η = {RATES[rule][1]:g}, valley turned by {angle}°, loss times {scale:g}: "
        f"down to a height of {FLOOR:g}, loss unscaled, {reached}.",
    )


@cache
def steps_needed(rule: str, angle: int, scale: float) -> int:
    """Steps until the unscaled loss is below 0.001 and stays there; 200 if that takes longer."""
    heights = turned(angle, 1.0)(torch.tensor(_walk(rule, angle, scale)[0]))
    above = torch.nonzero(~(heights < FLOOR))  # what is no number counts as above
    return min(FAR, int(above[-1]) + 1)


def turned(angle: float, scale: float) -> Surface:
    """scale · ½(u²/25 + v²), with (u, v) the coordinates along and across a turned valley."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))

    def surface(w: torch.Tensor) -> torch.Tensor:
        along, across = c * w[..., 0] + s * w[..., 1], c * w[..., 1] - s * w[..., 0]
        return scale * 0.5 * (along**2 / RATIO + across**2)

    return surface


@cache
def _walk(rule: str, angle: int, scale: float) -> tuple[np.ndarray, np.ndarray]:
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    start = torch.tensor([c * START[0] - s * START[1], s * START[0] + c * START[1]]).double()
    name, lr = RATES[rule]
    places, rates = walk_with_rates(name, turned(angle, scale), start, FAR, lr=lr)
    return places.numpy(), rates.numpy()


@cache
def _valley(angle: int) -> dict:
    w = torch.tensor(np.stack(np.meshgrid(AXIS, AXIS), axis=-1))
    depth = turned(angle, 1.0)(w).sqrt().numpy()
    return {
        "type": "heatmap",
        "x": AXIS,
        "y": AXIS,
        "z": np.floor(np.minimum(depth, 1.6) * 10) / 10,
        "zmin": 0,
        "zmax": 1.6,
        "colorscale": DEPTH_SCALE,
        "showscale": False,
        "hoverinfo": "skip",
    }
