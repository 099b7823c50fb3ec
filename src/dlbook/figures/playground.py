"""The playground: a network that learns to tell two classes in the plane apart, step by step."""

import math
from collections.abc import Sequence
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from dlbook.compile.experiment import Experiment, TorchRun, trained_run
from dlbook.datasets.noise import JITTER
from dlbook.datasets.toy_classification import SETS
from dlbook.figures.network_view import (
    edge_heights,
    edge_weights,
    input_tiles,
    layer_names,
    tile_points,
    unit_tiles,
)
from dlbook.models.mlp import layer_parameters, mlp
from dlbook.optimizers import OPTIMIZERS, default_hyper, initial_state
from dlbook.plots import Figure
from dlbook.plots.decision_map import map_grid
from dlbook.plots.playground import EDGE_NAMES, edges, playground_figure
from dlbook.random import normal, uniform

ACTIVATIONS = {"tanh": nn.Tanh, "ReLU": nn.ReLU, "sigmoid": nn.Sigmoid, "none": nn.Identity}
NUM_TRAIN, NUM_TEST, NUM_OWN = 200, 200, 40  # the most points there can be
NUM_SHOWN = NUM_TRAIN + NUM_OWN
LIMIT, CELLS = 1.8, 40
UNSEEN = -3 * LIMIT  # where points wait that are not shown
INPUTS = ("x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin πx₁", "sin πx₂")
ADDED_INPUTS = 100  # the stream of the weights of all inputs but x₁ and x₂


def data(hyper: dict, points: dict, seed: int, *, data_set: str) -> dict[str, Tensor]:
    """Points of a toy set with Gaussian jitter of hyper["noise"], and the network's inputs.

    To train on are the first hyper["num_train"] points and those of the reader's own: "used" is 1
    there. The inputs are also those of the map's cells and of the tiles.
    """
    count = NUM_TRAIN + NUM_TEST
    X, y = SETS[data_set](count, 0.0, seed=seed)
    X = X + hyper["noise"] * normal((count, 2), seed=seed, stream=JITTER)
    y = y.to(torch.float32)
    used = (torch.arange(NUM_TRAIN) < hyper["num_train"]).to(torch.float32)
    places = torch.cat([X[:NUM_TRAIN], points["X"], X[NUM_TRAIN:]])
    X = inputs(places, hyper)
    return {
        "places": places,
        "X": X[:NUM_SHOWN],
        "y": torch.cat([y[:NUM_TRAIN], points["label"]]),
        "used": torch.cat([used, points["used"]]),
        "X_test": X[NUM_SHOWN:],
        "y_test": y[NUM_TRAIN:],
        "X_map": inputs(map_grid(LIMIT, CELLS)[1], hyper),
        "X_tiles": inputs(tile_points(LIMIT), hyper),
    }


def inputs(X: Tensor, hyper: dict) -> Tensor:
    """The seven inputs of points (n, 2), (n, 7); 0 where the bit of hyper["inputs"] is 0."""
    x1, x2 = X[:, 0], X[:, 1]
    all_seven = [x1, x2, x1**2, x2**2, x1 * x2, torch.sin(math.pi * x1), torch.sin(math.pi * x2)]
    return torch.stack(all_seven, dim=1) * chosen_inputs(hyper)


def chosen_inputs(hyper: dict) -> Tensor:
    """1 for the inputs that the network gets, (7,)."""
    powers = 2.0 ** torch.arange(len(INPUTS))
    return torch.remainder(torch.floor(hyper["inputs"] / powers), 2)


def start(hyper: dict, width: int, seed: int, *, depth: int, optimizer: str) -> dict:
    """The weights and biases of `mlp` for the chosen inputs; an empty memory."""
    chosen = chosen_inputs(hyper)
    W, b = layer_parameters(2, width, seed, 0, fan_in=chosen.sum())
    added = 2 * uniform((width, len(INPUTS) - 2), seed=seed, stream=ADDED_INPUTS) - 1
    params = {
        "0.weight": torch.cat([W, added / chosen.sum().sqrt()], dim=1) * chosen,
        "0.bias": b,
    }
    for number in range(1, depth + 1):
        num_outputs = 1 if number == depth else width
        W, b = layer_parameters(width, num_outputs, seed, number)
        params |= {f"{2 * number}.weight": W, f"{2 * number}.bias": b}
    state = {"memory": initial_state(optimizer, params), "seen": torch.zeros(())}
    return {"params": params, "state": state}


def step(
    params: dict, state: dict, batch: dict, hyper: dict, *, depth: int, activation: str, optimizer
) -> dict:
    """One step of the optimizer on the mean cross-entropy of a batch, and the penalties."""
    weights, seen = next_batch(batch["used"], state["seen"], hyper["batch_size"])
    leaves = {name: p.detach().requires_grad_() for name, p in params.items()}
    loss = loss_of(logits(leaves, batch["X"], depth, activation), batch["y"], weights)
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


def view(params: dict, batch: dict, hyper: dict, *, depth: int, activation: str) -> dict:
    """Probability map, tiles and lines of the network, losses, accuracy, and the points."""
    y, y_test, used = batch["y"], batch["y_test"], batch["used"]
    train, test, around = (
        logits(params, batch[name], depth, activation) for name in ("X", "X_test", "X_map")
    )
    share = torch.sigmoid(around).reshape(CELLS, CELLS)
    rounded = (share > 0.5).to(torch.float32)
    _, heights = edges(len(INPUTS))
    return {
        "tiles": network_tiles(params, network(depth, activation), depth, batch["X_tiles"]),
        "layers": layer_names(depth),
        **edge_heights(edge_weights(params, depth), heights),
        "map": torch.where(hyper["rounded"] > 0, rounded, share),
        "training_loss": loss_of(train, y, used / used.sum().clamp(min=1)),
        "test_loss": loss_of(test, y_test, torch.ones(NUM_TEST) / NUM_TEST),
        "accuracy": ((test > 0) == (y_test > 0.5)).to(torch.float32).mean(),
        **of_each_class("", batch["places"][:NUM_SHOWN], y, used > 0),
        **of_each_class("test_", batch["places"][NUM_SHOWN:], y_test, hyper["show_test"] > 0),
    }


def network_tiles(params: dict, module: nn.Sequential, depth: int, X: Tensor) -> Tensor:
    """The pictures of the inputs X, at `tile_points`, and of all units, side by side."""
    return torch.cat([input_tiles(X), unit_tiles(params, module, depth, X)], dim=1)


def of_each_class(prefix: str, X: Tensor, y: Tensor, shown: Tensor) -> dict[str, Tensor]:
    """Coordinates (n,) of the points of each class; those of others wait where nobody sees them."""
    named = {}
    for label in (0, 1):
        there = shown & ((y > 0.5) == bool(label))
        for axis in (0, 1):
            named[f"{prefix}x{axis + 1}_of_{label}"] = torch.where(there, X[:, axis], UNSEEN)
    return named


def logits(params: dict, X: Tensor, depth: int, activation: str) -> Tensor:
    """The network's output for its seven inputs (n, 7), (n,)."""
    return functional_call(network(depth, activation), params, (X,)).squeeze(1)


def loss_of(logits: Tensor, y: Tensor, weights: Tensor) -> Tensor:
    """Weighted sum of the cross-entropies, nats."""
    return (weights * F.binary_cross_entropy_with_logits(logits, y, reduction="none")).sum()


@cache
def network(depth: int, activation: str) -> nn.Sequential:
    """The module; its own parameters are never used, so every width can be called with it."""
    sizes = [len(INPUTS), *[1] * depth, 1]
    return mlp(sizes, ACTIVATIONS[activation]).requires_grad_(False)


def figure() -> Figure:
    """The empty figure of the playground."""
    counts = (NUM_SHOWN, NUM_TEST)
    return playground_figure(map_grid(LIMIT, CELLS)[0], counts, INPUTS)


PLAYGROUND = Experiment(
    data,
    start,
    step,
    view,
    # Programs stand in this order: neighbours differ in the activation and compress well.
    structure=("data_set", "optimizer", "depth", "activation"),
    sizes={"width": 17},
    ints=("seed",),
    numbers=("lr", "weight_decay", "l1", "batch_size", "rounded", "show_test", "noise",
             "num_train", "inputs"),
    restart=("noise", "num_train", "inputs"),
    own_points=NUM_OWN,
)  # fmt: skip
SLOTS = {
    "units/z": "tiles",
    "layers/y": "layers",
    **{f"{name}/y": name for name in EDGE_NAMES},
    "map/z": "map",
    **{
        f"{kind}class {label}/{axis}": f"{prefix}x{number}_of_{label}"
        for kind, prefix in (("", ""), ("test, ", "test_"))
        for label in (0, 1)
        for axis, number in (("x", 1), ("y", 2))
    },
}
CURVES = {"training loss": "training_loss", "test loss": "test_loss"}
STATUS = (
    "Step {num_steps:,}: training loss {training_loss:.2g}, test loss {test_loss:.2g}, "
    "{accuracy:.1%} of the test points right."
)
DEFAULTS = {
    "data_set": "moons",
    "noise": 0.1,
    "depth": 2,
    "width": 8,
    "activation": "tanh",
    "optimizer": "sgd",
    "lr": 0.1,
    "weight_decay": 0.0,
    "l1": 0.0,
    "batch_size": 0,
    "inputs": 3,
    "num_train": NUM_TRAIN,
    "rounded": False,
    "show_test": False,
    "seed": 0,
}


def trained(
    num_steps: int, *, points: Sequence[tuple[float, float, int]] = (), **settings
) -> TorchRun:
    """The playground's run after `num_steps` steps, at `DEFAULTS` with changes.

    `points` are one's own, (x1, x2, class) each.

    Raises `ValueError` for a setting that the playground does not have.
    """
    return trained_run(PLAYGROUND, DEFAULTS, num_steps, settings, points)


def answer(run: TorchRun, x1: float, x2: float) -> float:
    """The probability of class 1 that a run's network gives at a place."""
    X = inputs(torch.tensor([[x1, x2]]), run.tensors["hyper"])
    settings = run.settings
    output = logits(run.tensors["params"], X, settings["depth"], settings["activation"])
    return float(torch.sigmoid(output))


def accuracies(num_steps: int, *, num_seeds: int = 5, **settings) -> list[float]:
    """The share of test points right after `num_steps` steps, for seeds 0, 1, ..."""
    runs = (trained(num_steps, seed=seed, **settings) for seed in range(num_seeds))
    return [round(float(run.view()["accuracy"]), 3) for run in runs]
