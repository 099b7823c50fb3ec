"""Explorer figure of shattering: flip the labels of a few points and look for a line."""

from functools import lru_cache

import torch

from dlbook.models.shattering import common_point, num_separable, separating_line
from dlbook.plots import Figure, with_status
from dlbook.plots.panels import axis, one_panel
from dlbook.plots.shattering import halves, labelled_points, meeting_point

POINT_SETS = {
    "triangle": [[-0.8, -0.6], [0.8, -0.5], [0.0, 0.7]],
    "three on a line": [[-0.8, -0.45], [0.0, 0.0], [0.8, 0.45]],
    "four corners": [[-0.75, -0.7], [0.7, -0.8], [0.8, 0.6], [-0.6, 0.7]],
    "one inside": [[-0.85, -0.75], [0.85, -0.75], [0.0, 0.8], [0.05, -0.25]],
}
SQUARE = 1.1  # the plot shows [−1.1, 1.1]²


def shattering(points: str, a: bool, b: bool, c: bool, d: bool) -> Figure:
    """Labelled points with a line that separates them, or the point that rules every line out.

    Args:
        points: a key of `POINT_SETS`.
        a, b, c, d: whether that point is orange; the sets of three have no point D.
    """
    X = torch.tensor(POINT_SETS[points], dtype=torch.float64)
    labels = torch.where(torch.tensor([a, b, c, d][: len(X)]), 1, -1)
    separator = separating_line(X, labels)
    traces = [
        *halves(SQUARE, separator),
        *labelled_points(X, labels),
        meeting_point(common_point(X, labels)),
    ]
    side = {"showgrid": False, "zeroline": False}
    x_axis = axis("first feature", -SQUARE, SQUARE, **side)
    figure = one_panel(traces, x_axis, axis("second feature", -SQUARE, SQUARE, **side), height=420)
    verdict = "Some line separates" if separator else "No line separates"
    return with_status(
        figure,
        f"{verdict} these labels. Over all labellings of these points, lines produce "
        f"{_count(points)} of {2 ** len(X)}.",
    )


@lru_cache
def _count(points: str) -> int:
    return num_separable(torch.tensor(POINT_SETS[points], dtype=torch.float64))
