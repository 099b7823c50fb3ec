"""The way of one optimizer over a surface, and the rate that each coordinate had on it."""

import torch
from torch import Tensor

from dlbook.models.descent import gradient
from dlbook.models.surfaces import Surface
from dlbook.optimizers import OPTIMIZERS, default_hyper, initial_state


def walk(
    optimizer: str, surface: Surface, start: Tensor, num_steps: int, **hyper: float
) -> Tensor:
    """The places of an optimizer, the start first: (num_steps + 1, ..., d).

    Args:
        optimizer: one of `dlbook.optimizers.OPTIMIZERS`.
        surface: see `dlbook.models.surfaces`.
        start: (..., d); leading axes are walks of their own.
        num_steps: how many.
        hyper: such as lr=0.1; the others are the optimizer's defaults.
    """
    numbers = default_hyper(optimizer, dtype=start.dtype, **hyper)
    params, places = {"w": start}, [start]
    state = initial_state(optimizer, params)
    for _ in range(num_steps):
        grads = {"w": gradient(surface, params["w"])}
        params, state = OPTIMIZERS[optimizer](params, grads, state, numbers)
        places.append(params["w"])
    return torch.stack(places)


def effective_rates(places: Tensor, surface: Surface) -> Tensor:
    """What each coordinate moved, divided by its gradient: −Δw/g, (num_steps, ..., d)."""
    slopes = gradient(surface, places[:-1])
    return -places.diff(dim=0) / slopes
