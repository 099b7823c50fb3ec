"""The figure of logistic regression: a map with its samples, and two curves over the steps."""

import numpy as np
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.decision_map import plane, share_map, waiting_points
from dlbook.plots.panels import axis, line, two_panels
from dlbook.plots.theme import GRAY, PURPLE, RED


def logistic_figure(centers: Tensor, num_points: int) -> Figure:
    """The empty figure.

    Args:
        centers: of the map's cells along each axis, (size,).
        num_points: markers of each class.
    """
    limit = float(centers[-1] + (centers[1] - centers[0]) / 2)
    empty = np.zeros((len(centers), len(centers)))
    return two_panels(
        [
            share_map(centers, empty) | {"name": "map"},
            line([0, 0], [0, 0], "line", GRAY, showlegend=False),
            *sized_points(num_points, -3 * limit),
            line([], [], "loss", RED, panel=2),
            line([], [], "length of w", PURPLE, panel=2),
        ],
        upper=plane(limit, limit),
        lower=(
            axis("steps", 0, 5, log=True),
            axis("loss (nats), ‖w‖", -4.7, 2, log=True, dtick=2),
        ),
        height=720,
        upper_share=0.68,
    )


def sized_points(count: int, parking: float) -> list[dict]:
    """`waiting_points` whose sizes may change one by one."""
    traces = waiting_points(count, parking)
    for trace in traces:
        trace["marker"] = trace["marker"] | {"size": np.full(count, 7.0)}
    return traces
