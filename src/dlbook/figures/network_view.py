"""What a small network looks like inside: a tile for each unit, a line for each weight.

Torch functions of the parameters of an `mlp` on points of the plane with one output, traceable for
all widths: up to `LAYERS` hidden layers and their first `UNITS` units are shown. Where things
stand is said in `dlbook.plots.playground`.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from dlbook.plots.playground import (
    COLUMN,
    FIRST_INPUT,
    FRAME,
    LAYERS,
    ROW,
    THICKNESS,
    TILE,
    UNITS,
    UNSEEN,
)


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


def unit_tiles(hidden: Sequence[Tensor]) -> Tensor:
    """Each hidden unit's answer over the square of the map, as one picture.

    Args:
        hidden: the hidden layers at `tile_points`, (TILE², width) each; at most `LAYERS`.

    Returns:
        (UNITS · ROW, LAYERS · COLUMN), each tile scaled to [−1, 1]; NaN around the tiles and where
        there is no unit. A layer is a column, its units from top to bottom.
    """
    columns = [_column(h) for h in hidden]
    missing = torch.full((UNITS * ROW, (LAYERS - len(columns)) * COLUMN), torch.nan)
    return torch.cat([*columns, missing], dim=1)


def chosen_unit(layers: Sequence[Tensor], number: Tensor) -> tuple[Tensor, Tensor]:
    """The answers of the input or unit with a number: 1 + `UNITS` · column + row in the drawing.

    Args:
        layers: the inputs and the hidden layers, (n, width) each.
        number: 0-d.

    Returns:
        (n,), and how many inputs or units have that number: 1, or 0 if there is none.
    """
    answers, found = [], []
    for column, h in enumerate(layers):
        rows = torch.arange(h.shape[1])
        here = (rows == number - 1 - UNITS * column) & (rows < UNITS)
        answers.append(h @ here.to(torch.float32))
        found.append(here.to(torch.float32).sum())
    return torch.stack(answers).sum(dim=0), torch.stack(found).sum()


def frame_around(number: Tensor, there: Tensor) -> tuple[Tensor, Tensor]:
    """x and y (5,) of a frame around the tile of that number; out of sight if there is none."""
    column = torch.floor((number - 1) / UNITS)
    row = number - 1 - UNITS * column + torch.where(column > 0, 0.0, FIRST_INPUT)
    corners = torch.arange(5)
    right = ((corners == 1) | (corners == 2)).to(torch.float32)
    below = ((corners == 2) | (corners == 3)).to(torch.float32)
    x = column + (2 * right - 1) * FRAME[0]
    y = row + (2 * below - 1) * FRAME[1]
    return torch.where(there > 0, x, UNSEEN), torch.where(there > 0, y, UNSEEN)


def layer_names(depth: int) -> Tensor:
    """The heights of the word "layer" and of the layers' names, out of sight for those that are not
    there, (1 + LAYERS,)."""
    numbers = torch.arange(1 + LAYERS).clamp(min=1)
    return torch.where(numbers <= depth, UNITS - 0.5, 3.0 * UNITS)


def tile_points(limit: float) -> Tensor:
    """The points that the cells of a tile stand for, (TILE², 2); x1 to the right, x2 up."""
    centers = (torch.arange(TILE) + 0.5) * (2 * limit / TILE) - limit
    x1, x2 = centers.expand(TILE, TILE), -centers[:, None].expand(TILE, TILE)
    return torch.stack([x1, x2], dim=2).reshape(TILE * TILE, 2)


def edge_weights(params: dict[str, Tensor], depth: int) -> Tensor:
    """The weight of each line of `plots.playground.edges`, 0 where there is none, (lines,)."""
    first, last = params["0.weight"], params[f"{2 * depth}.weight"]  # last: (1, width)
    num_inputs = first.shape[1]
    if depth == 0:
        return torch.cat(
            [
                torch.zeros(num_inputs * UNITS + (LAYERS - 1) * UNITS**2 + LAYERS * UNITS),
                first.reshape(-1),
            ]
        )
    weights = [(_chosen(first.shape[0]) @ first).reshape(-1)]
    for layer in range(1, depth):
        W = params[f"{2 * layer}.weight"]
        weights.append((_chosen(W.shape[0]) @ W @ _chosen(W.shape[1]).T).reshape(-1))
    weights.append(torch.zeros((LAYERS - depth) * UNITS**2 + (depth - 1) * UNITS))
    weights.append((last @ _chosen(last.shape[1]).T).reshape(-1))
    weights.append(torch.zeros((LAYERS - depth) * UNITS + num_inputs))
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
