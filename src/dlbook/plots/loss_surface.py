"""A loss over a plane of parameters, its two axes as curves, the decision map, and the run."""

import numpy as np

from dlbook.plots import Figure
from dlbook.plots.decision_map import map_grid, share_map, waiting_points
from dlbook.plots.panels import axis, dots, line
from dlbook.plots.theme import BLUE, ORANGE, PURPLE, RED, template

POINTS, FINE = 21, 101  # a side of the grid of losses; of the picture that is made of it
CELLS = 40  # a side of the decision map
LEVELS, EDGE = 15, 0.15  # bands of colour; the share of a band that is its line
POWERS = (-4.0, 1.0)  # of ten: the losses that colours tell apart, three bands a power
SHOWN = tuple(10.0**power for power in POWERS)
CURVES = (-5.3, 1.0)  # powers of ten on the axes of the curves
MOST_STEPS = 5  # the axis of the steps ends at 10 to this power
HEIGHT = 720  # in pixels
LEFT, RIGHT, UPPER, LOWER = (0, 0.46), (0.54, 1), (0.54, 1), (0, 0.34)  # shares of the figure


def loss_surface_figure(limit: float, num_points: int) -> Figure:
    """The empty figure.

    Args:
        limit: the decision map covers [−limit, limit]².
        num_points: markers of each class.
    """
    layout = {
        "template": template(),
        "height": HEIGHT,
        "xaxis": _share("along d₁") | {"domain": LEFT, "constrain": "domain"},
        "yaxis": _share("along d₂") | _square("x") | {"domain": UPPER},
        "xaxis2": axis("x₁", -limit, limit, constrain="domain", domain=RIGHT, anchor="y2"),
        "yaxis2": axis("x₂", -limit, limit, anchor="x2", side="right")
        | _square("x2")
        | {"domain": UPPER},
        "xaxis3": _share("along a direction") | {"domain": LEFT, "anchor": "y3"},
        "yaxis3": axis("loss (nats)", *CURVES, log=True, domain=LOWER, anchor="x3"),
        "xaxis4": axis("steps", 0, MOST_STEPS, log=True, domain=RIGHT, anchor="y4", dtick=2),
        "yaxis4": axis("", *CURVES, log=True, domain=LOWER, anchor="x4", side="right"),
        "legend": {"y": LOWER[1] + 0.01},
    }
    traces = [*_surface(), *_map(limit, num_points), *_profiles(), *_run()]
    return Figure(data=traces, layout=layout)


def _surface() -> list[dict]:
    places = np.linspace(-1, 1, FINE)
    surface = {
        "type": "heatmap",
        "name": "surface",
        "x": places,
        "y": places,
        "z": np.zeros((FINE, FINE)),
        "zmin": POWERS[0],
        "zmax": POWERS[1],
        "colorscale": bands(),
        "showscale": False,
        "hoverinfo": "skip",
    }
    cross = {"symbol": "cross-thin-open", "line": {"width": 2}}
    here = dots([0], [0], "the network", RED, size=14, marker=cross, showlegend=False)
    return [surface, here]


def bands() -> list[list]:
    """Steps of one colour, the lower the fuller, each with a fuller line at its lower edge.

    Translucent, so that the page's own background shows through.
    """
    scale = []
    for level in range(LEVELS):
        opacity = 0.9 * (1 - level / (LEVELS - 1))
        low, high = level / LEVELS, (level + 1) / LEVELS
        edge, line = low + EDGE * (high - low), min(1.0, opacity + 0.3)
        scale += [[low, _purple(line)], [edge, _purple(line)]]
        scale += [[edge, _purple(opacity)], [high, _purple(opacity)]]
    return scale


def _purple(opacity: float) -> str:
    return f"rgba(148,98,214,{opacity:.3f})"  # seen on white and on black


def _map(limit: float, num_points: int) -> list[dict]:
    centers = map_grid(limit, CELLS)[0]
    panel = {"xaxis": "x2", "yaxis": "y2", "showlegend": False, "hoverinfo": "skip"}
    points = [trace | panel for trace in waiting_points(num_points, -3 * limit, size=5)]
    empty = np.zeros((CELLS, CELLS))
    return [share_map(centers, empty) | {"name": "map"} | panel, *points]


def _profiles() -> list[dict]:
    places = np.linspace(-1, 1, POINTS)
    unseen = np.full(POINTS, np.nan)
    return [
        line(places, unseen, "along d₁", BLUE, panel=3),
        line(places, unseen, "along d₂", ORANGE, panel=3, line={"dash": "dash"}),
    ]


def _run() -> list[dict]:
    return [line([], [], "training loss", PURPLE, panel=4)]


def _share(title: str) -> dict:
    """An axis whose ends are the range r of the plane, whatever r is."""
    ticks = {"tickvals": [-1, 0, 1], "ticktext": ["−r", "0", "r"]}
    return axis(title, -1, 1) | ticks


def _square(other: str) -> dict:
    return {"scaleanchor": other, "constrain": "domain"}
