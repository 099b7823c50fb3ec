"""The figure of a race of optimizers: a map with their ways, their heights, who arrived when."""

from collections.abc import Mapping, Sequence

import numpy as np
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.decision_map import plane
from dlbook.plots.panels import axis, dots, line
from dlbook.plots.theme import GRAY, template

MOST_STEPS = 4  # the axis of the steps ends at 10 to this power
HEIGHTS = (-5.0, 3.0)  # powers of ten
HEIGHT = 960  # of the figure, in pixels
MAP, CURVES, FINISH = (0.46, 1.0), (0.215, 0.375), (0.0, 0.195)  # shares of the height
BANDS = (-2.0, 3.0)  # powers of ten of the heights that the map tells apart
RELIEF = [[0.0, "rgba(128,132,135,0.02)"], [1.0, "rgba(128,132,135,0.75)"]]


def race_figure(
    named: Mapping[str, tuple[str, str]], symbols: Sequence[str], centers: Tensor, window: float
) -> Figure:
    """The empty figure.

    Args:
        named: name of each racer -> its colour and dash.
        symbols: of their dots.
        centers: of the map's cells along each axis, (size,).
        window: the map shows [−window, window]².
    """
    x1, x2 = plane(window, window)
    rows = axis(
        "", len(named) - 0.5, -0.5, domain=FINISH, anchor="x2", showgrid=False, zeroline=False
    )
    rows |= {"tickvals": list(range(len(named))), "ticktext": list(named)}
    layout = {
        "template": template(),
        "height": HEIGHT,
        "xaxis": x1 | {"anchor": "y"},
        "yaxis": x2 | {"domain": MAP},
        "xaxis2": axis("steps", 0, MOST_STEPS, log=True, anchor="y3"),
        "yaxis2": axis("height", *HEIGHTS, log=True, domain=CURVES, anchor="x2", dtick=2),
        "yaxis3": rows,
    }
    colors = [color for color, _ in named.values()]
    traces = [_relief(centers), *_ways(named, symbols), *_heights(named), *_finish(colors, symbols)]
    return Figure(data=traces, layout=layout)


def _relief(centers: Tensor) -> dict:
    """The surface as bands of height, empty."""
    return {
        "type": "heatmap",
        "name": "relief",
        "x": centers.numpy(),
        "y": centers.numpy(),
        "z": np.full((len(centers), len(centers)), BANDS[0]),
        "zmin": BANDS[0],
        "zmax": BANDS[1],
        "colorscale": RELIEF,
        "showscale": False,
        "hoverinfo": "skip",
    }


def _ways(named: Mapping[str, tuple[str, str]], symbols: Sequence[str]) -> list[dict]:
    """Of each racer its way, and over all ways where the racers are."""
    ways = [line([0.0], [0.0], name, color, width=2, line={"dash": dash}, hoverinfo="skip")
            for name, (color, dash) in named.items()]  # fmt: skip
    marker = {"symbol": list(symbols), "line": {"width": 1, "color": "rgba(255,255,255,0.9)"}}
    heads, colors = [0.0] * len(named), [color for color, _ in named.values()]
    style = {"marker": marker, "showlegend": False, "text": list(named), "hoverinfo": "text"}
    return [*ways, dots(heads, heads, "heads", colors, size=11, **style)]


def _heights(named: Mapping[str, tuple[str, str]]) -> list[dict]:
    return [
        line([], [], f"height of {name}", color, width=2, panel=2, line={"dash": dash})
        | {"showlegend": False}
        for name, (color, dash) in named.items()
    ]


def _finish(colors: list[str], symbols: Sequence[str]) -> list[dict]:
    """Who has arrived, at which step; those on their way wait where nobody sees them."""
    rows = np.arange(len(colors))
    on = {"xaxis": "x2", "yaxis": "y3", "showlegend": False, "hoverinfo": "skip"}
    waiting = np.full(len(colors), 1e-3)
    marks = dots(waiting, rows, "arrived", colors, size=11, marker={"symbol": list(symbols)}, **on)
    numbers = {"type": "scatter", "mode": "text", "name": "steps", "x": waiting, "y": rows,
               "text": [""] * len(rows), "textposition": "middle right",
               "textfont": {"color": GRAY}} | on  # fmt: skip
    return [marks, numbers]
