"""A genetic algorithm: a population of places, selected by height, mixed and moved at random."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from dlbook.random import integers, normal, uniform

SELECTION, MIXING, MUTATION, FIRST = 0, 1, 2, 3  # streams of the draws


class Generations(NamedTuple):
    """All populations (generations + 1, size, d) and the height of everyone in them."""

    populations: Tensor
    heights: Tensor


def evolve(
    function: Callable[[Tensor], Tensor],
    *,
    dimension: int = 2,
    limit: float,
    population: int,
    mutation: float,
    num_generations: int,
    seed: int,
) -> Generations:
    """Minimise `function` by a population that is renewed from its better half, time and again.

    The best place survives unchanged (elitism), so the best height never rises. Everybody else
    has two parents, each the better of two drawn at random; takes each coordinate from one of
    them; and is moved by normal noise.

    Args:
        function: heights of many places, (size, d) to (size,).
        dimension: d.
        limit: coordinates stay within [−limit, limit]; the first population is uniform there.
        population: size, at least 2.
        mutation: standard deviation of the noise, 0 or more.
        num_generations: how often.
        seed: of everything random.

    Reference: Holland, "Adaptation in natural and artificial systems", 1975; operators as in Eiben
    and Smith, "Introduction to evolutionary computing", 2015, chapters 4 and 5.
    """
    shape = (num_generations, population, dimension)
    draws = integers(population, (num_generations, population, 2, 2), seed=seed, stream=SELECTION)
    coins = uniform(shape, seed=seed, stream=MIXING) < 0.5
    noise = mutation * normal(shape, seed=seed, stream=MUTATION).double()
    first = 2 * uniform((population, dimension), seed=seed, stream=FIRST).double() - 1
    populations, heights = [limit * first], [function(limit * first)]
    for generation in range(num_generations):
        w, height = populations[-1], heights[-1]
        rivals = draws[generation]  # (size, parents, rivals)
        winner = height[rivals].argmin(dim=2, keepdim=True)
        mother, father = rivals.gather(2, winner).squeeze(2).T
        child = torch.where(coins[generation], w[mother], w[father]) + noise[generation]
        child = child.clamp(-limit, limit)
        child[0] = w[height.argmin()]
        populations.append(child)
        heights.append(function(child))
    return Generations(torch.stack(populations), torch.stack(heights))
