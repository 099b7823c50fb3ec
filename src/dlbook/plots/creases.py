"""The pieces of a network beside its answer, and its loss over the steps."""

import numpy as np

from dlbook.plots import Figure
from dlbook.plots.decision_map import map_grid, share_map, waiting_points
from dlbook.plots.linear_regions import cell_map
from dlbook.plots.panels import axis, line
from dlbook.plots.theme import PURPLE, template

CELLS = 90  # a side of both maps
LEFT, RIGHT, UPPER, LOWER = (0, 0.46), (0.54, 1), (0.42, 1), (0, 0.26)  # shares of the figure


def creases_figure(limit: float, num_points: int) -> Figure:
    """The empty figure.

    Args:
        limit: the maps cover [−limit, limit]².
        num_points: markers of each class.
    """
    square = {"constrain": "domain", "fixedrange": True}
    layout = {
        "template": template(),
        "height": 600,
        "margin": {"l": 52, "r": 10, "t": 30, "b": 46},
        "xaxis": axis("pieces", -limit, limit, **square, domain=LEFT),
        "yaxis": axis("", -limit, limit, **square, scaleanchor="x", domain=UPPER),
        "xaxis2": axis("answer", -limit, limit, **square, domain=RIGHT, anchor="y2"),
        "yaxis2": axis("", -limit, limit, **square, scaleanchor="x2", domain=UPPER, anchor="x2"),
        "xaxis3": axis("steps", 0, 4, log=True, anchor="y3"),
        "yaxis3": axis("loss (nats)", -4, 0.5, log=True, domain=LOWER, anchor="x3", dtick=2),
    }
    on_right = {"xaxis": "x2", "yaxis": "y2", "showlegend": False, "hoverinfo": "skip"}
    points = [trace | on_right for trace in waiting_points(num_points, -3 * limit, size=5)]
    empty = np.zeros((CELLS, CELLS))
    centers = map_grid(limit, CELLS)[0]
    traces = [
        cell_map(empty, limit),
        share_map(centers, empty) | {"name": "answer"} | on_right,
        *points,
        line([], [], "training loss", PURPLE, panel=3, showlegend=False),
    ]
    return Figure(data=traces, layout=layout)
