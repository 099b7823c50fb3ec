"""What a small network looks like inside: a tile for each hidden unit, a line for each weight.

Torch functions of the parameters of an `mlp` with two inputs and one output, traceable for every
width: up to `LAYERS` hidden layers and their first `UNITS` units are shown.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call

LAYERS, UNITS = 4, 8
TILE, ROW, COLUMN = 10, 12, 36  # cells of a tile's side; of a unit's row and a layer's column
INPUT_ROWS, OUTPUT_ROW = (2.5, 4.5), 3.5  # where inputs and output stand, in units' rows
HALF = TILE / COLUMN / 2  # of a tile's width, in layers
THICKNESS = (0.05, 0.3, 0.6)  # shares of the largest weight at which a line gets thicker


def unit_tiles(params: dict[str, Tensor], network: nn.Sequential, depth: int, limit: float):
    """Each unit's answer over the square [−limit, limit]², as one picture.

    Args:
        params: "0.weight", "0.bias", "2.weight", ... of the network.
        network: the module, Linear and activation in turns.
        depth: number of hidden layers, 1 to `LAYERS`.

    Returns:
        (UNITS · ROW, LAYERS · COLUMN), each tile scaled to [−1, 1]; NaN around the tiles and where
        there is no unit. A layer is a column, its units from top to bottom.
    """
    h, columns = tile_points(limit), []
    for layer in range(LAYERS):
        if layer < depth:
            h = functional_call(network[2 * layer : 2 * layer + 2], _layer(params, layer), (h,))
            columns.append(_column(h))
        else:
            columns.append(torch.full((UNITS * ROW, COLUMN), torch.nan))
    return torch.cat(columns, dim=1)


def tile_points(limit: float) -> Tensor:
    """The points that the cells of a tile stand for, (TILE², 2); x1 to the right, x2 up."""
    centers = (torch.arange(TILE) + 0.5) * (2 * limit / TILE) - limit
    x1, x2 = centers.expand(TILE, TILE), -centers[:, None].expand(TILE, TILE)
    return torch.stack([x1, x2], dim=2).reshape(TILE * TILE, 2)


def edges() -> np.ndarray:
    """Where each line goes: (lines, 4) with x and y of its start, then of its end.

    Inputs to the first layer, each layer to the next, each layer to the output: a network uses
    those of its layers.
    """
    lines = [(0, y, 1 - HALF, unit) for unit in range(UNITS) for y in INPUT_ROWS]
    for layer in range(1, LAYERS):
        lines += [
            (layer + HALF, source, layer + 1 - HALF, unit)
            for unit in range(UNITS)
            for source in range(UNITS)
        ]
    for layer in range(1, LAYERS + 1):
        lines += [(layer + HALF, source, LAYERS + 1, OUTPUT_ROW) for source in range(UNITS)]
    return np.array(lines)


def edge_weights(params: dict[str, Tensor], depth: int) -> Tensor:
    """The weight of each line of `edges`, 0 where the network has none, (lines,)."""
    nothing, between = torch.zeros(UNITS), torch.zeros(UNITS * UNITS)
    weights = [(_chosen(params["0.weight"].shape[0]) @ params["0.weight"]).reshape(-1)]
    for layer in range(1, LAYERS):
        if layer < depth:
            W = params[f"{2 * layer}.weight"]
            weights.append((_chosen(W.shape[0]) @ W @ _chosen(W.shape[1]).T).reshape(-1))
        else:
            weights.append(between)
    last = params[f"{2 * depth}.weight"]  # (1, width)
    for layer in range(1, LAYERS + 1):
        shown = layer == depth
        weights.append((last @ _chosen(last.shape[1]).T).reshape(-1) if shown else nothing)
    return torch.cat(weights)


def edge_heights(weights: Tensor, ends: Tensor) -> dict[str, Tensor]:
    """The y coordinates of the lines, sorted by sign and thickness of their weights.

    Args:
        weights: (lines,).
        ends: y of both ends of each line, (lines, 2).

    Returns:
        "positive 0", "positive 1", ..., "negative 2": (3 · lines,), start, end and NaN in turns;
        NaN throughout for lines that belong to another.
    """
    gap = torch.full((len(ends), 1), torch.nan)
    y = torch.cat([ends, gap], dim=1)
    share = weights / weights.abs().amax().clamp(min=1e-12)
    bounds = [*THICKNESS, 1.1]
    heights = {}
    for sign, sided in (("positive", share), ("negative", -share)):
        for level in range(len(THICKNESS)):
            within = (sided >= bounds[level]) & (sided < bounds[level + 1])
            heights[f"{sign} {level}"] = torch.where(within[:, None], y, torch.nan).reshape(-1)
    return heights


def _layer(params: dict[str, Tensor], layer: int) -> dict[str, Tensor]:
    """The parameters of one layer."""
    return {name: params[name] for name in (f"{2 * layer}.weight", f"{2 * layer}.bias")}


def _column(h: Tensor) -> Tensor:
    """The answers (TILE², width) of a layer as its column of tiles, (UNITS · ROW, COLUMN)."""
    chosen = _chosen(h.shape[1])  # (UNITS, width)
    scaled = h / h.abs().amax(dim=0).clamp(min=1e-12)
    tiles = (chosen @ scaled.T).reshape(UNITS, TILE, TILE)
    there = chosen.sum(dim=1)[:, None, None] > 0
    tiles = torch.where(there, tiles, torch.nan)
    aside, above = (COLUMN - TILE) // 2, (ROW - TILE) // 2
    padded = nn.functional.pad(tiles, (aside, aside, above, above), value=torch.nan)
    return padded.reshape(UNITS * ROW, COLUMN)


def _chosen(width: int) -> Tensor:
    """The matrix (UNITS, width) that picks the first `UNITS` of `width` units, 0 where there are
    fewer."""
    return (torch.arange(UNITS)[:, None] == torch.arange(width)).to(torch.float32)
