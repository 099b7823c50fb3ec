"""Seven optimizers race on a surface while one watches: an experiment for the page."""

import torch
from torch import Tensor

from dlbook.compile.experiment import Experiment, TorchRun, trained_run
from dlbook.figures.side_by_side import mean_of_finite
from dlbook.models import optimizer_race as race
from dlbook.plots import Figure
from dlbook.plots.decision_map import map_grid
from dlbook.plots.optimizer_race import BANDS, HEIGHTS, race_figure
from dlbook.plots.optimizer_styles import STYLES, SYMBOLS
from dlbook.random import normal

CELLS, TRAIL = 120, 400  # cells of the map's side; steps of a way that are drawn
BANDS_A_DECADE, DARKER = 3, 0.6
NEVER = 1e-3  # where the dot of a racer waits that has not arrived: left of the axis
BESIDE = 1.4  # times its step: where the number beside a dot begins
NOISE_SEED, NOISE = 0, 1  # of the noise; the stream of the first step's


def data(*, surface: str) -> dict[str, Tensor]:
    """The surface in bands of height, a third of a power of ten each, every second one darker."""
    heights = race.SURFACES[surface](map_grid(race.WINDOW, CELLS)[1])
    bands = torch.floor(BANDS_A_DECADE * (heights + 10 ** BANDS[0]).log10())
    shades = bands / BANDS_A_DECADE + DARKER * torch.remainder(bands, 2)
    return {"relief": shades.reshape(CELLS, CELLS)}


def start(hyper: dict) -> dict:
    """All racers at one place, with empty memories."""
    place = torch.stack([hyper["x1"], hyper["x2"]])
    places = place.expand(len(race.RACERS), 2) + 0.0
    state = {
        "memory": race.memories(place),
        "ways": places[:, None].expand(-1, TRAIL, 2) + 0.0,
        "last": torch.zeros(len(race.RACERS)),  # the last step at which a racer was not there
        "count": torch.zeros(()),
    }
    return {"params": {"places": places}, "state": state}


def step(params: dict, state: dict, hyper: dict, num_steps: int, *, surface: str):
    """One step of every racer, all of them with the same noise in their slopes."""
    function = race.SURFACES[surface]
    w = params["places"].detach().requires_grad_()
    heights = function(w)
    (slopes,) = torch.autograd.grad(heights.sum(), w)
    slopes = slopes + hyper["noise"] * normal(2, seed=NOISE_SEED, stream=NOISE + num_steps)
    rates = torch.where(hyper["lr"] > 0, hyper["lr"], torch.tensor(race.BEST_RATES[surface]))
    places, memory = race.race_step(w.detach(), state["memory"], slopes, rates)
    count = state["count"] + 1
    return {
        "params": {"places": places},
        "state": {
            "memory": memory,
            "ways": torch.cat([state["ways"][:, 1:], places[:, None]], dim=1),
            "last": torch.where(function(places) < race.ARRIVED, state["last"], count),
            "count": count,
        },
        "loss": mean_of_finite(heights.detach()),
    }


def view(params: dict, state: dict, batch: dict, *, surface: str) -> dict[str, Tensor]:
    """The map, ways and places, heights, and the step at which each racer had arrived to stay."""
    places, ways = params["places"], state["ways"]
    heights = race.SURFACES[surface](places)
    there = heights < race.ARRIVED
    needed = torch.where(there, state["last"] + 1, NEVER)
    seen = 4 * race.WINDOW
    shown = {"relief": batch["relief"], "x1": places[:, 0], "x2": places[:, 1]}
    shown |= {"needed": needed, "beside": BESIDE * needed}
    for number, name in enumerate(race.RACERS):
        shown[f"{name} x1"] = ways[number, :, 0].clamp(-seen, seen)
        shown[f"{name} x2"] = ways[number, :, 1].clamp(-seen, seen)
        shown[f"{name} height"] = heights[number].clamp(min=10 ** HEIGHTS[0])
    return shown | {"arrived": there.to(torch.float32).sum()}


def figure() -> Figure:
    """The empty figure."""
    named = {race.WORDS[name]: STYLES[name] for name in race.RACERS}
    symbols = [SYMBOLS[name] for name in race.RACERS]
    return race_figure(named, symbols, map_grid(race.WINDOW, CELLS)[0], race.WINDOW)


OPTIMIZER_RACE = Experiment(
    data,
    start,
    step,
    view,
    structure=("surface",),
    ints=(),
    numbers=("lr", "noise", "x1", "x2"),
    restart=("x1", "x2"),
)
SLOTS = {
    "relief/z": "relief",
    **{
        f"{word}/{letter}": f"{name} x{number}"
        for name, word in race.WORDS.items()
        for letter, number in (("x", 1), ("y", 2))
    },
    "heads/x": "x1",
    "heads/y": "x2",
    "arrived/x": "needed",
    "steps/x": "beside",
    "steps/text": "needed",
}
CURVES = {f"height of {word}": f"{name} height" for name, word in race.WORDS.items()}
STATUS = (
    "Step {num_steps:,}: {arrived:.0f} of 7 are there: below height 0.01 since the step at the "
    "mark."
)
DEFAULTS = {
    "surface": "turned valley", "lr": 0.0, "noise": 0.0, "x1": -1.8, "x2": -0.6
}  # fmt: skip


def trained(num_steps: int, **settings) -> TorchRun:
    """The race after `num_steps` steps, at `DEFAULTS` with changes; lr = 0: each its best rate.

    Raises `ValueError` for a setting that the race does not have.
    """
    return trained_run(OPTIMIZER_RACE, DEFAULTS, num_steps, settings)


def arrivals(num_steps: int, **settings) -> dict[str, float]:
    """Name of each racer -> step since which it has been there, infinity if it is not."""
    needed = trained(num_steps, **settings).view()["needed"]
    return {
        word: float(steps) if steps >= 1 else float("inf")
        for word, steps in zip(race.WORDS.values(), needed, strict=True)
    }
