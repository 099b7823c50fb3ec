"""What a small network looks like inside: a tile for each unit, a line for each weight.

Torch functions of the parameters of an `mlp` on points of the plane with one output, traceable for
every width: up to `LAYERS` hidden layers and their first `UNITS` units are shown. Where things
stand is said in `dlbook.plots.playground`.
"""

import torch
from torch import Tensor, nn
from torch.func import functional_call

from dlbook.plots.playground import COLUMN, FIRST_INPUT, LAYERS, ROW, THICKNESS, TILE, UNITS


def input_tiles(inputs: Tensor) -> Tensor:
    """The inputs as a column of tiles, like `unit_tiles`; NaN for inputs that are 0 everywhere.

    Args:
        inputs: at `tile_points`, (TILE², inputs); at most `UNITS` − 1.

    Returns:
        (UNITS · ROW, COLUMN).
    """
    used = inputs.abs().amax(dim=0) > 0
    tiles = torch.where(used, _scaled(inputs), torch.nan).T.reshape(-1, TILE, TILE)
    above = round(FIRST_INPUT * ROW)
    below = (UNITS - tiles.shape[0]) * ROW - above
    return nn.functional.pad(_framed(tiles), (0, 0, above, below), value=torch.nan)


def unit_tiles(
    params: dict[str, Tensor], network: nn.Sequential, depth: int, inputs: Tensor
) -> Tensor:
    """Each hidden unit's answer over the square of the map, as one picture.

    Args:
        params: "0.weight", "0.bias", "2.weight", ... of the network.
        network: the module, Linear and activation in turns.
        depth: number of hidden layers, 1 to `LAYERS`.
        inputs: of the network at `tile_points`, (TILE², inputs).

    Returns:
        (UNITS · ROW, LAYERS · COLUMN), each tile scaled to [−1, 1]; NaN around the tiles and where
        there is no unit. A layer is a column, its units from top to bottom.
    """
    h, columns = inputs, []
    for layer in range(LAYERS):
        if layer < depth:
            h = functional_call(network[2 * layer : 2 * layer + 2], _layer(params, layer), (h,))
            columns.append(_column(h))
        else:
            columns.append(torch.full((UNITS * ROW, COLUMN), torch.nan))
    return torch.cat(columns, dim=1)


def layer_names(depth: int) -> Tensor:
    """The heights of the names of the layers, outside the picture for layers that are not there,
    (LAYERS,)."""
    heights = torch.full((LAYERS,), UNITS - 0.5)
    return torch.where(torch.arange(LAYERS) < depth, heights, 3.0 * UNITS)


def tile_points(limit: float) -> Tensor:
    """The points that the cells of a tile stand for, (TILE², 2); x1 to the right, x2 up."""
    centers = (torch.arange(TILE) + 0.5) * (2 * limit / TILE) - limit
    x1, x2 = centers.expand(TILE, TILE), -centers[:, None].expand(TILE, TILE)
    return torch.stack([x1, x2], dim=2).reshape(TILE * TILE, 2)


def edge_weights(params: dict[str, Tensor], depth: int) -> Tensor:
    """The weight of each line of `plots.playground.edges`, 0 where there is none, (lines,)."""
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
    tiles = (chosen @ _scaled(h).T).reshape(UNITS, TILE, TILE)
    there = chosen.sum(dim=1)[:, None, None] > 0
    return _framed(torch.where(there, tiles, torch.nan))


def _scaled(h: Tensor) -> Tensor:
    """Each unit (column) divided by its largest value."""
    return h / h.abs().amax(dim=0).clamp(min=1e-12)


def _framed(tiles: Tensor) -> Tensor:
    """Tiles (n, TILE, TILE) below each other with NaN around each, (n · ROW, COLUMN)."""
    aside, above = (COLUMN - TILE) // 2, (ROW - TILE) // 2
    padded = nn.functional.pad(tiles, (aside, aside, above, above), value=torch.nan)
    return padded.reshape(-1, COLUMN)


def _chosen(width: int) -> Tensor:
    """The matrix (UNITS, width) that picks the first `UNITS` of `width` units, 0 where there are
    fewer."""
    return (torch.arange(UNITS)[:, None] == torch.arange(width)).to(torch.float32)
