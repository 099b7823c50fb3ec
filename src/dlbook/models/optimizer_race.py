"""Seven optimizers on one surface: the same start, the same slopes, their own memories and rates.

The surfaces are made for the window [−2, 2]², with lowest height 0.
"""

from functools import cache

import torch
from torch import Tensor

from dlbook.models.surfaces import Surface, quadratic, rosenbrock
from dlbook.optimizers import OPTIMIZERS, default_hyper, initial_state

RACERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam")
WORDS = {
    "sgd": "SGD",
    "momentum": "momentum",
    "nesterov": "Nesterov",
    "adagrad": "AdaGrad",
    "rmsprop": "RMSProp",
    "adadelta": "Adadelta",
    "adam": "Adam",
}
WINDOW = 2.0
ARRIVED = 0.01  # a racer has arrived when it is below this height and stays there
RATES = tuple(float(f"{10 ** (k / 4):.3g}") for k in range(-12, 1))  # 0.001 to 1
STARTS = ((-1.8, -0.6), (-1.8, 0.6), (1.6, -1.2), (0.6, 1.6), (-0.8, 1.4), (1.0, -0.8))
MOST_STEPS = 2_000  # a run that has not arrived by then counts as that long

valley = quadratic((0.25, 50.0))


def turned_valley(w: Tensor) -> Tensor:
    """`valley` turned by 45°: the same curvatures 0.25 and 50, along the diagonals."""
    x, y = w[..., 0], w[..., 1]
    return valley(torch.stack([x + y, y - x], dim=-1) / 2**0.5)


def bent_valley(w: Tensor) -> Tensor:
    """Rosenbrock's valley, a twentieth as high and one unit further down: minimum at (1, 0)."""
    x, y = w[..., 0], w[..., 1]
    return rosenbrock(torch.stack([x, y + 1], dim=-1)) / 20


def hole(w: Tensor) -> Tensor:
    """1 − exp(−2‖w‖²): a hole of curvature 4 in a plain with hardly any slope."""
    return 1 - torch.exp(-2 * w.square().sum(dim=-1))


SURFACES: dict[str, Surface] = {
    "valley": valley,
    "turned valley": turned_valley,
    "bent valley": bent_valley,
    "hole in a plain": hole,
}

# Of `RATES`, those with which a racer needs the fewest steps from the worst of `STARTS`, in the
# order of `RACERS`; `best_rates` finds them.
BEST_RATES = {
    "valley": (0.0316, 0.01, 0.0178, 1.0, 0.0562, 0.562, 0.316),
    "turned valley": (0.0316, 0.01, 0.0178, 1.0, 0.00562, 0.562, 0.316),
    "bent valley": (0.0316, 0.01, 0.01, 1.0, 0.0178, 0.316, 0.178),
    "hole in a plain": (0.316, 0.316, 0.316, 0.316, 0.01, 1.0, 0.1),
}


def memories(place: Tensor) -> dict[str, dict]:
    """What each racer remembers at the start."""
    return {name: initial_state(name, {"w": place}) for name in RACERS}


def race_step(
    places: Tensor, memory: dict[str, dict], slopes: Tensor, rates: Tensor
) -> tuple[Tensor, dict[str, dict]]:
    """One step of every racer.

    Args:
        places, slopes: where each is and the gradient there, (racers, ..., 2).
        memory: of each, by name.
        rates: learning rate of each, (racers,).

    Returns:
        The new places and memories.
    """
    moved, remembered = [], {}
    for number, name in enumerate(RACERS):
        hyper = default_hyper(name) | {"lr": rates[number]}
        after, remembered[name] = OPTIMIZERS[name](
            {"w": places[number]}, {"w": slopes[number]}, memory[name], hyper
        )
        moved.append(after["w"])
    return torch.stack(moved), remembered


def steps_to_arrive(surface: Surface, rates: Tensor, *, num_steps: int = MOST_STEPS) -> Tensor:
    """How many steps each racer needs from each of `STARTS` at each rate until it is there to stay.

    Args:
        surface: of `SURFACES`.
        rates: (rates,), tried by every racer, or (racers, rates).
        num_steps: how long to look; also the answer for one that has not arrived.

    Returns:
        (racers, rates, starts)
    """
    shape = (len(RACERS), rates.shape[-1], len(STARTS), 2)
    places = torch.tensor(STARTS).expand(shape)
    memory = memories(places[0])
    every = rates.expand(len(RACERS), -1)[..., None, None]
    last = torch.zeros(shape[:-1])
    for step in range(1, num_steps + 1):
        w = places.detach().requires_grad_()
        (slopes,) = torch.autograd.grad(surface(w).sum(), w)
        places, memory = race_step(places, memory, slopes, every)
        arrived = surface(places) < ARRIVED  # False where a place is no number any more
        last = torch.where(arrived, last, step)
    return (last + 1).clamp(max=num_steps)


@cache
def best_rates(name: str) -> tuple[float, ...]:
    """The best of `RATES` for each racer on the surface of that name: the table `BEST_RATES`."""
    longest = steps_to_arrive(SURFACES[name], torch.tensor(RATES)).amax(dim=2)
    return tuple(RATES[k] for k in longest.argmin(dim=1))


def slowest_arrivals(name: str) -> dict[str, int]:
    """Steps that each racer, at its best rate, needs from the worst of `STARTS` on a surface."""
    rates = torch.tensor(BEST_RATES[name])[:, None]
    longest = steps_to_arrive(SURFACES[name], rates).amax(dim=(1, 2))
    return {WORDS[racer]: int(steps) for racer, steps in zip(RACERS, longest, strict=True)}
