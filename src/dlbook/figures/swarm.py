"""Sixty walkers in a bowl whose slopes are noisy: the reader, or a schedule, sets the step size."""

import torch
from torch import Tensor

from dlbook.compile.experiment import Experiment, TorchRun, trained_run
from dlbook.plots import Figure
from dlbook.plots.swarm import NUM_WALKERS, swarm_figure
from dlbook.random import normal
from dlbook.schedules import Schedule, constant, cosine, inverse_time, step_decay

FIRST = 1  # the stream of the first step's noise
SCHEDULES: dict[str, Schedule] = {
    "constant": constant(),
    "1/√t": inverse_time(0.1, 0.5),
    "1/t": inverse_time(0.1),
    "1/t²": inverse_time(0.1, 2.0),
    "a tenth every 300": step_decay(300),
    "cosine over 1,000": cosine(1_000, last=1e-3),
}


def data() -> dict[str, Tensor]:
    """Nothing: the slopes themselves are noisy."""
    return {"none": torch.zeros(1)}


def start(hyper: dict) -> dict:
    """All walkers at one place."""
    return {
        "params": {"w": torch.zeros(NUM_WALKERS) + hyper["start"]},
        "state": {"count": torch.zeros(())},
    }


def step(params: dict, state: dict, hyper: dict, seed: int, num_steps: int, *, schedule: str):
    """w ← w − η_t (w + σ ξ): the loss is w²/2, and each walker has a noise ξ of its own."""
    w, count = params["w"], state["count"]
    noise = hyper["noise"] * normal(NUM_WALKERS, seed=seed, stream=FIRST + num_steps)
    rate = hyper["lr"] * SCHEDULES[schedule](count)
    return {
        "params": {"w": w - rate * (w + noise)},
        "state": {"count": count + 1},
        "loss": (w.square() / 2).mean(),
    }


def view(params: dict, state: dict, hyper: dict, *, schedule: str) -> dict[str, Tensor]:
    """The walkers on their parabola, the mean height, and the floor of the present rate."""
    w = params["w"]
    heights = w.square() / 2
    rate = hyper["lr"] * SCHEDULES[schedule]((state["count"] - 1).clamp(min=0))
    return {
        "w": w.clamp(-20, 20),
        "heights": heights.clamp(max=20),
        "mean": heights.mean(),
        "floor": floor(rate, hyper["noise"]),
        "rate": rate,
    }


def floor(rate: Tensor, noise: Tensor) -> Tensor:
    """ησ² / (2(2 − η)): the mean height at which noise lifts as much as descent lowers.

    From E w² ← (1 − η)² E w² + η²σ²; infinite from η = 2 on, where nothing rests.
    """
    return torch.where(rate < 2, rate * noise**2 / (2 * (2 - rate)), torch.inf)


def expected_height(rates: Tensor, *, start: float = 4.0, noise: float = 1.0) -> float:
    """E w²/2 after a step with each of the rates, (n,), exactly: the mean height without walkers.

    E w² ← (1 − η)² E w² + η²σ² from w = start on.
    """
    square = start**2
    for rate in rates.tolist():
        square = (1 - rate) ** 2 * square + (rate * noise) ** 2
    return square / 2


def figure() -> Figure:
    """The empty figure."""
    return swarm_figure()


SWARM = Experiment(
    data,
    start,
    step,
    view,
    structure=("schedule",),
    ints=("seed",),
    numbers=("lr", "noise", "start"),
    restart=("start",),
)
SLOTS = {"walkers/x": "w", "walkers/y": "heights"}
CURVES = {"mean height": "mean", "floor of the present rate": "floor", "rate": "rate"}
STATUS = (
    "Step {num_steps:,}: rate {rate:.2g}, mean height {mean:.2g}; a constant rate of this size "
    "would hover at {floor:.2g}."
)
DEFAULTS = {"schedule": "constant", "lr": 0.3, "noise": 1.0, "start": 4.0, "seed": 0}


def trained(num_steps: int, **settings) -> TorchRun:
    """The walkers after `num_steps` steps, at `DEFAULTS` with changes.

    Raises `ValueError` for a setting that the experiment does not have.
    """
    return trained_run(SWARM, DEFAULTS, num_steps, settings)


def mean_height(num_steps: int, *, last: int = 1, **settings) -> float:
    """The walkers' mean height after `num_steps` steps, averaged over the `last` of them."""
    run, total = trained(num_steps - last, **settings), 0.0
    for _ in range(last):
        run.step()
        total += float(run.view()["mean"])
    return total / last
