"""Straight lines fitted many times, over the points of one of the data sets."""

from collections.abc import Mapping, Sequence

from plotly.graph_objects import Figure
from torch import Tensor

from dlbook.plots.panels import axis, dots, line, one_panel
from dlbook.plots.theme import GRAY, PALETTE


def fitted_lines(X: Tensor, y: Tensor, fits: Mapping[str, Sequence[tuple[float, float]]]) -> Figure:
    """Points, and for each name the lines (slope, intercept) in one colour.

    Args:
        X, y: n values each, of any shape.
        fits: name -> lines.
    """
    x, y = X.flatten(), y.flatten()
    ends = [float(x.min()), float(x.max())]
    traces = [dots(x, y, "points", GRAY, size=6)]
    for color, (name, lines) in zip(PALETTE, fits.items(), strict=False):
        for k, (slope, intercept) in enumerate(lines):
            heights = [slope * end + intercept for end in ends]
            shown = line(ends, heights, name, color, width=1.5)
            traces.append(shown | {"legendgroup": name, "showlegend": k == 0})
    return one_panel(traces, axis("x", *ends), axis("y", float(y.min()), float(y.max())))
