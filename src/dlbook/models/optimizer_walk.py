"""The way of one optimizer over a surface, and the rate that each coordinate had on it."""

import torch
from torch import Tensor

from dlbook.models.descent import gradient
from dlbook.models.surfaces import Surface
from dlbook.optimizers import OPTIMIZERS, Hyper, Tree, default_hyper, initial_state


def walk(optimizer: str, surface: Surface, start: Tensor, num_steps: int, **hyper: float) -> Tensor:
    """The places of an optimizer, the start first: (num_steps + 1, ..., d).

    Args:
        optimizer: one of `dlbook.optimizers.OPTIMIZERS`.
        surface: see `dlbook.models.surfaces`.
        start: (..., d); leading axes are walks of their own.
        num_steps: how many.
        hyper: such as lr=0.1; the others are the optimizer's defaults.
    """
    return walk_with_rates(optimizer, surface, start, num_steps, **hyper)[0]


def walk_with_rates(
    optimizer: str, surface: Surface, start: Tensor, num_steps: int, **hyper: float
) -> tuple[Tensor, Tensor]:
    """The same, and the `rates_of_coordinates` of every step, (num_steps, ..., d)."""
    numbers = default_hyper(optimizer, dtype=start.dtype, **hyper)
    params, places, rates = {"w": start}, [start], []
    state = initial_state(optimizer, params)
    for _ in range(num_steps):
        grads = {"w": gradient(surface, params["w"])}
        params, state = OPTIMIZERS[optimizer](params, grads, state, numbers)
        places.append(params["w"])
        rates.append(rates_of_coordinates(optimizer, state, numbers).expand(start.shape))
    return torch.stack(places), torch.stack(rates)


def rates_of_coordinates(optimizer: str, state: Tree, hyper: Hyper) -> Tensor:
    """What multiplies each coordinate's gradient, or its average, in the step just made.

    η / (√s + ε) for AdaGrad, RMSProp and Adam (there s is brought up to size), else η.
    """
    if optimizer not in ("adagrad", "rmsprop", "adam"):
        return hyper["lr"]
    squares = state["squares"]["w"]
    if optimizer == "adam":
        squares = squares / (1 - hyper["beta2"] ** state["step"])
    return hyper["lr"] / (squares.sqrt() + hyper["eps"])
