"""A paper to draw on, beside which pixels speak for a class; probabilities; the test error."""

import numpy as np
import torch

from dlbook.plots import Figure
from dlbook.plots import digit_reasons as parts
from dlbook.plots.panels import axis, line
from dlbook.plots.theme import TEST_COLOR

MOST_STEPS = 4  # the axis of the steps ends at 10 to this power
HEIGHT = 616
PICTURES, BARS, ERRORS = (0.575, 1.0), (0.315, 0.505), (0.0, 0.195)  # shares of the height
COLUMNS = ((0.0, 0.6), (0.63, 1.0))  # of the width: the paper is the larger one, for fingers


def reader_figure(side: int) -> Figure:
    """The empty figure, with a paper of side² cells."""
    paper = parts.picture(torch.zeros(side * side), "x", parts.INK_SCALE, (0, 1))
    centers = (np.arange(side) + 0.5) * (8 / side) - 4
    paper |= {"name": "paper", "x": centers, "y": centers}
    del paper["xaxis"], paper["yaxis"]  # where clicks add points, with a kernel
    votes = parts.picture(torch.zeros(64), "x2", parts.SIGNED_SCALE, (-1, 1)) | {"name": "votes"}
    bars = parts.bars(torch.full((10,), 0.1)) | {"name": "probability"}
    traces = [
        paper,
        votes,
        parts.ink(torch.zeros(64), "x2") | {"name": "ink"},
        bars,
        line([], [], "test error", TEST_COLOR, panel=4),
    ]
    figure = parts.arranged(traces, ("draw here", "for and against"), COLUMNS)
    return figure.update_layout(
        height=HEIGHT,
        yaxis={"domain": PICTURES},
        yaxis2={"domain": PICTURES},
        yaxis3={"domain": BARS},
        xaxis4=axis("steps", 0, MOST_STEPS, log=True, anchor="y4", domain=parts.BARS_ACROSS),
        yaxis4=axis("test error", -2.1, 0, log=True, anchor="x4", domain=ERRORS),
    )
