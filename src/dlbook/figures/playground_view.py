"""What the playground shows of a run: the map, the network from the inside, losses, points."""

from collections.abc import Sequence

import torch
from torch import Tensor

from dlbook.figures.network_view import (
    chosen_unit,
    edge_heights,
    edge_weights,
    frame_around,
    input_tiles,
    layer_names,
    unit_tiles,
)
from dlbook.figures.playground_network import loss_of, states
from dlbook.figures.playground_points import CELLS, INPUTS, LIMIT, NUM_SHOWN, NUM_TEST
from dlbook.plots import Figure
from dlbook.plots.decision_map import map_grid
from dlbook.plots.playground import UNSEEN, playground_figure


def view(params: dict, batch: dict, hyper: dict, *, depth: int, activation: str) -> dict:
    """The map, tiles and lines of the network, losses, accuracy, and the points."""
    y, y_test, used, regression = (batch[k] for k in ("y", "y_test", "used", "regression"))
    layers = states(params, batch["X_view"], depth, activation)
    parts = [NUM_SHOWN, NUM_TEST, CELLS**2, layers[0].shape[0] - NUM_SHOWN - NUM_TEST - CELLS**2]
    *_, cells, tiles = zip(*(h.split(parts) for h in layers), strict=True)
    train, test, _, _ = layers[-1].squeeze(1).split(parts)
    right = ((test > 0) == (y_test > 0.5)).to(torch.float32).mean()
    test_loss = loss_of(test, y_test, torch.ones(NUM_TEST) / NUM_TEST, regression)
    return {
        "tiles": torch.cat([input_tiles(tiles[0]), unit_tiles(tiles[1:-1])], dim=1),
        "layers": layer_names(depth),
        **edge_heights(edge_weights(params, depth), batch["lines"]),
        **shown_map(cells, hyper, regression),
        "training_loss": loss_of(train, y, used / used.sum().clamp(min=1), regression),
        "test_loss": test_loss,
        "accuracy": right,
        "regression": regression,
        "error": test_loss.sqrt(),
        **of_each_sign("", batch["places"][:NUM_SHOWN], y, used > 0, regression),
        **of_each_sign(
            "test_", batch["places"][NUM_SHOWN:], y_test, hyper["show_test"] > 0, regression
        ),
    }


def shown_map(layers: Sequence[Tensor], hyper: dict, regression: Tensor) -> dict[str, Tensor]:
    """The answer over the plane, or that of the input or unit that hyper["shown"] names.

    Args:
        layers: the inputs at the map's cells, the hidden layers, the output, (CELLS², width) each.

    Returns:
        "map": colours from 0 to 1; "values": what the colours stand for; "frame_x", "frame_y": of a
        frame around the tile of the input or unit.
    """
    output = layers[-1].squeeze(1)
    answer = torch.where(regression > 0, output, torch.sigmoid(output))
    share = torch.where(regression > 0, ((1 + output) / 2).clamp(0, 1), answer)
    unit, there = chosen_unit(layers[:-1], hyper["shown"])
    scaled = 0.5 + 0.5 * unit / unit.abs().amax().clamp(min=1e-12)
    share = torch.where(there > 0, scaled, share)
    rounded = (share > 0.5).to(torch.float32)
    colors = torch.where(hyper["rounded"] > 0, rounded, share)
    frame_x, frame_y = frame_around(hyper["shown"], there)
    return {
        "map": colors.reshape(CELLS, CELLS),
        "values": torch.where(there > 0, unit, answer).reshape(CELLS, CELLS),
        "frame_x": frame_x,
        "frame_y": frame_y,
    }


def of_each_sign(
    prefix: str, X: Tensor, y: Tensor, shown: Tensor, regression: Tensor
) -> dict[str, Tensor]:
    """Coordinates and colour (n,) of the points of class 0 (of values below 0), and of the others.

    Points of the other sign wait where nobody sees them.
    """
    color, named = torch.where(regression > 0, y, 2 * y - 1), {}
    for label in (0, 1):
        there = shown & ((color > 0) == bool(label))
        for axis in (0, 1):
            named[f"{prefix}x{axis + 1}_of_{label}"] = torch.where(there, X[:, axis], UNSEEN)
        named[f"{prefix}color_of_{label}"] = torch.where(there, color, 2.0 * label - 1)
    return named


def figure() -> Figure:
    """The empty figure of the playground."""
    counts = (NUM_SHOWN, NUM_TEST)
    return playground_figure(map_grid(LIMIT, CELLS)[0], counts, INPUTS)
