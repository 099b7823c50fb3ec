"""A paper to draw on, beside which pixels speak for a class; probabilities; the test error."""

import numpy as np

from dlbook.plots import Figure
from dlbook.plots.color_numbers import see_through
from dlbook.plots.network import NEGATIVE, POSITIVE
from dlbook.plots.panels import axis, line
from dlbook.plots.theme import GRAY, GREEN, TEST_COLOR, template

MOST_STEPS = 4  # the axis of the steps ends at 10 to this power
HEIGHT = 780
PICTURES, BARS, ERRORS = (0.56, 1.0), (0.28, 0.46), (0.0, 0.17)  # shares of the height
LEFT, RIGHT = (0.0, 0.485), (0.515, 1.0)  # shares of the width
INK_SCALE = [[0, see_through(GRAY, 0.08)], [1, see_through(GRAY, 1.0)]]
VOTE_SCALE = [
    [0.0, see_through(NEGATIVE, 0.95)],
    [0.5, see_through(GRAY, 0.05)],
    [1.0, see_through(POSITIVE, 0.95)],
]


def reader_figure(limit: float, side: int) -> Figure:
    """The empty figure.

    Args:
        limit: the paper is [−limit, limit]², in pixels of the network's image.
        side: cells of the paper.
    """
    layout = {
        "template": template(),
        "height": HEIGHT,
        "showlegend": False,
        "margin": {"t": 28},
        "xaxis": _bare(limit) | {"domain": LEFT, "anchor": "y"},
        "yaxis": _square(limit, "x") | {"domain": PICTURES, "anchor": "x"},
        "xaxis2": _bare(limit) | {"domain": RIGHT, "anchor": "y2"},
        "yaxis2": _square(limit, "x2") | {"domain": PICTURES, "anchor": "x2"},
        "xaxis3": axis("digit", -0.6, 9.6, anchor="y3", dtick=1),
        "yaxis3": axis("probability", 0, 1, anchor="x3", domain=BARS, dtick=0.5),
        "xaxis4": axis("steps", 0, MOST_STEPS, log=True, anchor="y4"),
        "yaxis4": axis("test error", -2, 0, log=True, anchor="x4", domain=ERRORS),
        "annotations": [_title("draw here", LEFT), _title("pixels for and against", RIGHT)],
    }
    traces = [
        _picture("paper", limit, side, INK_SCALE, (0, 1)),
        _picture("votes", limit, 8, VOTE_SCALE, (-1, 1)) | {"xaxis": "x2", "yaxis": "y2"},
        _ink(limit),
        {
            "type": "bar",
            "name": "probability",
            "x": np.arange(10),
            "y": np.full(10, 0.1),
            "marker": {"color": GREEN},
            "xaxis": "x3",
            "yaxis": "y3",
            "hovertemplate": "%{x}: %{y:.3f}<extra></extra>",
        },
        line([], [], "test error", TEST_COLOR, panel=4),
    ]
    return Figure(data=traces, layout=layout)


def _picture(name: str, limit: float, side: int, colorscale: list, ends: tuple) -> dict:
    centers = (np.arange(side) + 0.5) * (2 * limit / side) - limit
    return {
        "type": "heatmap",
        "name": name,
        "x": centers,
        "y": centers,
        "z": np.zeros((side, side)),
        "zmin": ends[0],
        "zmax": ends[1],
        "colorscale": colorscale,
        "showscale": False,
        "hoverinfo": "skip",
    }


def _ink(limit: float) -> dict:
    """A dot a pixel, as large as there is ink; the top row first."""
    centers = (np.arange(8) + 0.5) * (limit / 4) - limit
    return {
        "type": "scatter",
        "name": "ink",
        "mode": "markers",
        "x": np.tile(centers, 8),
        "y": np.repeat(centers[::-1], 8),
        "marker": {"color": GRAY, "size": np.zeros(64), "symbol": "circle"},
        "xaxis": "x2",
        "yaxis": "y2",
        "hoverinfo": "skip",
    }


def _title(text: str, domain: tuple) -> dict:
    place = {"x": sum(domain) / 2, "y": 1.0, "xref": "paper", "yref": "paper"}
    return {"text": text, "showarrow": False, "yanchor": "bottom"} | place


def _bare(limit: float) -> dict:
    """An axis without ticks."""
    frame = {"showline": True, "mirror": True, "zeroline": False, "showgrid": False}
    return {"range": [-limit, limit], "fixedrange": True, "showticklabels": False} | frame | {
        "constrain": "domain",
    }


def _square(limit: float, other: str) -> dict:
    return _bare(limit) | {"scaleanchor": other}
