"""Histograms of risks over repeated samples."""

import numpy as np

from dlbook.plots.color_numbers import see_through
from dlbook.plots.panels import line

BIN = 0.02
EDGES = np.arange(-BIN / 2, 1 + BIN, BIN)  # bins are centred on 0, 0.02, 0.04, ...
CENTERS = (EDGES[1:] + EDGES[:-1]) / 2


def risk_histogram(risks, name: str, color: str) -> dict:
    """The share of the repeats in each bin of width 0.02, as bars."""
    share = np.histogram(np.asarray(risks), EDGES)[0] / len(risks)
    marker = {"color": see_through(color, 0.45), "line": {"color": color, "width": 1}}
    return {
        "type": "bar",
        "x": CENTERS,
        "y": share,
        "width": BIN * 0.96,
        "name": name,
        "marker": marker,
    }


def mean_line(value: float, top: float, name: str, color: str, *, dash: str = "solid") -> dict:
    """A vertical line at a mean or at a true risk."""
    return line([value, value], [0, top], name, color, width=2.5, line={"dash": dash})
