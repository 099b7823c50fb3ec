"""A ReLU network that learns two classes, and the pieces of the plane that it learns them with."""

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from dlbook.compile.experiment import Experiment, TorchRun, trained_run
from dlbook.figures.plane_network import LIMIT, NUM_TRAIN, points
from dlbook.models.mlp import layer_parameters, linears, mlp
from dlbook.optimizers import adam, default_hyper, initial_state
from dlbook.plots.creases import CELLS, creases_figure
from dlbook.plots.decision_map import map_grid
from dlbook.plots.linear_regions import BORDER, EDGE, HUES, SHADES
from dlbook.random import uniform

NOISE = 0.05
CODES = 100  # first stream of the numbers by which patterns are told apart


def data(*, data_set: str) -> dict[str, Tensor]:
    """A hundred points of a toy set."""
    batch = points(data_set, NOISE)
    return {"X": batch["X"], "y": batch["y"]}


def start(width: int, seed: int, *, depth: int) -> dict:
    """The weights and biases of `mlp([2, width, ..., width, 1], seed=seed)`."""
    params = {}
    for number in range(depth + 1):
        inputs, outputs = (2 if number == 0 else width), (1 if number == depth else width)
        W, b = layer_parameters(inputs, outputs, seed, number)
        params |= {f"{2 * number}.weight": W, f"{2 * number}.bias": b}
    return {"params": params, "state": initial_state("adam", params)}


def step(params: dict, state: dict, batch: dict, hyper: dict, *, depth: int) -> dict:
    """One step of Adam on the mean cross-entropy of all points."""
    leaves = {name: p.detach().requires_grad_() for name, p in params.items()}
    loss = loss_of(leaves, batch, depth)
    grads = dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values())), strict=True))
    params, state = adam(params, grads, state, default_hyper("adam") | {"lr": hyper["lr"]})
    return {"params": params, "state": state, "loss": loss.detach()}


def view(params: dict, batch: dict, *, depth: int) -> dict[str, Tensor]:
    """The pieces as numbered colours, the edge of the classes on them; answer, points and loss."""
    cells = map_grid(LIMIT, CELLS)[1]
    answer = torch.sigmoid(functional_call(network(depth), params, (cells,)))
    answer = answer.reshape(CELLS, CELLS)
    edge = _jumps((answer > 0.5).to(torch.float32)) > 0.5
    X = batch["X"]
    outputs = functional_call(network(depth), params, (X,)).squeeze(1)
    return {
        "pieces": torch.where(edge, float(EDGE), pattern_colors(params, cells, depth)),
        "answer": answer,
        "training_loss": loss_of(params, batch, depth),
        "accuracy": ((outputs > 0) == (batch["y"] > 0.5)).to(torch.float32).mean(),
        "x1_of_0": X[0::2, 0],
        "x2_of_0": X[0::2, 1],
        "x1_of_1": X[1::2, 0],
        "x2_of_1": X[1::2, 1],
    }


def pattern_colors(params: dict, X: Tensor, depth: int) -> Tensor:
    """A colour number (CELLS, CELLS) for each place: hue by layer 1, shade by the others.

    Every unit has a random number; what the numbers of the units that are on add up to tells
    patterns apart. Where it differs from the next place's, there is a border.
    """
    h, codes = X, []
    for number in range(depth):
        W, b = params[f"{2 * number}.weight"], params[f"{2 * number}.bias"]
        z = h @ W.T + b
        own = uniform(b.shape, seed=0, stream=CODES + number) + 0.1
        codes.append(((z > 0).to(torch.float32) * own).sum(dim=1).reshape(CELLS, CELLS))
        h = torch.relu(z)
    hue = torch.floor(torch.remainder(7.0 * codes[0], 1.0) * HUES)
    later = torch.stack(codes[1:]).sum(dim=0) if depth > 1 else torch.ones_like(hue)
    shade = torch.floor(torch.remainder(5.0 * later, 1.0) * SHADES)
    border = _jumps(codes[0] + 1.37 * later) > 1e-4
    return torch.where(border, float(BORDER), shade * HUES + hue)


def _jumps(z: Tensor) -> Tensor:
    """How far each cell of z (CELLS, CELLS) is from the next one on the right and the one above."""
    right = F.pad((z[:, 1:] - z[:, :-1]).abs(), (0, 1))
    above = F.pad((z[1:] - z[:-1]).abs(), (0, 0, 0, 1))
    return right + above


def loss_of(params: dict, batch: dict, depth: int) -> Tensor:
    """The mean cross-entropy, nats."""
    logits = functional_call(network(depth), params, (batch["X"],)).squeeze(1)
    return F.binary_cross_entropy_with_logits(logits, batch["y"])


@cache
def network(depth: int) -> nn.Sequential:
    """The module; its own parameters are never used, so every width can be called with it."""
    return mlp([2, *[1] * depth, 1]).requires_grad_(False)


def figure():
    """The empty figure."""
    return creases_figure(LIMIT, NUM_TRAIN // 2)


CREASES = Experiment(
    data,
    start,
    step,
    view,
    structure=("data_set", "depth"),
    sizes={"width": 17},
    ints=("seed",),
    numbers=("lr",),
)
SLOTS = {
    "pieces/z": "pieces",
    "answer/z": "answer",
    "class 0/x": "x1_of_0",
    "class 0/y": "x2_of_0",
    "class 1/x": "x1_of_1",
    "class 1/y": "x2_of_1",
}
CURVES = {"training loss": "training_loss"}
STATUS = "Step {num_steps:,}: loss {training_loss:.2g}, {accuracy:.0%} of the points right."
DEFAULTS = {"data_set": "spirals", "depth": 2, "width": 12, "lr": 0.01, "seed": 0}


def trained(num_steps: int, **settings) -> TorchRun:
    """The run after `num_steps` steps, at `DEFAULTS` with changes.

    Raises `ValueError` for a setting that the experiment does not have.
    """
    return trained_run(CREASES, DEFAULTS, num_steps, settings)


def trained_model(run: TorchRun) -> nn.Sequential:
    """The run's network as an `mlp`."""
    params = run.tensors["params"]
    depth = run.settings["depth"]
    width = len(params["0.bias"])
    model = mlp([2, *[width] * depth, 1])
    for number, layer in enumerate(linears(model)):
        layer.weight.data.copy_(params[f"{2 * number}.weight"])
        layer.bias.data.copy_(params[f"{2 * number}.bias"])
    return model.requires_grad_(False)
