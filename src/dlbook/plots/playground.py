"""The playground's figure: the network and its units, the decision map, the losses."""

import numpy as np
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.decision_map import CLASS_SYMBOLS, POINT_OUTLINE, plane, share_map
from dlbook.plots.panels import axis, dots, line
from dlbook.plots.theme import CLASS_COLORS, DECISION_SCALE, GRAY, TEST_COLOR, TRAIN_COLOR, template

MOST_STEPS = 5  # the axis of the steps ends at 10 to this power
LOSS_RANGE = (-3.0, 0.5)  # powers of ten
WIDTHS = (0.6, 1.6, 3.2)  # of the lines of weights, in pixels
HEIGHT = 940  # of the figure, in pixels
NETWORK, MAP, LOSSES = (0.70, 1.0), (0.235, 0.635), (0.0, 0.15)  # shares of the height
UNITS, LAYERS = 8, 4


def playground_figure(centers: Tensor, num_points: int, lines: np.ndarray) -> Figure:
    """The empty figure.

    Args:
        centers: of the map's cells along each axis, (size,).
        num_points: markers of each class.
        lines: x and y of the start and of the end of each line of the network, (lines, 4).
    """
    limit = float(centers[-1] + (centers[1] - centers[0]) / 2)
    x1, x2 = plane(limit, limit)
    layout = {
        "template": template(),
        "height": HEIGHT,
        "xaxis": x1 | {"anchor": "y"},
        "yaxis": x2 | {"domain": MAP},
        "xaxis2": axis("steps", 0, MOST_STEPS, log=True, anchor="y2"),
        "yaxis2": axis("loss (nats)", *LOSS_RANGE, log=True, domain=LOSSES, anchor="x2"),
        "xaxis3": _bare(-0.5, LAYERS + 1.8) | {"anchor": "y3"},
        "yaxis3": _bare(UNITS + 0.2, -0.6) | {"domain": NETWORK, "anchor": "x3"},
    }
    traces = [*_network(lines), *_map(centers, num_points, limit), *_losses()]
    return Figure(data=traces, layout=layout)


def _network(lines: np.ndarray) -> list[dict]:
    """Lines of weights by sign and thickness, the units' tiles over them, and the ends' names."""
    x = np.insert(lines[:, [0, 2]], 2, np.nan, axis=1).ravel()
    weights = [
        line(x, x * np.nan, f"{sign} {level}", color, width=width, panel=3, hoverinfo="skip")
        | {"showlegend": False}
        for sign, color in (("positive", CLASS_COLORS[1]), ("negative", CLASS_COLORS[0]))
        for level, width in enumerate(WIDTHS)
    ]
    return [*weights, _tiles(), _names()]


def _tiles() -> dict:
    rows, columns = UNITS * 12, LAYERS * 36
    return {
        "type": "heatmap",
        "name": "units",
        "x": 0.5 + (np.arange(columns) + 0.5) / columns * LAYERS,
        "y": -0.5 + (np.arange(rows) + 0.5) / rows * UNITS,
        "z": np.full((rows, columns), np.nan),
        "zmin": -1,
        "zmax": 1,
        "colorscale": [[share, color.replace("0.55", "0.95")] for share, color in DECISION_SCALE],
        "showscale": False,
        "hoverinfo": "skip",
        "xaxis": "x3",
        "yaxis": "y3",
    }


def _names() -> dict:
    texts = ["x₁", "x₂", "output", *(f"layer {k + 1}" for k in range(LAYERS))]
    x, y = [-0.08, -0.08, LAYERS + 1.05], [2.5, 4.5, 3.5]
    place = {"x": x + [k + 1 for k in range(LAYERS)], "y": y + [UNITS - 0.5] * LAYERS}
    style = {"mode": "text", "textfont": {"color": GRAY}, "hoverinfo": "skip"}
    positions = ["middle left", "middle left", "middle right"] + ["bottom center"] * LAYERS
    panel = {"xaxis": "x3", "yaxis": "y3", "showlegend": False, "textposition": positions}
    return {"type": "scatter", "text": texts, "name": "names"} | place | style | panel


def _map(centers: Tensor, num_points: int, limit: float) -> list[dict]:
    unseen = np.full(num_points, -3 * limit)
    outline = {0: POINT_OUTLINE, 1: POINT_OUTLINE}
    points = [
        dots(
            unseen,
            unseen,
            f"class {label}",
            CLASS_COLORS[label],
            size=6 + label,
            marker={"symbol": CLASS_SYMBOLS[label]} | outline[label],
        )
        for label in (0, 1)
    ]
    empty = np.zeros((len(centers), len(centers)))
    return [share_map(centers, empty) | {"name": "map"}, *points]


def _losses() -> list[dict]:
    return [
        line([], [], "training loss", TRAIN_COLOR, panel=2),
        line([], [], "test loss", TEST_COLOR, panel=2),
    ]


def _bare(low: float, high: float) -> dict:
    """An axis that is not drawn."""
    return {"range": [low, high], "visible": False, "fixedrange": True}
