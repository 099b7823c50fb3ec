"""A ReLU network with one hidden layer that learns a curve; where its kinks go."""

import math
from functools import cache

import torch
from torch import Tensor, nn
from torch.func import functional_call

from dlbook.compile.experiment import Experiment, TorchRun, trained_run
from dlbook.models.curves import CURVES, LIMIT
from dlbook.models.mlp import layer_parameters, mlp
from dlbook.optimizers import OPTIMIZERS, default_hyper, initial_state
from dlbook.plots.trained_kinks import trained_kinks_figure

NUM_TRAIN = 129  # places in [−π, π], evenly spaced
NUM_SHOWN = 257  # places in [−2π, 2π]
LEARNED = ("sine", "bump", "chirp")  # the curves whose bending is bounded


def data(*, curve: str) -> dict[str, Tensor]:
    """Inputs X (n, 1) and targets y (n, 1)."""
    X = even_places(LIMIT, NUM_TRAIN)
    return {"X": X, "y": CURVES[curve](X)}


def start(width: int, seed: int, *, optimizer: str) -> dict:
    """The weights and biases of `mlp([1, width, 1], seed=seed)`."""
    params = {}
    for number, (inputs, outputs) in enumerate(((1, width), (width, 1))):
        W, b = layer_parameters(inputs, outputs, seed, number)
        params |= {f"{2 * number}.weight": W, f"{2 * number}.bias": b}
    return {"params": params, "state": initial_state(optimizer, params)}


def step(params: dict, state: dict, batch: dict, hyper: dict, *, optimizer: str) -> dict:
    """One step of the optimizer on the mean squared error over all places."""
    leaves = {name: p.detach().requires_grad_() for name, p in params.items()}
    loss = (functional_call(network(), leaves, (batch["X"],)) - batch["y"]).square().mean()
    grads = dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values())), strict=True))
    numbers = default_hyper(optimizer) | {"lr": hyper["lr"]}
    params, state = OPTIMIZERS[optimizer](params, grads, state, numbers)
    return {"params": params, "state": state, "loss": loss.detach()}


def view(params: dict, batch: dict, *, curve: str) -> dict[str, Tensor]:
    """Target and network out to ±2π, the kinks, the largest error and the one by hand."""
    X = even_places(2 * LIMIT, NUM_SHOWN)
    at, heights = kinks_of(params)
    inside = (at.abs() < LIMIT).to(torch.float32)
    off = functional_call(network(), params, (batch["X"],)) - batch["y"]
    return {
        "target": CURVES[curve](X)[:, 0],
        "network": functional_call(network(), params, (X,))[:, 0],
        "kinks": at,
        "heights": heights,
        "inside": inside.sum(),
        "units": torch.ones_like(at).sum(),
        "largest_error": off.abs().amax(),
        "by_hand": promised_error(at, CURVES[curve].curvature),
    }


def kinks_of(params: dict) -> tuple[Tensor, Tensor]:
    """Where each unit switches, −b/w, and the network's value there: (width,) both."""
    at = -params["0.bias"] / params["0.weight"][:, 0]
    return at, functional_call(network(), params, (at[:, None],))[:, 0]


def promised_error(units: Tensor, curvature: float) -> Tensor:
    """h²/8 · max |f''| for as many even pieces as there are `units` (width,)."""
    h = 2 * LIMIT / torch.ones_like(units).sum()
    return h.square() / 8 * curvature


def even_places(limit: float, count: int) -> Tensor:
    """`count` places of [−limit, limit] as rows, evenly spaced."""
    return (torch.arange(count) * (2 * limit / (count - 1)) - limit)[:, None]


@cache
def network() -> nn.Sequential:
    """The module; its own parameters are never used, so every width can be called with it."""
    return mlp([1, 1, 1]).requires_grad_(False)


def figure():
    """The empty figure."""
    shown = even_places(2 * math.pi, NUM_SHOWN)[:, 0]
    return trained_kinks_figure(shown)


TRAINED_KINKS = Experiment(
    data,
    start,
    step,
    view,
    structure=("curve", "optimizer"),
    sizes={"width": 17},
    ints=("seed",),
    numbers=("lr",),
)
SLOTS = {
    "curve f/y": "target",
    "network f̂/y": "network",
    "kinks/x": "kinks",
    "kinks/y": "heights",
}
CURVE_SLOTS = {"trained": "largest_error", "by hand, at most": "by_hand"}
STATUS = (
    "Step {num_steps:,}: {inside:.0f} of {units:.0f} kinks lie between −π and π; largest error "
    "{largest_error:.2g}, by hand at most {by_hand:.2g}."
)
DEFAULTS = {"curve": "sine", "optimizer": "adam", "width": 16, "lr": 0.01, "seed": 0}


def trained(num_steps: int, **settings) -> TorchRun:
    """The run after `num_steps` steps, at `DEFAULTS` with changes.

    Raises `ValueError` for a setting that the experiment does not have.
    """
    return trained_run(TRAINED_KINKS, DEFAULTS, num_steps, settings)
