"""A network bends the plane, layer by layer, until one straight line parts two classes."""

import math
from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.toy_classification import circles, moons, spiral
from dlbook.models.plane_flow import PlaneFlow, train_plane_flow
from dlbook.plots import Figure
from dlbook.plots.bent_plane import draw_plane
from dlbook.plots.theme import with_status

NUM_POINTS = 100
CHECKPOINTS = (0, 30, 300)  # training steps
LIMIT = 2.2  # half the side of the grid that is bent
NUM_LINES, POINTS_A_LINE = 9, 25


def _moon_curves(t: Tensor) -> list[Tensor]:
    arc = _circle(math.pi * t) - torch.tensor([0.5, 0.25])
    return [1.3 * arc, -1.3 * arc]


def _spiral_curves(t: Tensor) -> list[Tensor]:
    arm = 2 * (0.1 + 0.9 * t)[:, None] * _circle(2.5 * math.pi * t)
    return [arm, -arm]


def _ring_curves(t: Tensor) -> list[Tensor]:
    ring = 1.9 * _circle(2 * math.pi * t)
    return [ring, 0.5 * ring]


def _circle(angle: Tensor) -> Tensor:
    return torch.stack([torch.cos(angle), torch.sin(angle)], dim=1)


# name -> (points and labels of unit size, scale, the curves that the points lie on)
WORLDS = {
    "two moons": (lambda: moons(NUM_POINTS, 0.06), 1.3, _moon_curves),
    "two spirals": (lambda: spiral(NUM_POINTS, 0.02, turns=1.25), 2.0, _spiral_curves),
    "two rings": (lambda: circles(NUM_POINTS, 0.04), 1.9, _ring_curves),
}


@lru_cache
def world(name: str) -> tuple[Tensor, Tensor]:
    """Points (n, 2) and labels of one of the `WORLDS`."""
    make, scale, _ = WORLDS[name]
    X, y = make()
    return scale * X, y


@lru_cache
def models(name: str) -> dict[int, PlaneFlow]:
    """The network after 0, 30 and 300 training steps."""
    return dict(zip(CHECKPOINTS, train_plane_flow(*world(name), CHECKPOINTS), strict=True))


def bent_plane(data: str, num_steps: int, layer: int) -> Figure:
    """The plane after `layer` layers of a network trained for `num_steps` steps.

    Args:
        data: a key of `WORLDS`.
        num_steps: one of `CHECKPOINTS`.
        layer: 0 (the plane as it is) to 12 (where the straight line cuts).
    """
    grid, points, curves, cut = (states[layer] for states in _paths(data, num_steps))
    _, y = world(data)
    figure = draw_plane(grid.view(2, -1, 2), points, y, curves.view(2, -1, 2), cut)
    return with_status(figure, _sentence(data, num_steps, layer))


@lru_cache
def _paths(data: str, num_steps: int) -> tuple[list[Tensor], ...]:
    """The way through all layers of the grid, the points, the curves and (backwards) the cut."""
    model = models(data)[num_steps]
    X, _ = world(data)
    curves = torch.cat(WORLDS[data][2](torch.linspace(0.05, 1, 50)))
    with torch.no_grad():
        return (*(model.path(what) for what in (_grid(), X, curves)), _cut(model))


def _cut(model: PlaneFlow, num_points: int = 70) -> list[Tensor]:
    """The line h[0] = 0 of the last layer, followed back; points evenly spread in the input."""
    line = torch.stack([torch.zeros(1001), torch.linspace(-3, 3, 1001)], dim=1)
    states = model.path_back(line)
    ways = sum((state.diff(dim=0) ** 2).sum(1).sqrt() for state in (states[0], 0.3 * states[-1]))
    way = torch.cat([torch.zeros(1), ways.cumsum(0)])
    even = torch.linspace(0, float(way[-1]), num_points)
    chosen = torch.searchsorted(way, even).clamp(max=len(way) - 1)
    return [state[chosen] for state in states]


def _grid() -> Tensor:
    """Horizontal, then vertical lines, each family as one path that turns at the border."""
    at, along = torch.linspace(-LIMIT, LIMIT, NUM_LINES), torch.linspace(-1, 1, POINTS_A_LINE)
    turn = torch.tensor([1.0, -1.0]).repeat(NUM_LINES)[:NUM_LINES, None]
    x = LIMIT * turn * along
    lines = torch.stack([x, at[:, None].expand_as(x)], dim=-1).view(-1, 2)
    return torch.cat([lines, lines.flip(1)])


@lru_cache
def num_errors(data: str, num_steps: int) -> int:
    """Points on the wrong side of the cut."""
    model, (X, y) = models(data)[num_steps], world(data)
    with torch.no_grad():
        return int(((model(X) > 0) != (y == 1)).sum())


def _sentence(data: str, num_steps: int, layer: int) -> str:
    layers = len(models(data)[num_steps].layers())
    where = "the plane as it is" if layer == 0 else f"the plane after layer {layer} of {layers}"
    wrong = num_errors(data, num_steps)
    points = f"{wrong or 'none'} of {NUM_POINTS} points"
    return f"{data.capitalize()}, {where}; {points} on the wrong side of the cut."
