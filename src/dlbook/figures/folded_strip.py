"""What the last layer draws once on a folded strip, a deep network shows many times."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.models.tents import num_pieces, shallow_square, square_network, tent
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import level
from dlbook.plots.panels import axis, dots, line, one_panel, two_panels
from dlbook.plots.theme import BLUE, ORANGE

FOLDS = 8  # the most
DRAWINGS = {  # name -> heights at even places of the strip
    "a straight line": (0.0, 1.0),
    "a roof": (0.1, 0.9, 0.9, 0.1, 0.1),
    "a signature": (0.2, 0.9, 0.35, 0.6, 0.55, 0.1, 0.1, 0.4, 0.2),
}
SAMPLES = 2_049


def folded_strip(folds: int, drawing: str) -> Figure:
    """The network's output over x, and the drawing of its last layer on the folded strip.

    Args:
        folds: hidden layers of two units, 0 to 8.
        drawing: a key of `DRAWINGS`.
    """
    x = torch.linspace(0, 1, SAMPLES, dtype=torch.float64)
    heights = torch.tensor(DRAWINGS[drawing], dtype=torch.float64)
    at = torch.linspace(0, 1, len(heights), dtype=torch.float64)
    figure = two_panels(
        [
            line(x, output(x, folds, drawing), "what the network computes", BLUE, width=2),
            line(at, heights, "what its last layer draws", ORANGE, width=3, panel=2),
            dots(at, heights, "", ORANGE, size=7, panel=2, showlegend=False),
        ],
        (axis("x", 0, 1), axis("output", -0.05, 1.05)),
        (axis("place on the folded strip", 0, 1), axis("output", -0.05, 1.05)),
        height=520,
        upper_share=0.6,
    )
    return with_status(figure, _sentence(folds, drawing))


def output(x: Tensor, folds: int, drawing: str) -> Tensor:
    """The drawing at tent(tent(... x)), at x (n,) in [0, 1]."""
    for _ in range(folds):
        x = tent(x)
    heights = torch.tensor(DRAWINGS[drawing], dtype=torch.float64)
    place = x * (len(heights) - 1)
    left = place.floor().clamp(max=len(heights) - 2).long()
    return heights[left] + (place - left) * (heights[left + 1] - heights[left])


def square_errors() -> Figure:
    """The largest error of x² on [0, 1] over the number of ReLU units, deep and in one layer."""
    depths = range(1, 9)
    units = [3 * depth for depth in depths]
    figure = one_panel(
        [
            line(units, [1 / (36 * k * k) for k in depths], "one layer, by hand", ORANGE),
            line(units, [4.0 ** -(k + 1) for k in depths], "layers of 3, by hand", BLUE),
            dots(units, [_shallow_error(k) for k in units], "", ORANGE, showlegend=False),
            dots(units, [_deep_error(k) for k in depths], "measured", BLUE),
            level(2**-24, (2, 25), "rounding of float32"),
        ],
        axis("units", 2, 25),
        axis("largest error of x²", -8, -1, log=True),
        height=360,
    )
    return with_status(figure, "Every layer of 3 units divides the error by 4.")


def _deep_error(depth: int) -> float:
    x = _places()
    return float((square_network(depth)(x[:, None])[:, 0] - x.square()).abs().max())


def _shallow_error(num_units: int) -> float:
    x = _places()
    return float((shallow_square(num_units)(x[:, None])[:, 0] - x.square()).abs().max())


@lru_cache(maxsize=1)
def _places() -> Tensor:
    return torch.linspace(0, 1, 40_321, dtype=torch.float64)  # 8! + 1: holds all middles


def _sentence(folds: int, drawing: str) -> str:
    pieces = num_pieces(lambda x: output(x[:, 0], folds, drawing)[:, None], finest=13)
    drawn = len(DRAWINGS[drawing]) - 1
    here = f"{2 * folds} units fold, {drawn} draw" if folds else f"No unit folds, {drawn} draw"
    count = f"{pieces:,} straight piece{'s'[: pieces > 1]}"
    return f"{here}: {count}. One hidden layer needs a unit for each."
