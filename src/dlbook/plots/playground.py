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
from dlbook.plots.theme import DECISION_SCALE, GRAY, TEST_COLOR, TRAIN_COLOR, template

MOST_STEPS = 5  # the axis of the steps ends at 10 to this power
LOSS_RANGE = (-5.0, 0.7)  # powers of ten
HEIGHT = 940  # of the figure, in pixels
NETWORK, MAP, LOSSES = (0.69, 1.0), (0.235, 0.655), (0.0, 0.15)  # shares of the height
LAYERS, UNITS = 4, 8  # hidden layers, and units of each, that are shown
TILE, ROW, COLUMN = 10, 12, 36  # cells of a tile's side; of a row and of a column of tiles
FIRST_INPUT, OUTPUT_ROW = 0.5, 3.5  # rows of the first input and of the output
HALF = TILE / COLUMN / 2  # of a tile's width, in layers
THICKNESS = (0.05, 0.3, 0.6)  # shares of the largest weight at which a line gets thicker
WIDTHS = (0.6, 1.6, 3.2)  # of the lines of weights, in pixels
SIGNS = {"positive": POSITIVE, "negative": NEGATIVE}
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
        "yaxis": x2 | {"domain": MAP},
        "xaxis2": axis("steps", 0, MOST_STEPS, log=True, anchor="y2"),
        "yaxis2": axis("loss (nats)", *LOSS_RANGE, log=True, domain=LOSSES, anchor="x2"),
        "xaxis3": _bare(-0.8, LAYERS + 1.6) | {"anchor": "y3"},
        "yaxis3": _bare(UNITS + 0.2, -0.6) | {"domain": NETWORK, "anchor": "x3"},
    }
    traces = [*_network(inputs), *_map(centers, num_points, limit), *_losses()]
    return Figure(data=traces, layout=layout)


def edges(num_inputs: int) -> tuple[Tensor, Tensor]:
    """Where each line goes: x and y of its start and of its end, (lines, 2) both.

    Inputs to the first layer, each layer to the next, each layer to the output: a network uses
    those of its layers. Traceable, and without a constant, so that a program stays small.
    """
    units, inputs = torch.arange(UNITS) + 0.0, torch.arange(num_inputs) + FIRST_INPUT
    layers = torch.arange(1, LAYERS) + 0.0
    first = _pairs(torch.zeros(1) + HALF, inputs, torch.ones(1) - HALF, units)
    between = _pairs(layers + HALF, units, layers + 1 - HALF, units)
    ends = torch.full((LAYERS,), LAYERS + 1.0)
    output = torch.full((1,), OUTPUT_ROW)
    last = _pairs(torch.arange(1, LAYERS + 1) + HALF, units, ends, output)
    x, y = (torch.cat([part[axis] for part in (first, between, last)]) for axis in (0, 1))
    return x, y


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
        [*inputs, "layer", "output"],
        [*[-HALF - 0.05] * len(inputs), 0.3, LAYERS + 1.05],
        [*rows, UNITS - 0.5, OUTPUT_ROW],
        [*["middle left"] * len(inputs), "bottom center", "middle right"],
    ) | {"cliponaxis": False}  # on a phone they reach into the margin
    layers = 1 + np.arange(LAYERS)
    below = _words("layers", [f"{k}" for k in layers], layers, [UNITS - 0.5] * LAYERS,
                   ["bottom center"] * LAYERS)  # fmt: skip
    return [*weights, _tiles(), ends, below]


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
        "hoverinfo": "skip",
        "xaxis": "x3",
        "yaxis": "y3",
    }


def _words(name: str, texts: Sequence[str], x, y, positions: Sequence[str]) -> dict:
    style = {"mode": "text", "textfont": {"color": GRAY}, "textposition": positions}
    panel = {"xaxis": "x3", "yaxis": "y3", "showlegend": False, "hoverinfo": "skip"}
    return {"type": "scatter", "name": name, "text": texts, "x": x, "y": y} | style | panel


def _map(centers: Tensor, num_points: tuple[int, int], limit: float) -> list[dict]:
    """The map, and the points of each class: filled to train on, hollow to test."""
    empty = np.zeros((len(centers), len(centers)))
    train, test = (waiting_points(count, -3 * limit, size=6) for count in num_points)
    for trace in test:
        trace["name"] = f"test, {trace['name']}"
        trace["marker"] = trace["marker"] | {"symbol": f"{trace['marker']['symbol']}-open"}
        trace["marker"].pop("line")
    return [share_map(centers, empty) | {"name": "map"}, *train, *test]


def _losses() -> list[dict]:
    return [
        line([], [], "training loss", TRAIN_COLOR, panel=2),
        line([], [], "test loss", TEST_COLOR, panel=2, line={"dash": "dash"}),
    ]


def _bare(low: float, high: float) -> dict:
    """An axis that is not drawn."""
    return {"range": [low, high], "visible": False, "fixedrange": True}
