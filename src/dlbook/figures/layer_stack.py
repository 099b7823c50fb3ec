"""A stack of layers acts on a ring: affine layers make an ellipse of it, however many there are."""

import math
from functools import lru_cache

import torch
from torch import Tensor

from dlbook.models.layer_stack import best_affine, random_layers, through_layers
from dlbook.plots import Figure, with_status
from dlbook.plots.color_numbers import see_through
from dlbook.plots.folding import joined
from dlbook.plots.panels import axis, line, one_panel
from dlbook.plots.theme import BLUE, GRAY, ORANGE

LIMIT = 3.0
MOST_LAYERS = 10


def ring_through_layers(num_layers: int, slope: float, seed: int) -> Figure:
    """A ring and a grid after a stack of layers, and after the best single affine layer.

    Args:
        num_layers: 1 to 10.
        slope: of the activation left of 0; 1 leaves the layers affine, 0 is ReLU.
        seed: of weights and biases.
    """
    ring, grid = _shapes()
    W, b = _layers(seed)
    W, b = W[:num_layers], b[:num_layers]
    moved = through_layers(ring, W, b, slope)
    single = best_affine(ring, moved)
    lines = joined(through_layers(grid.view(-1, 2), W, b, slope).view(grid.shape))
    dash = {"line": {"dash": "dash"}}
    traces = [
        line(*lines, "grid", see_through(GRAY, 0.7), width=1, hoverinfo="skip"),
        line(*moved.T, "the ring after all layers", BLUE, width=4, hoverinfo="skip"),
        line(*single.T, "after the best single layer", ORANGE, hoverinfo="skip", **dash),
    ]
    gap = float((moved - single).norm(dim=1).max())
    square = {"zeroline": False, "fixedrange": True, "constrain": "domain", "showgrid": False}
    figure = one_panel(
        traces,
        axis("first number", -LIMIT, LIMIT, **square),
        axis("second number", -LIMIT, LIMIT, **square, scaleanchor="x"),
        height=460,
    )
    return with_status(figure, _sentence(num_layers, slope, gap))


@lru_cache(maxsize=1)
def _shapes() -> tuple[Tensor, Tensor]:
    """A ring of radius 1 (points, 2), and lines of a grid (lines, points, 2)."""
    angle = torch.linspace(0, 2 * math.pi, 73)
    ring = torch.stack([angle.cos(), angle.sin()], dim=1)
    at, along = torch.linspace(-1, 1, 5), torch.linspace(-1, 1, 13)
    across = torch.stack(torch.meshgrid(at, along, indexing="ij"), dim=-1)
    return ring, torch.cat([across, across.flip(-1)])


@lru_cache(maxsize=8)
def _layers(seed: int) -> tuple[Tensor, Tensor]:
    return random_layers(MOST_LAYERS, seed=seed)


def _sentence(num_layers: int, slope: float, gap: float) -> str:
    layers = "1 layer" if num_layers == 1 else f"{num_layers} layers"
    numbers = f"{layers}, {6 * num_layers} numbers"
    if gap < 1e-4:
        return f"{numbers}: a single layer of 6 numbers does exactly the same."
    return f"{numbers}, slope {slope:g}: the best single layer is off by up to {gap:.2f}."
