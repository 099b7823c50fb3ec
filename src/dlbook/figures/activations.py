"""Activations and their slopes, with the inputs that a unit gets; softmax beside sigmoids."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.models.activations import ACTIVATIONS, sigmoid, softmax
from dlbook.plots import Figure, with_status
from dlbook.plots.panels import axis, dots, line, one_panel, two_panels
from dlbook.plots.theme import BLUE, GREEN, ORANGE
from dlbook.random import normal

LIMIT = 6.8  # of z; the largest input is 6.55
HIGHEST = 7.2  # output
NUM_INPUTS = 60
FLAT = 0.05  # a slope below this lets next to nothing through


def activation_and_slope(kind: str, parameter: float, bias: float) -> Figure:
    """An activation above its derivative, and on both the 60 inputs that a unit gets.

    Args:
        kind: a key of `ACTIVATIONS`.
        parameter: α or β; ignored by activations that have none.
        bias: the unit's inputs are N(bias, 1).
    """
    activation, z = ACTIVATIONS[kind], torch.linspace(-LIMIT, LIMIT, 241)
    seen = _inputs() + bias
    height, slope = (f(seen, parameter) for f in (activation, activation.slope))
    places = {"opacity": 0.55, "showlegend": False, "hoverinfo": "skip"}
    traces = [
        line(z, activation(z, parameter).clamp(-9, 9), "σ(z)", BLUE),
        line(z, activation.slope(z, parameter).clamp(-9, 9), "slope σ′(z)", GREEN, panel=2),
        dots(seen, height, "inputs", ORANGE, size=9, **places | {"showlegend": True}),
        dots(seen, slope, "inputs", ORANGE, size=9, panel=2, **places),
    ]
    figure = two_panels(
        traces,
        (axis("", -LIMIT, LIMIT), axis("output σ(z)", -HIGHEST, HIGHEST)),
        (axis("z, before the activation", -LIMIT, LIMIT), axis("slope σ′(z)", -0.35, 2.2)),
        height=640,
        upper_share=0.6,
    )
    return with_status(figure, _sentence(kind, parameter, bias, slope))


def outputs_together(logit: float, constant: float, temperature: float) -> Figure:
    """Softmax of three logits beside the sigmoid of each.

    Args:
        logit: of class A; B has 1 and C has 0.
        constant: added to all three logits.
        temperature: all logits are divided by it.
    """
    z = torch.tensor([logit, 1.0, 0.0]) + constant
    p, s = softmax(z, temperature), sigmoid(z / temperature)
    traces = [
        _bars(p, "softmax of all three", BLUE),
        _bars(s, "sigmoid of each alone", ORANGE),
    ]
    figure = one_panel(
        traces,
        {"title": {"text": "class"}, "range": [-0.5, 2.5], "tickvals": [0, 1, 2]}
        | {"ticktext": ["A", "B", "C"]},
        axis("output", 0, 1.02),
        height=340,
    )
    listed = [", ".join(f"{v:.2f}" for v in values.tolist()) for values in (p, s)]
    sums = f"{float(p.sum()):.2f}", f"{float(s.sum()):.2f}"
    words = f"Softmax {listed[0]}, sum {sums[0]}; sigmoids {listed[1]}, sum {sums[1]}."
    return with_status(figure, words)


def _bars(values: Tensor, name: str, color: str) -> dict:
    bar = {"type": "bar", "x": [0, 1, 2], "y": values.numpy(), "name": name}
    return bar | {"marker": {"color": color}}


@lru_cache(maxsize=1)
def _inputs() -> Tensor:
    return normal((NUM_INPUTS,), seed=0).sort().values


def _sentence(name: str, parameter: float, bias: float, slope: Tensor) -> str:
    symbol = ACTIVATIONS[name].parameter
    setting = f", {symbol} = {parameter:g}" if symbol else ""
    flat = int((slope.abs() < FLAT).sum())
    words = f"{name}{setting}, bias {bias:g}: mean slope at the inputs {float(slope.mean()):.2f}; "
    many = "none" if flat == 0 else "all" if flat == NUM_INPUTS else f"{flat}"
    text = f"{words}nearly flat (slope below {FLAT}) at {many} of {NUM_INPUTS} inputs."
    return (text[0].upper() + text[1:]).replace("-", "−")
