"""Momentum on a bowl: how fast each direction shrinks, and which μ is best.

Along a direction of curvature c, heavy-ball momentum v ← μ v + c w, w ← w − η v is the recursion
w_{t+1} = (1 + μ − ηc) w_t − μ w_{t−1}. Its two modes are multiplied, each step, by the roots of
z² − (1 + μ − ηc) z + μ = 0; the larger modulus is what remains.
"""

import math

import torch
from torch import Tensor

from dlbook.models.optimizer_walk import walk
from dlbook.models.surfaces import quadratic
from dlbook.random import normal, uniform


def factor(rate_times_curvature: Tensor, momentum: Tensor) -> Tensor:
    """max |z| for ηc and μ, of any shapes that broadcast: below 1 the distance shrinks.

    √μ where the roots are complex: (1 − √μ)² < ηc < (1 + √μ)².

    Reference: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964;
    Goh, "Why momentum really works", Distill, 2017.
    """
    half = (1 + momentum - rate_times_curvature) / 2
    inside = half.square() - momentum
    real = half.abs() + inside.clamp(min=0).sqrt()
    return torch.where(inside < 0, torch.sqrt(momentum + 0 * half), real)


def slowest_factor(rate: Tensor, momentum: Tensor, ratio: float) -> Tensor:
    """The factor of a valley with curvatures 1/ratio and 1: that of its slower direction.

    Args:
        rate: η times the largest curvature.
        momentum: μ.
        ratio: κ, the largest curvature over the smallest.
    """
    return torch.maximum(factor(rate, momentum), factor(rate / ratio, momentum))


def best_momentum(ratio: float) -> tuple[float, float]:
    """η c_max and μ with the smallest factor, which is then √μ = (√κ − 1)/(√κ + 1).

    Reference: Polyak 1964, theorem 3.

    >>> [round(number, 3) for number in best_momentum(100.0)]
    [3.306, 0.669]
    """
    root = math.sqrt(ratio)
    return (2 / (1 + 1 / root)) ** 2, ((root - 1) / (root + 1)) ** 2


def steps_a_digit(factor: Tensor) -> Tensor:
    """How many steps make the distance ten times smaller; infinity from a factor of 1 on."""
    return torch.where(factor < 1, math.log(10) / -torch.log(factor), torch.inf)


def steps_in_a_bowl(ratio: float, rate: float, momentum: float, *, seed: int) -> int:
    """Steps until a walk in a random bowl is 1,000 times nearer to its minimum; 4,000 if longer.

    The bowl has twenty dimensions, with curvatures between 1/ratio and 1, both of them present.

    Args:
        ratio: κ.
        rate: η.
        momentum: μ.
        seed: of the curvatures and of the start.
    """
    curvatures = ratio ** -uniform(20, seed=seed).double()
    curvatures[:2] = torch.tensor([1 / ratio, 1.0])
    start = normal(20, seed=seed, stream=1).double()
    bowl = quadratic(tuple(curvatures.tolist()))
    path = walk("momentum", bowl, start, 4_000, lr=rate, momentum=momentum)
    return int((path.norm(dim=1) > 1e-3 * start.norm()).sum())
