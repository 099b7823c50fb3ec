"""A faint picture under a large column plus a large row; subtracting means brings it out."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.pictures import picture_figure
from dlbook.plots.theme import BLUE, ORANGE, with_status
from dlbook.random import normal

SIDE = 48
STRENGTH = 0.05  # of the picture, where the column and the row have standard deviation 1
SCALE = [[0, BLUE], [0.5, "rgba(128,132,135,0.05)"], [1, ORANGE]]
LIMIT = 2.2  # standard deviations shown in full colour


def _heart(u: Tensor, v: Tensor) -> Tensor:
    return _inside_heart(1.35 * u, 0.2 - 1.35 * v) & ~_inside_heart(1.8 * u, 0.25 - 1.8 * v)


def _inside_heart(u: Tensor, v: Tensor) -> Tensor:
    return (u**2 + v**2 - 1) ** 3 - u**2 * v**3 < 0


def _smile(u: Tensor, v: Tensor) -> Tensor:
    radius = torch.hypot(u, v)
    eyes = torch.hypot(u.abs() - 0.32, v + 0.3) < 0.13
    mouth = ((radius - 0.55).abs() < 0.08) & (v > 0.15)
    return ((radius - 0.88).abs() < 0.07) | eyes | mouth


def _spiral(u: Tensor, v: Tensor) -> Tensor:
    angle = torch.atan2(v, u)
    radius = torch.hypot(u, v)
    return (torch.cos(angle - 9 * radius) > 0) & (radius < 0.95)


TABLES = {"A": _smile, "B": _heart, "C": _spiral}


@lru_cache
def table(letter: str) -> Tensor:
    """x[i, j] = column[i] + row[j] + 0.05 if (i, j) is in the picture; float32 (48, 48)."""
    axis = torch.linspace(-1, 1, SIDE)
    inside = TABLES[letter](axis.view(1, -1), axis.view(-1, 1))
    seed = ord(letter)
    column, row = normal((SIDE, 1), seed=seed), normal((1, SIDE), seed=seed, stream=1)
    return column + row + STRENGTH * inside


def _without_both(x: Tensor) -> Tensor:
    x = x - x.mean(0)
    return x - x.mean(1, keepdim=True)


SUBTRACTIONS = {
    "x": lambda x: x,
    "x - x.mean(0)": lambda x: x - x.mean(0),
    "x - x.mean(1)": lambda x: x - x.mean(1),
    "x - x.mean(1, keepdim=True)": lambda x: x - x.mean(1, keepdim=True),
    "the first, then the last": _without_both,
}


def centred_table(subtraction: str, letter: str) -> Figure:
    """The table after a subtraction, in units of its own standard deviation.

    Args:
        subtraction: a key of `SUBTRACTIONS`.
        letter: a key of `TABLES`.
    """
    x = SUBTRACTIONS[subtraction](table(letter))
    trace = {
        "type": "heatmap",
        "z": (x / x.std()).double().clamp(-LIMIT, LIMIT).numpy(),
        "zmin": -LIMIT,
        "zmax": LIMIT,
        "colorscale": SCALE,
        "showscale": False,
        "hoverinfo": "skip",
    }
    figure = picture_figure([trace], rows=SIDE, columns=SIDE, height=400)
    return with_status(figure, _sentence(x))


def _sentence(x: Tensor) -> str:
    columns, rows = x.mean(0).abs().max(), x.mean(1).abs().max()
    return (
        f"Standard deviation {x.std():.2f}; largest column mean {columns:.2f}, "
        f"largest row mean {rows:.2f} (without sign)."
    )
