"""The figure of walkers on a parabola: where they are, their mean height, their step size."""

import numpy as np

from dlbook.plots import Figure
from dlbook.plots.panels import axis, dots, line
from dlbook.plots.theme import BLUE, GRAY, ORANGE, PURPLE, template

NUM_WALKERS = 60
MOST_STEPS = 5  # the axis of the steps ends at 10 to this power
LIMIT = 5.0
HEIGHT = 780  # of the figure, in pixels
BOWL, CURVES, RATES = (0.6, 1.0), (0.24, 0.5), (0.0, 0.19)  # shares of the height


def swarm_figure() -> Figure:
    """The empty figure."""
    w = np.linspace(-LIMIT, LIMIT, 101)
    waiting = np.full(NUM_WALKERS, -10 * LIMIT)
    walkers = {"marker": {"opacity": 0.7, "line": {"width": 0.5, "color": "white"}}}
    steps = axis("steps", 0, MOST_STEPS, log=True)
    layout = {
        "template": template(),
        "height": HEIGHT,
        "xaxis": axis("w", -LIMIT, LIMIT, anchor="y"),
        "yaxis": axis("height w²/2", -0.6, 12, domain=BOWL),
        "xaxis2": steps | {"anchor": "y3"},
        "yaxis2": axis("mean height", -5, 1.5, log=True, domain=CURVES, anchor="x2", dtick=2),
        "yaxis3": axis("rate η", -5, 0.5, log=True, domain=RATES, anchor="x2", dtick=2),
    }
    traces = [
        line(w, w**2 / 2, "loss", GRAY, hoverinfo="skip", showlegend=False),
        dots(waiting, waiting, "walkers", BLUE, size=8, hoverinfo="skip", **walkers),
        line([], [], "mean height", BLUE, panel=2),
        line([], [], "floor of the present rate", ORANGE, panel=2, line={"dash": "dash"}),
        line([], [], "rate", PURPLE) | {"xaxis": "x2", "yaxis": "y3"},
    ]
    return Figure(data=traces, layout=layout)
