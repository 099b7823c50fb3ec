"""Explorer figures of searches that see heights only: clouds of places on Rastrigin's surface."""

from functools import cache

import numpy as np
import torch

from dlbook.models.surfaces import rastrigin
from dlbook.plots import Figure, with_status
from dlbook.plots.loss_landscape import DEPTH_SCALE
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import BLUE, GRAY, GREEN
from dlbook.plots.words import in_words
from dlbook.random import uniform
from dlbook.solvers.genetic import Generations, evolve
from dlbook.solvers.metropolis import cooling, metropolis

LIMIT = 5.12  # half the side of the square that Rastrigin's surface is usually searched in
PLACES = np.linspace(-LIMIT, LIMIT, 103)
NUM_WALKS, NUM_STEPS = 150, 2_000
FRAMES = (0, 10, 30, 100, 200, 400, 600, 800, 1_000, 1_200, 1_400, 1_600, 1_800, 2_000)
HEATS = {"0: never up": 0.0, "5 all the time": 5.0, "cooled from 20 to 0.1": "cooled"}
MOST_PEOPLE, NUM_GENERATIONS = 100, 40
UNLISTED = {"showlegend": False}
WHOLE = UNLISTED | {"cliponaxis": False}  # not cut at the ends of the axis


def walkers(heat: float | str, scale: float, step: int) -> Figure:
    """150 random walks on Rastrigin's surface that go up as the temperature allows.

    Args:
        heat: a temperature, or "cooled".
        scale: standard deviation of a proposed move.
        step: one of `FRAMES`.
    """
    path, heights = walks(heat, scale)
    mean = heights[list(FRAMES)].mean(axis=1)
    near, found = ((np.abs(path[step]) < size).all(axis=1).mean() for size in (1.5, 0.5))
    return with_status(
        _cloud(path[step], "walks", FRAMES, mean, FRAMES.index(step), "step", "mean height", 0.1),
        f"Step {step}: mean height {in_words(heights[step].mean())}; {near:.0%} of the walks are "
        f"in the nine middle valleys, {found:.0%} in the deepest.",
    )


def population(size: int, mutation: float, generation: int) -> Figure:
    """A genetic algorithm's population on Rastrigin's surface.

    Args:
        size: people, at most `MOST_PEOPLE`.
        mutation: standard deviation of the noise on every child.
        generation: 0 to `NUM_GENERATIONS`.
    """
    populations, heights = evolution(size, mutation, 0)
    best, time = heights.amin(dim=1).numpy(), np.arange(NUM_GENERATIONS + 1)
    shown = populations[generation][torch.arange(MOST_PEOPLE) % size]
    winner = populations[generation][heights[generation].argmin()]
    return with_status(
        _cloud(
            shown.numpy(), "population", time, best, generation, "generation", "best height", 1e-3
        ),
        f"Generation {generation}: the best of {size} is {in_words(winner.norm())} from the lowest "
        f"place, at height {in_words(best[generation])}; the population is spread by "
        f"{in_words(populations[generation].std(dim=0).norm())}.",
    )


@cache
def walks(heat: float | str, scale: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Places (steps + 1, walks, 2) and heights (steps + 1, walks)."""
    start = LIMIT * (2 * uniform((NUM_WALKS, 2), seed=seed, stream=5).double() - 1)
    T = cooling(20.0, 0.1, NUM_STEPS) if heat == "cooled" else heat
    path = metropolis(rastrigin, start, temperature=T, scale=scale, num_steps=NUM_STEPS, seed=seed)
    return path.numpy(), rastrigin(path).numpy()


@cache
def evolution(size: int, mutation: float, seed: int) -> Generations:
    """`NUM_GENERATIONS` generations on Rastrigin's surface of two numbers."""
    return evolve(
        rastrigin,
        limit=LIMIT,
        population=size,
        mutation=mutation,
        num_generations=NUM_GENERATIONS,
        seed=seed,
    )


def _cloud(places, name: str, time, heights, now: int, time_name, height_name, low) -> Figure:
    """A cloud on the surface's map, and a height over time, drawn from `low` up."""
    heights = np.maximum(heights, low)
    return two_panels(
        [
            _map(),
            dots([0], [0], "lowest place", GREEN, size=16, marker={"symbol": "star"}),
            dots(*np.clip(places, -1.2 * LIMIT, 1.2 * LIMIT).T, name, BLUE, size=6),
            line(time, heights, "", GRAY, width=2, panel=2, **UNLISTED),
            dots([time[now]], [heights[now]], "", BLUE, size=11, panel=2, **WHOLE),
        ],
        upper=(
            axis("w₁", -LIMIT, LIMIT, constrain="domain"),
            axis("w₂", -LIMIT, LIMIT, scaleanchor="x", constrain="domain"),
        ),
        lower=(
            axis(time_name, 0, time[-1]),
            axis(height_name, np.log10(low) - 0.1, 2.2, log=True, dtick=1),
        ),
        height=720,
        upper_share=0.75,
    )


@cache
def _landscape() -> np.ndarray:
    grid = np.stack(np.meshgrid(PLACES, PLACES), axis=-1)
    return (rastrigin(torch.tensor(grid)) / 80).numpy().astype(np.float32)


def _map() -> dict:
    return {
        "type": "heatmap",
        "x": PLACES,
        "y": PLACES,
        "z": _landscape(),
        "zmin": 0,
        "zmax": 1,
        "colorscale": DEPTH_SCALE,
        "showscale": False,
        "hoverinfo": "skip",
    }
