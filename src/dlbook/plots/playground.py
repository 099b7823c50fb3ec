"""The playground's figure: the network and its units, the decision map, the losses.

The network is a picture of tiles, one for each input and hidden unit, in columns from left to
right; x counts layers (0: the inputs), y counts rows from the top.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.decision_map import plane, share_map, waiting_points
from dlbook.plots.network import NEGATIVE, POSITIVE
from dlbook.plots.panels import axis, line
from dlbook.plots.theme import (
    CLASS_COLORS,
    DECISION_SCALE,
    GRAY,
    PURPLE,
    TEST_COLOR,
    TRAIN_COLOR,
    template,
)

MOST_STEPS = 5  # the axis of the steps ends at 10 to this power
LOSS_RANGE = (-5.0, 0.7)  # powers of ten
HEIGHT = 940  # of the figure, in pixels
LOSSES, NETWORK, MAP = (0.88, 1.0), (0.475, 0.795), (0.0, 0.44)  # shares of the height
LAYERS, UNITS = 6, 8  # hidden layers, and units of each, that are shown
TILE, ROW, COLUMN = 10, 12, 22  # cells of a tile's side; of a row and of a column of tiles
FIRST_INPUT, OUTPUT_ROW = 0.5, 3.5  # rows of the first input and of the output
HALF = TILE / COLUMN / 2  # of a tile's width, in layers
FRAME = (HALF + 0.04, 0.47)  # half the width and half the height of a frame around a tile
UNSEEN = -9.0  # where waits, in all panels, what is not shown
THICKNESS = (0.05, 0.3, 0.6)  # shares of the largest weight at which a line gets thicker
WIDTHS = (0.6, 1.6, 3.2)  # of the lines of weights, in pixels
SIGNS = {"positive": POSITIVE, "negative": NEGATIVE}
POINT_NAMES = ("class 0, or value < 0", "class 1, or value > 0")  # in the legend
VALUE_SCALE = [[0, CLASS_COLORS[0]], [0.5, "#b9b4ad"], [1, CLASS_COLORS[1]]]  # of points
EDGE_NAMES = [f"{sign} {level}" for sign in SIGNS for level in range(len(THICKNESS))]


def playground_figure(
    centers: Tensor, num_points: tuple[int, int], inputs: Sequence[str]
) -> Figure:
    """The empty figure.

    Args:
        centers: of the map's cells along each axis, (size,).
        num_points: markers of each class for training and for test points.
        inputs: their names, top to bottom.
    """
    limit = float(centers[-1] + (centers[1] - centers[0]) / 2)
    x1, x2 = plane(limit, limit)
    layout = {
        "template": template(),
        "height": HEIGHT,
        "xaxis": x1 | {"anchor": "y"},
        "yaxis": x2 | {"domain": MAP, "constraintoward": "top"},
        "xaxis2": axis("steps", 0, MOST_STEPS, log=True, anchor="y2"),
        "yaxis2": axis("loss", *LOSS_RANGE, log=True, domain=LOSSES, anchor="x2", dtick=2),
        "xaxis3": _bare(-0.45, LAYERS + 1.6) | {"anchor": "y3"},
        "yaxis3": _bare(UNITS + 0.2, -0.6) | {"domain": NETWORK, "anchor": "x3"},
    }
    traces = [*_network(inputs), *_map(centers, num_points, limit), *_losses()]
    return Figure(data=traces, layout=layout)


def edges(num_inputs: int) -> tuple[Tensor, Tensor]:
    """Where each line goes: x and y of its start and of its end, (lines, 2) both.

    Inputs to the first layer, each layer to the next, each layer to the output, inputs to the
    output: a network uses those of its layers. Traceable, and without a constant, so that a program
    stays small.
    """
    units, inputs = torch.arange(UNITS) + 0.0, torch.arange(num_inputs) + FIRST_INPUT
    layers = torch.arange(1, LAYERS) + 0.0
    end, output = torch.full((1,), LAYERS + 1.0), torch.full((1,), OUTPUT_ROW)
    first = _pairs(torch.zeros(1) + HALF, inputs, torch.ones(1) - HALF, units)
    between = _pairs(layers + HALF, units, layers + 1 - HALF, units)
    last = _pairs(torch.arange(1, LAYERS + 1) + HALF, units, end.expand(LAYERS), output)
    direct = _pairs(torch.zeros(1) + HALF, inputs, end, output)
    x, y = (torch.cat([part[axis] for part in (first, between, last, direct)]) for axis in (0, 1))
    return x, y


def edge_entries(num_inputs: int) -> list[tuple[int, int, int]]:
    """Of each line of `edges` the weight that it stands for: affine map, row, column."""
    first = [(0, row, column) for row in range(UNITS) for column in range(num_inputs)]
    between = [
        (layer, row, column)
        for layer in range(1, LAYERS)
        for row in range(UNITS)
        for column in range(UNITS)
    ]
    last = [(layer, 0, column) for layer in range(1, LAYERS + 1) for column in range(UNITS)]
    return [*first, *between, *last, *((0, 0, column) for column in range(num_inputs))]


def _pairs(x0: Tensor, y0: Tensor, x1: Tensor, y1: Tensor) -> tuple[Tensor, Tensor]:
    """Lines from every (x0, y0) to every (x1, y1) of the same layer; the start moves fastest."""
    shape = (len(x0), len(y1), len(y0))
    x = torch.stack([x0[:, None, None].expand(shape), x1[:, None, None].expand(shape)], dim=3)
    y = torch.stack([y0.expand(shape), y1[:, None].expand(shape)], dim=3)
    return x.reshape(-1, 2), y.reshape(-1, 2)


def _network(inputs: Sequence[str]) -> list[dict]:
    """Lines of weights by sign and thickness, the tiles over them, and the names."""
    x = np.insert(edges(len(inputs))[0].numpy(), 2, np.nan, axis=1).ravel()
    styles = [(f"{sign} {level}", color, width) for sign, color in SIGNS.items()
              for level, width in enumerate(WIDTHS)]  # fmt: skip
    weights = [
        line(x, x * np.nan, name, color, width=width, panel=3, hoverinfo="skip", showlegend=False)
        for name, color, width in styles
    ]
    rows = FIRST_INPUT + np.arange(len(inputs))
    ends = _words(
        "ends",
        [*inputs, "output"],
        [*[-HALF - 0.05] * len(inputs), LAYERS + 1.05],
        [*rows, OUTPUT_ROW],
        [*["middle left"] * len(inputs), "middle right"],
    ) | {"cliponaxis": False}  # on a phone they reach into the margin
    names = ["layer", *(f"{layer}" for layer in range(1, LAYERS + 1))]
    below = _words("layers", names, [0.3, *range(1, LAYERS + 1)], [UNITS - 0.5] * len(names),
                   ["bottom center"] * len(names))  # fmt: skip
    marked = {"panel": 3, "hoverinfo": "skip", "showlegend": False}
    picked = line([UNSEEN] * 2, [UNSEEN] * 2, "picked", PURPLE, width=7, **marked)
    frame = line([UNSEEN] * 5, [UNSEEN] * 5, "shown", PURPLE, width=2.5, **marked)
    return [picked, *weights, _tiles(), frame, ends, below]


def _tiles() -> dict:
    """The picture of inputs and units, empty."""
    rows, columns = UNITS * ROW, (LAYERS + 1) * COLUMN
    return {
        "type": "heatmap",
        "name": "units",
        "x": -0.5 + (np.arange(columns) + 0.5) / COLUMN,
        "y": -0.5 + (np.arange(rows) + 0.5) / ROW,
        "z": np.full((rows, columns), np.nan),
        "zmin": -1,
        "zmax": 1,
        "colorscale": [[share, color.replace("0.55", "0.95")] for share, color in DECISION_SCALE],
        "showscale": False,
        "hoverinfo": "none",  # with a kernel, a tile under the pointer is told of
        "xaxis": "x3",
        "yaxis": "y3",
    }


def _words(name: str, texts: Sequence[str], x, y, positions: Sequence[str]) -> dict:
    style = {"mode": "text", "textfont": {"color": GRAY}, "textposition": positions}
    panel = {"xaxis": "x3", "yaxis": "y3", "showlegend": False, "hoverinfo": "skip"}
    return {"type": "scatter", "name": name, "text": texts, "x": x, "y": y} | style | panel


def _map(centers: Tensor, num_points: tuple[int, int], limit: float) -> list[dict]:
    """The map, and the points of each sign: filled to train on, hollow to test."""
    empty = np.zeros((len(centers), len(centers)))
    words = "x₁ %{x:.2f}, x₂ %{y:.2f}: %{customdata:.2f}<extra></extra>"
    shown = share_map(centers, empty) | {"name": "map", "customdata": empty, "hovertemplate": words}
    train, test = (_waiting(count) for count in num_points)
    for trace in test:
        trace["name"] = f"test, {trace['name']}"
        trace["marker"]["symbol"] += "-open"
        trace["marker"].pop("line")
        trace["showlegend"] = False
    return [shown, *train, *test]


def _waiting(count: int) -> list[dict]:
    """Points of each sign, out of sight; colours from −1 to 1."""
    traces = waiting_points(count, UNSEEN, size=6)
    scale = {"cmin": -1, "cmax": 1, "colorscale": VALUE_SCALE, "showscale": False}
    for trace, name, sign in zip(traces, POINT_NAMES, (-1.0, 1.0), strict=True):
        trace["marker"] = trace["marker"] | scale | {"color": np.full(count, sign)}
        trace |= {"name": name, "hoverinfo": "skip"}
    return traces


def _losses() -> list[dict]:
    return [
        line([], [], "training loss", TRAIN_COLOR, panel=2),
        line([], [], "test loss", TEST_COLOR, panel=2, line={"dash": "dash"}),
    ]


def _bare(low: float, high: float) -> dict:
    """An axis that is not drawn."""
    return {"range": [low, high], "visible": False, "fixedrange": True}
