"""A curve, the straight pieces that a network draws of it, and how far it is off."""

import math
from collections.abc import Sequence

from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import BLUE, GRAY, ORANGE, RED
from dlbook.plots.words import SUPERSCRIPTS

LIMIT = math.pi
INSIDE = {"tickvals": [-LIMIT, 0, LIMIT], "ticktext": ["−π", "0", "π"]}
AROUND = {
    "tickvals": [-2 * LIMIT, -LIMIT, 0, LIMIT, 2 * LIMIT],
    "ticktext": ["−2π", "−π", "0", "π", "2π"],
}
LOWEST, HIGHEST = -5, 1  # powers of ten on the axis of errors


def inside_axis() -> dict:
    """x from −π to π."""
    return axis("x", -1.03 * LIMIT, 1.03 * LIMIT, **INSIDE)


def around_axis() -> dict:
    """x from −2π to 2π."""
    return axis("x", -2 * LIMIT, 2 * LIMIT, **AROUND)


def value_axis(title: str = "f(x)") -> dict:
    """Heights of the curves."""
    return axis(title, -2.2, 2.2, zeroline=True)


def power_axis(title: str) -> dict:
    """An axis for the power of ten of an error: linear, so that a page stores two bytes a point."""
    powers = list(range(LOWEST, HIGHEST + 1))
    words = [f"10{str(power).translate(SUPERSCRIPTS)}" for power in powers]
    below = 0.3  # so that the lowest label keeps clear of those of x
    return axis(title, LOWEST - below, HIGHEST, tickvals=powers, ticktext=words)


def target(x, y, *, panel: int = 1) -> dict:
    """The curve to be drawn."""
    return line(x, y, "curve f", GRAY, width=5, panel=panel, opacity=0.55)


def drawn(x, y, name: str = "network f̂", *, panel: int = 1, **more) -> dict:
    """What the network makes of it."""
    return line(x, y, name, BLUE, panel=panel, **more)


def kinks(x, y, name: str = "kinks", *, size: float = 7, **more) -> dict:
    """The places where the network bends."""
    return dots(x, y, name, RED, size=size, **more)


def border() -> dict:
    """Two upright lines at −π and π, one path that goes round outside of the axes."""
    far = 1e3
    x = [-LIMIT, -LIMIT, LIMIT, LIMIT]
    y = [far, -far, -far, far]
    style = {"line": {"dash": "dot"}, "hoverinfo": "skip", "showlegend": False}
    return line(x, y, "border", GRAY, width=1.5, **style)


def turns(knots: Tensor, changes: Tensor) -> dict:
    """The slope changes as bars at their knots, in panel 2."""
    return {
        "type": "bar",
        "x": knots.numpy(),
        "y": changes.numpy(),
        "width": 0.12,
        "name": "turn of a unit",
        "marker": {"color": ORANGE},
        "xaxis": "x2",
        "yaxis": "y2",
        "showlegend": False,
    }


def curve_above(
    traces: Sequence[dict], x_axis: dict, lower: dict, *, share: float = 0.58, height: int = 560
) -> Figure:
    """The curves above, what is said about them below, over the same x."""
    return two_panels(
        traces,
        (x_axis | {"title": {"text": ""}}, value_axis()),
        (x_axis, lower),
        height=height,
        upper_share=share,
    )
