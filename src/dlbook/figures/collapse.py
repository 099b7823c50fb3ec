"""A tensor of three axes as a lattice; reducing along an axis merges its points along that axis."""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.lattice import draw_lattice, project
from dlbook.plots.theme import with_status

SHAPE = (2, 3, 4)
LAST_STEP = 5


def reduced_lattice(dim: tuple[int, ...], step: int) -> Figure:
    """x = arange(24).view(2, 3, 4) on the way to x.sum(dim).

    Args:
        dim: the axes that vanish.
        step: 0 (x itself) to 5 (the result).
    """
    places, groups = _places(dim, step / LAST_STEP)
    x = torch.arange(int(np.prod(SHAPE))).view(SHAPE)
    shown = x.sum(dim=dim, keepdim=True).expand(SHAPE) if step == LAST_STEP else x
    texts = [str(value) for value in shown.flatten().tolist()]
    figure = draw_lattice(project(places), SHAPE, texts, groups, dim)
    return with_status(figure, _sentence(x, dim, step))


@lru_cache
def _places(dim: tuple[int, ...], share: float) -> tuple[np.ndarray, np.ndarray]:
    """Index coordinates (24, 3) of all elements, moved by `share` to the middle of their group; and
    the number of the group that each belongs to."""
    index = np.stack(np.unravel_index(np.arange(np.prod(SHAPE)), SHAPE), axis=1)
    middle = [(size - 1) / 2 for size in SHAPE]
    target = np.where([k in dim for k in range(3)], middle, index)
    kept = [k for k in range(3) if k not in dim]
    groups = np.zeros(len(index), dtype=int)
    for k in kept:
        groups = groups * SHAPE[k] + index[:, k]
    return index + share * (target - index), groups


def _sentence(x: Tensor, dim: tuple[int, ...], step: int) -> str:
    axes = str(dim[0]) if len(dim) == 1 else str(dim)
    size = int(np.prod([SHAPE[k] for k in dim]))
    if step < LAST_STEP:
        together = f"the {size} numbers of one colour are going to be added"
        return f"x.sum({axes}): {together}. The shape is still {SHAPE}."
    shape = tuple(x.sum(dim=dim).shape)
    return f"x.sum({axes}) has shape {shape}: every {size} numbers became one."
