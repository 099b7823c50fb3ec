"""The playground: a network that learns a picture of the plane, step by step.

It tells two classes apart, or gives every place a value.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from dlbook.compile.experiment import Experiment, TorchRun, trained_run
from dlbook.compile.set_weights import SetWeight
from dlbook.figures.playground_network import loss_of, start, states
from dlbook.figures.playground_points import (
    NUM_OWN,
    NUM_TRAIN,
    data,
    inputs,
)
from dlbook.figures.playground_view import view
from dlbook.optimizers import OPTIMIZERS, default_hyper
from dlbook.plots.playground import EDGE_NAMES, LAYERS, POINT_NAMES

WIDTHS = tuple(f"width_{layer}" for layer in range(1, LAYERS + 1))


def step(
    params: dict, state: dict, batch: dict, hyper: dict, *, depth: int, activation: str, optimizer
) -> dict:
    """One step of the optimizer on the mean loss of a batch, and the penalties."""
    weights, seen = next_batch(batch["used"], state["seen"], hyper["batch_size"])
    leaves = {name: p.detach().requires_grad_() for name, p in params.items()}
    output = states(leaves, batch["X"], depth, activation)[-1].squeeze(1)
    loss = loss_of(output, batch["y"], weights, batch["regression"])
    slopes = torch.autograd.grad(loss, list(leaves.values()))
    grads = {
        name: slope + hyper["l1"] * torch.sign(params[name])
        for name, slope in zip(leaves, slopes, strict=True)
    }
    numbers = default_hyper(optimizer) | {k: hyper[k] for k in ("lr", "weight_decay")}
    params, memory = OPTIMIZERS[optimizer](params, grads, state["memory"], numbers)
    return {"params": params, "state": {"memory": memory, "seen": seen}, "loss": loss.detach()}


def next_batch(used: Tensor, seen: Tensor, size: Tensor) -> tuple[Tensor, Tensor]:
    """The batch whose turn it is: points take turns in a fixed order, all of them if size is 0.

    Args:
        used: 1 for points that are there, (n,).
        seen: place of the first point whose turn it is, among those.
        size: of a batch.

    Returns:
        Weights (n,), 0 outside the batch, of sum 1 (0 where there is no point); the next `seen`.
    """
    count = used.sum().clamp(min=1)
    size = torch.where(size > 0, torch.minimum(size, count), count)
    turn = torch.remainder(torch.cumsum(used, 0) - 1 - seen, count)
    chosen = used * (turn < size)
    return chosen / chosen.sum().clamp(min=1), torch.remainder(seen + size, count)


PLAYGROUND = Experiment(
    data,
    start,
    step,
    view,
    # Programs stand in this order: neighbours differ in the activation and compress well.
    structure=("data_set", "optimizer", "depth", "activation"),
    sizes=dict(zip(WIDTHS, (17, 19, 23, 29, 31, 37), strict=True)),
    ints=("seed",),
    numbers=("lr", "weight_decay", "l1", "batch_size", "shown", "rounded", "show_test", "noise",
             "num_train", "inputs"),
    restart=("noise", "num_train", "inputs"),
    own_points=NUM_OWN,
)  # fmt: skip
SLOTS = {
    "units/z": "tiles",
    "layers/y": "layers",
    **{f"{name}/y": name for name in EDGE_NAMES},
    "shown/x": "frame_x",
    "shown/y": "frame_y",
    "map/z": "map",
    "map/customdata": "values",
    **{
        f"{kind}{sign}/{attribute}": f"{prefix}{output}_of_{label}"
        for kind, prefix in (("", ""), ("test, ", "test_"))
        for label, sign in enumerate(POINT_NAMES)
        for attribute, output in (("x", "x1"), ("y", "x2"), ("marker.color", "color"))
    },
}
CURVES = {"training loss": "training_loss", "test loss": "test_loss"}
LOSSES = "Step {num_steps:,}: training loss {training_loss:.2g}, test loss {test_loss:.2g}"
STATUS = LOSSES + ", {accuracy:.1%} of the test points right."
STATUS_WHERE = {"regression": LOSSES + ": a typical error of {error:.2g}, of values from −1 to 1."}
DEFAULTS = {
    "data_set": "moons",
    "noise": 0.1,
    "depth": 2,
    **dict.fromkeys(WIDTHS, 8),
    "activation": "tanh",
    "optimizer": "sgd",
    "lr": 0.1,
    "weight_decay": 0.0,
    "l1": 0.0,
    "batch_size": 0,
    "inputs": 3,
    "num_train": NUM_TRAIN,
    "shown": 0,
    "rounded": False,
    "show_test": False,
    "seed": 0,
}


def trained(
    num_steps: int,
    *,
    points: Sequence[tuple[float, float, int]] = (),
    weights: Sequence[tuple[int, str, int, int, float]] = (),
    width: int | None = None,
    **settings,
) -> TorchRun:
    """The playground's run after `num_steps` steps, at `DEFAULTS` with changes.

    Args:
        num_steps: of training.
        points: one's own, (x1, x2, class) each.
        weights: set by hand, (step, name, unit, source, value) each; see `SetWeight`.
        width: of all layers.
        settings: those of `DEFAULTS`.

    Raises `ValueError` for a setting that the playground does not have.
    """
    if width is not None:
        settings = dict.fromkeys(WIDTHS, width) | settings
    edits = [SetWeight(*weight) for weight in weights]
    return trained_run(PLAYGROUND, DEFAULTS, num_steps, settings, points, edits)


def answer(run: TorchRun, x1: float, x2: float) -> float:
    """The probability of class 1, or the value, that a run's network gives at a place."""
    X = inputs(torch.tensor([[x1, x2]]), run.tensors["hyper"])
    settings, tensors = run.settings, run.tensors
    output = states(tensors["params"], X, settings["depth"], settings["activation"])[-1]
    real = bool(tensors["batch"]["regression"])
    return float(output if real else torch.sigmoid(output))


def accuracies(num_steps: int, *, num_seeds: int = 5, **settings) -> list[float]:
    """The share of test points right after `num_steps` steps, for seeds 0, 1, ..."""
    runs = (trained(num_steps, seed=seed, **settings) for seed in range(num_seeds))
    return [round(float(run.view()["accuracy"]), 3) for run in runs]


def turn_largest_weight(run: TorchRun) -> None:
    """Give the largest of the weights into the output the opposite sign; the run goes on."""
    name = f"{2 * run.settings['depth']}.weight"
    weights = run.tensors["params"][name][0]  # (width,)
    column = int(weights.abs().argmax())
    run.set_weight(name, 0, column, -float(weights[column]))


def turned_around(num_steps: int, num_more: int, **settings) -> tuple[float, float]:
    """The share of test points right after the largest weight into the output has been turned
    around at step `num_steps`, and `num_more` steps later."""
    run = trained(num_steps, **settings)
    turn_largest_weight(run)
    hurt = float(run.view()["accuracy"])
    run.step(num_more)
    return hurt, float(run.view()["accuracy"])
