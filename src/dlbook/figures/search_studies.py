"""What searches reach on Rastrigin's surface and on a small network, beside descent, over seeds."""

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss
from torch.nn.utils import parameters_to_vector

from dlbook.datasets.toy_regression import sine
from dlbook.figures.search_clouds import LIMIT, evolution
from dlbook.models.descent import descend
from dlbook.models.mlp import mlp
from dlbook.models.one_hidden_layer import mean_squared_error
from dlbook.models.surfaces import Surface, rastrigin
from dlbook.random import normal, uniform
from dlbook.solvers.genetic import evolve
from dlbook.solvers.metropolis import cooling, metropolis
from dlbook.training import fit

NUM_HIDDEN = 10  # of the network: 31 parameters


def mean_heights(dimension: int, scale: float, seed: int) -> tuple[float, float]:
    """Mean height of 100 walks after 2,000 steps on Rastrigin's surface: never up, and cooled.

    Args:
        dimension: how many numbers a place has.
        scale: size of a move.
    """
    start = _places(100, dimension, seed)
    ends = (
        metropolis(rastrigin, start, temperature=T, scale=scale, num_steps=2_000, seed=seed)[-1]
        for T in (0.0, cooling(20.0, 0.1, 2_000))
    )
    return tuple(rastrigin(end).mean().item() for end in ends)


def times_found(size: int, mutation: float, num_seeds: int = 20) -> int:
    """In how many runs a genetic algorithm ends within 0.1 of Rastrigin's lowest place."""
    runs = (evolution(size, mutation, seed) for seed in range(num_seeds))
    best = (run.populations[-1][run.heights[-1].argmin()].norm() for run in runs)
    return sum(place.item() < 0.1 for place in best)


def many_valleys(seed: int, *, population: int = 50, turned: bool = False) -> tuple[float, float]:
    """Lowest height of Rastrigin's surface in 10 numbers: genetic algorithm, descent.

    5,000 heights each, a step with its gradient counted as three: 5,000 / population generations;
    50 starts of 33 steps, whose step size 0.002 is below the limit 2/404 of the surface's
    curvature.

    Args:
        seed: of the searches and of the rotation.
        population: places in a generation, a divisor of 5,000.
        turned: whether the surface is rotated at random, so that its valleys don't lie along axes.
    """
    surface = _turned(rastrigin, 10, seed) if turned else rastrigin
    search = evolve(
        surface,
        dimension=10,
        limit=LIMIT,
        population=population,
        mutation=0.1,
        num_generations=5_000 // population,
        seed=seed,
    )
    ends = descend(surface, _places(50, 10, seed), lr=0.002, num_steps=33)[-1]
    return search.heights[-1].min().item(), surface(ends).min().item()


def straight_and_turned(population: int, num_seeds: int = 10) -> Tensor:
    """What `many_valleys` reaches, (3, seeds): genetic; genetic, descent on turned surfaces."""
    seeds = range(num_seeds)
    straight = [many_valleys(seed, population=population)[0] for seed in seeds]
    turned = [many_valleys(seed, population=population, turned=True) for seed in seeds]
    return torch.cat([torch.tensor([straight]), torch.tensor(turned).T])


def one_network(seed: int) -> tuple[float, float, float]:
    """Loss of a network on the sine: genetic algorithm, walk that never goes up, Adam.

    About 10,000 heights each, a gradient counted as two more: 100 generations of 100; 10,000
    moves of size 0.01; 3,333 steps.
    """
    x, y = (part.double() for part in sine(40, noise=0.0))
    model = mlp([1, NUM_HIDDEN, 1], nn.Tanh, seed=seed).double()
    start = parameters_to_vector(model.parameters()).detach()

    def loss(theta: Tensor) -> Tensor:
        return mean_squared_error(theta, x, y)

    search = evolve(
        loss,
        dimension=len(start),
        limit=3.0,
        population=100,
        mutation=0.03,
        num_generations=100,
        seed=seed,
    )
    walk = metropolis(loss, start[None], temperature=0.0, scale=0.01, num_steps=10_000, seed=seed)
    data = x.unsqueeze(1), y.unsqueeze(1)
    fit(model, data, loss_fn=mse_loss, optimizer="adam", lr=0.01, num_steps=3_333, seed=seed)
    trained = parameters_to_vector(model.parameters()).detach()
    return search.heights[-1].min().item(), loss(walk[-1]).item(), loss(trained).item()


def _turned(function: Surface, dimension: int, seed: int) -> Surface:
    """The same surface after a random rotation (or reflection) about 0."""
    axes = torch.linalg.qr(normal((dimension, dimension), seed=seed, stream=6).double()).Q
    return lambda w: function(w @ axes)


def _places(count: int, dimension: int, seed: int) -> Tensor:
    """Uniform in the square, cube, ... that is searched, (count, dimension)."""
    return LIMIT * (2 * uniform((count, dimension), seed=seed, stream=5).double() - 1)
