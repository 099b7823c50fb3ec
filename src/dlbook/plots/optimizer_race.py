"""The figure of a race of optimizers: a map with their ways, their heights, who arrived when."""

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.decision_map import plane
from dlbook.plots.optimizer_styles import STYLES
from dlbook.plots.panels import axis, dots, line
from dlbook.plots.theme import GRAY, template

COLORS = [color for color, _ in STYLES.values()]
MOST_STEPS = 4  # the axis of the steps ends at 10 to this power
HEIGHTS = (-5.0, 3.0)  # powers of ten
HEIGHT = 960  # of the figure, in pixels
MAP, CURVES, FINISH = (0.46, 1.0), (0.215, 0.375), (0.0, 0.195)  # shares of the height
BANDS = (-2.0, 3.0)  # powers of ten of the heights that the map tells apart
RELIEF = [[0.0, "rgba(128,132,135,0.02)"], [1.0, "rgba(128,132,135,0.75)"]]


def race_figure(names: Sequence[str], centers: Tensor, window: float) -> Figure:
    """The empty figure.

    Args:
        names: of the racers, in the order of `STYLES`.
        centers: of the map's cells along each axis, (size,).
        window: the map shows [−window, window]².
    """
    x1, x2 = plane(window, window)
    rows = axis("", len(names) - 0.5, -0.5, domain=FINISH, anchor="x2")
    rows |= {"tickvals": list(range(len(names))), "ticktext": list(names)}
    layout = {
        "template": template(),
        "height": HEIGHT,
        "xaxis": x1 | {"anchor": "y"},
        "yaxis": x2 | {"domain": MAP},
        "xaxis2": axis("steps", 0, MOST_STEPS, log=True, anchor="y3"),
        "yaxis2": axis("height", *HEIGHTS, log=True, domain=CURVES, anchor="x2", dtick=2),
        "yaxis3": rows,
    }
    traces = [_relief(centers), *_ways(names), *_heights(names), *_finish()]
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


def _ways(names: Sequence[str]) -> list[dict]:
    """Of each racer its way, and over all ways where the racers are."""
    styles = zip(names, STYLES.values(), strict=True)
    ways = [line([0.0], [0.0], name, color, width=2, line={"dash": dash}, hoverinfo="skip")
            for name, (color, dash) in styles]  # fmt: skip
    outline = {"line": {"width": 1, "color": "rgba(255,255,255,0.9)"}}
    heads = [0.0] * len(names)
    style = {"marker": outline, "showlegend": False, "text": list(names), "hoverinfo": "text"}
    return [*ways, dots(heads, heads, "heads", COLORS, size=11, **style)]


def _heights(names: Sequence[str]) -> list[dict]:
    styles = zip(names, STYLES.values(), strict=True)
    return [
        line([], [], f"height of {name}", color, width=2, panel=2, line={"dash": dash})
        | {"showlegend": False}
        for name, (color, dash) in styles
    ]


def _finish() -> list[dict]:
    """Who has arrived, at which step; those on their way wait where nobody sees them."""
    rows = np.arange(len(COLORS))
    on = {"xaxis": "x2", "yaxis": "y3", "showlegend": False, "hoverinfo": "skip"}
    waiting = np.full(len(COLORS), 1e-3)
    marks = dots(waiting, rows, "arrived", COLORS, size=11, **on)
    numbers = {"type": "scatter", "mode": "text", "name": "steps", "x": waiting, "y": rows,
               "text": [""] * len(rows), "textposition": "middle right",
               "textfont": {"color": GRAY}} | on  # fmt: skip
    return [marks, numbers]
