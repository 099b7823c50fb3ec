"""The loss over a plane in the space of a network's parameters, around where training is now.

A point of the plane is θ + a·d₁ + b·d₂. The two directions are drawn at random and then given the
size of the parameters: each unit's weights and bias in d are scaled to the norm of those in θ.
Without that, a network whose weights are large would look flat and one of small weights steep,
though both may compute the same.

Reference: Li, Xu, Taylor, Studer and Goldstein, "Visualizing the loss landscape of neural nets",
NeurIPS 2018, section 4 (there for the filters of convolutions; a row of W is a unit's filter).
"""

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.func import functional_call

from dlbook.compile.experiment import Experiment, TorchRun, trained_run
from dlbook.figures import plane_network as net
from dlbook.optimizers import sgd
from dlbook.plots import loss_surface as picture
from dlbook.plots.decision_map import map_grid
from dlbook.random import normal

NOISE = 0.1
PAIRS = 5  # of directions, all drawn at the start, so that one can turn from one to another
STREAM = 100  # of the draws of directions; those of the first weights are 0 to 5


def data(width: int, seed: int, *, data_set: str) -> dict[str, Tensor]:
    """Training points, and for each parameter its part of every direction, standard normal."""
    batch = net.points(data_set, NOISE)
    directions = {
        name: normal((PAIRS, 2, *shape), seed=seed, stream=STREAM + number)
        for number, (name, shape) in enumerate(net.shapes(width).items())
    }
    return {"X": batch["X"], "y": batch["y"]} | directions


def start(width: int, seed: int) -> dict:
    """The first weights; gradient descent has no memory."""
    return {"params": net.first_weights(width, seed), "state": {}}


def step(params: dict, state: dict, batch: dict, hyper: dict, *, activation: str) -> dict:
    """One step of gradient descent on all points."""
    leaves = {name: p.detach().requires_grad_() for name, p in params.items()}
    loss = loss_at(leaves, batch, activation)
    gradients = torch.autograd.grad(loss, list(leaves.values()))
    grads = dict(zip(leaves, gradients, strict=True))
    params, state = sgd(params, grads, state, {"lr": hyper["lr"]})
    return {"params": params, "state": state, "loss": loss.detach()}


def view(params: dict, batch: dict, hyper: dict, *, activation: str) -> dict[str, Tensor]:
    """The losses on the plane, along its two axes, and the decision map in its middle."""
    surface = losses_on(plane_of(params, batch, hyper), batch, activation)
    surface = surface.reshape(picture.POINTS, picture.POINTS)  # b along the rows
    middle = picture.POINTS // 2
    X, (_, cells) = batch["X"], map_grid(net.LIMIT, picture.CELLS)
    decision = torch.sigmoid(functional_call(net.network(activation), params, (cells,)))
    return {
        "surface": _finer(surface.clamp(*picture.SHOWN).log10()),
        "along_d1": surface[middle],
        "along_d2": surface[:, middle],
        "map": decision.reshape(picture.CELLS, picture.CELLS),
        "training_loss": surface[middle, middle],
        "lowest": surface.amin(),
        "highest": surface.amax(),
        "dimensions": torch.stack([torch.ones_like(p).sum() for p in params.values()]).sum(),
        "x1_of_0": X[0::2, 0],
        "x2_of_0": X[0::2, 1],
        "x1_of_1": X[1::2, 0],
        "x2_of_1": X[1::2, 1],
    }


def plane_of(params: dict, batch: dict, hyper: dict) -> dict[str, Tensor]:
    """θ + a·d₁ + b·d₂ at every point of the plane, a moving fastest: each p as (points, *p.shape).

    a and b go from −r to r, r = hyper["range"], in `picture.POINTS` steps.
    """
    steps = hyper["range"] * (torch.arange(picture.POINTS) / (picture.POINTS // 2) - 1)
    a = steps.expand(picture.POINTS, picture.POINTS).reshape(-1)
    b = steps[:, None].expand(picture.POINTS, picture.POINTS).reshape(-1)
    moved = {}
    for name, d in directions_of(params, batch, hyper["pair"]).items():
        column = [-1] + [1] * params[name].dim()
        moved[name] = params[name] + a.reshape(column) * d[0] + b.reshape(column) * d[1]
    return moved


def directions_of(params: dict, batch: dict, pair: Tensor) -> dict[str, Tensor]:
    """The directions d₁ and d₂ of a pair, scaled unit by unit: for each p (2, *p.shape)."""
    chosen = (torch.arange(PAIRS) == pair).to(torch.float32)
    directions = {}
    for layer in range(net.DEPTH + 1):
        weight, bias = f"{2 * layer}.weight", f"{2 * layer}.bias"
        dW, db = ((batch[n].movedim(0, -1) * chosen).sum(dim=-1) for n in (weight, bias))
        scale = _norms(params[weight], params[bias]) / _norms(dW, db)  # (2, units)
        directions |= {weight: dW * scale[..., None], bias: db * scale}
    return directions


def losses_on(params: dict, batch: dict, activation: str) -> Tensor:
    """The loss of each of many networks, their parameters (networks, ...): (networks,)."""
    return net.losses_of(net.logits(params, batch["X"], activation), batch["y"])


def loss_at(params: dict, batch: dict, activation: str) -> Tensor:
    """The mean cross-entropy of one network, nats."""
    logits = functional_call(net.network(activation), params, (batch["X"],)).squeeze(1)
    return F.binary_cross_entropy_with_logits(logits, batch["y"])


def _norms(W: Tensor, b: Tensor) -> Tensor:
    """Each unit's norm: of its weights, a row of W (..., units, inputs), and bias together."""
    return (W.square().sum(dim=-1) + b.square()).sqrt()


def _finer(values: Tensor) -> Tensor:
    """A grid (n, n) interpolated linearly to (FINE, FINE), corners on corners."""
    n = picture.POINTS
    places = torch.arange(picture.FINE) * ((n - 1) / (picture.FINE - 1))
    hats = (1 - (places[:, None] - torch.arange(n)).abs()).clamp(min=0)  # (FINE, n)
    return hats @ values @ hats.T


def figure():
    """The empty figure."""
    return picture.loss_surface_figure(net.LIMIT, net.NUM_TRAIN // 2)


LOSS_SURFACE = Experiment(
    data,
    start,
    step,
    view,
    structure=("data_set", "activation"),
    sizes={"width": 17},
    ints=("seed",),
    numbers=("lr", "pair", "range"),
)
SLOTS = {
    "surface/z": "surface",
    "along d₁/y": "along_d1",
    "along d₂/y": "along_d2",
    "map/z": "map",
    "class 0/x": "x1_of_0",
    "class 0/y": "x2_of_0",
    "class 1/x": "x1_of_1",
    "class 1/y": "x2_of_1",
}
CURVES = {"training loss": "training_loss"}
STATUS = (
    "Step {num_steps:,}: loss {training_loss:.2g} in the middle, {lowest:.2g} to {highest:.2g} on "
    "this plane: a slice with 2 of the {dimensions:.0f} dimensions that the loss has."
)
DEFAULTS = {
    "data_set": "moons",
    "activation": "tanh",
    "width": 8,
    "lr": 1.0,
    "pair": 0,
    "range": 1.0,
    "seed": 0,
}


def trained(num_steps: int, **settings) -> TorchRun:
    """The run after `num_steps` steps, at `DEFAULTS` with changes.

    Raises `ValueError` for a setting that the experiment does not have.
    """
    return trained_run(LOSS_SURFACE, DEFAULTS, num_steps, settings)


def planes(run: TorchRun) -> list[dict]:
    """What the view shows of the run on each pair of directions; the run stays where it is."""
    settings, views = run.settings, []
    for pair in range(PAIRS):
        run.change(settings | {"pair": pair})
        views.append(run.view())
    run.change(settings)
    return views
