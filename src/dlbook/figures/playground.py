"""The playground: a network that learns to tell two classes in the plane apart, step by step."""

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from dlbook.compile.experiment import Experiment, TorchRun
from dlbook.datasets.noise import JITTER
from dlbook.datasets.toy_classification import blobs, circles, moons, spiral, xor
from dlbook.figures.network_view import edge_heights, edge_weights, edges, unit_tiles
from dlbook.models.mlp import mlp
from dlbook.optimizers import OPTIMIZERS, default_hyper, initial_state
from dlbook.plots.decision_map import map_grid
from dlbook.plots.playground import playground_figure
from dlbook.random import normal, uniform

DATA_SETS = {"moons": moons, "circles": circles, "xor": xor, "spirals": spiral, "blobs": blobs}
ACTIVATIONS = {"tanh": nn.Tanh, "ReLU": nn.ReLU, "sigmoid": nn.Sigmoid, "none": nn.Identity}
NUM_TRAIN = 200
LIMIT, CELLS = 1.8, 40
EDGE_NAMES = [f"{sign} {level}" for sign in ("positive", "negative") for level in range(3)]


def data(hyper: dict, seed: int, *, data_set: str) -> dict[str, Tensor]:
    """Training and test points of a toy set, with Gaussian jitter of hyper["noise"]."""
    X, y = DATA_SETS[data_set](2 * NUM_TRAIN, 0.0, seed=seed)
    X = X + hyper["noise"] * normal((2 * NUM_TRAIN, 2), seed=seed, stream=JITTER)
    y = y.to(torch.float32)
    return {
        "X": X[:NUM_TRAIN],
        "y": y[:NUM_TRAIN],
        "X_test": X[NUM_TRAIN:],
        "y_test": y[NUM_TRAIN:],
    }


def start(width: int, seed: int, *, depth: int, optimizer: str) -> dict:
    """Weights and biases from U(−1/√n, 1/√n), n the inputs of the layer; an empty memory."""
    params = {}
    for number in range(depth + 1):
        num_inputs = 2 if number == 0 else width
        num_outputs = 1 if number == depth else width
        bound = torch.ones(num_inputs).sum().rsqrt()
        shapes = {"weight": (num_outputs, num_inputs), "bias": (num_outputs,)}
        for stream, (name, shape) in enumerate(shapes.items(), 2 * number):
            draws = uniform(shape, seed=seed, stream=stream)
            params[f"{2 * number}.{name}"] = bound * (2 * draws - 1)
    return {"params": params, "state": initial_state(optimizer, params)}


def step(
    params: dict, state: dict, batch: dict, hyper: dict, *, depth: int, activation: str, optimizer
) -> dict:
    """One step of the optimizer on the mean cross-entropy of all training points."""
    leaves = {name: p.detach().requires_grad_() for name, p in params.items()}
    loss = loss_of(logits(leaves, batch["X"], depth, activation), batch["y"])
    gradients = torch.autograd.grad(loss, list(leaves.values()))
    grads = dict(zip(leaves, gradients, strict=True))
    numbers = default_hyper(optimizer) | {k: hyper[k] for k in ("lr", "weight_decay")}
    params, state = OPTIMIZERS[optimizer](params, grads, state, numbers)
    return {"params": params, "state": state, "loss": loss.detach()}


def view(params: dict, batch: dict, *, depth: int, activation: str) -> dict[str, Tensor]:
    """Probability map, losses, accuracy, and the points of each class (they alternate)."""
    train, test = (logits(params, batch[name], depth, activation) for name in ("X", "X_test"))
    map_logits = logits(params, _grid(), depth, activation)
    X, lines = batch["X"], torch.tensor(edges()[:, [1, 3]], dtype=torch.float32)
    return {
        "tiles": unit_tiles(params, network(depth, activation), depth, LIMIT),
        **edge_heights(edge_weights(params, depth), lines),
        "map": torch.sigmoid(map_logits).reshape(CELLS, CELLS),
        "training_loss": loss_of(train, batch["y"]),
        "test_loss": loss_of(test, batch["y_test"]),
        "accuracy": ((test > 0) == (batch["y_test"] > 0.5)).to(torch.float32).mean(),
        "x1_of_0": X[0::2, 0],
        "x2_of_0": X[0::2, 1],
        "x1_of_1": X[1::2, 0],
        "x2_of_1": X[1::2, 1],
    }


def logits(params: dict, X: Tensor, depth: int, activation: str) -> Tensor:
    """The network's output, (n,)."""
    return functional_call(network(depth, activation), params, (X,)).squeeze(1)


def loss_of(logits: Tensor, y: Tensor) -> Tensor:
    """Mean cross-entropy, nats."""
    return F.binary_cross_entropy_with_logits(logits, y)


@cache
def network(depth: int, activation: str) -> nn.Sequential:
    """The module; its own parameters are never used, so every width can be called with it."""
    return mlp([2, *[1] * depth, 1], ACTIVATIONS[activation]).requires_grad_(False)


def _grid() -> Tensor:
    """The centres of the map's cells, (CELLS², 2), x1 moving fastest."""
    centers = (torch.arange(CELLS) + 0.5) * (2 * LIMIT / CELLS) - LIMIT
    x1, x2 = centers.expand(CELLS, CELLS), centers[:, None].expand(CELLS, CELLS)
    return torch.stack([x1, x2], dim=2).reshape(CELLS * CELLS, 2)


def figure():
    """The empty figure of the playground."""
    return playground_figure(map_grid(LIMIT, CELLS)[0], NUM_TRAIN // 2, edges())


PLAYGROUND = Experiment(
    data,
    start,
    step,
    view,
    structure=("data_set", "depth", "activation", "optimizer"),
    sizes={"width": 17},
    ints=("seed",),
    numbers=("lr", "weight_decay", "noise"),
    restart=("noise",),
)
SLOTS = {
    "units/z": "tiles",
    **{f"{name}/y": name for name in EDGE_NAMES},
    "map/z": "map",
    "class 0/x": "x1_of_0",
    "class 0/y": "x2_of_0",
    "class 1/x": "x1_of_1",
    "class 1/y": "x2_of_1",
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
    "lr": 0.3,
    "weight_decay": 0.0,
    "seed": 0,
}


def trained(num_steps: int, **settings) -> TorchRun:
    """The playground's run after `num_steps` steps, at `DEFAULTS` with changes.

    Raises `ValueError` for a setting that the playground does not have.
    """
    unknown = settings.keys() - DEFAULTS
    if unknown:
        raise ValueError(
            f"no setting {', '.join(sorted(unknown))}; there are {', '.join(DEFAULTS)}"
        )
    run = TorchRun(PLAYGROUND, DEFAULTS | settings)
    run.step(num_steps)
    return run


def accuracies(num_steps: int, *, num_seeds: int = 5, **settings) -> list[float]:
    """The share of test points right after `num_steps` steps, for seeds 0, 1, ..."""
    runs = (trained(num_steps, seed=seed, **settings) for seed in range(num_seeds))
    return [round(float(run.view()["accuracy"]), 3) for run in runs]
