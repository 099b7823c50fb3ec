"""Six optimizers train the same small network from the same first weights, side by side."""

import torch
import torch.nn.functional as F
from torch import Tensor

from dlbook.compile.experiment import Experiment, TorchRun, trained_run
from dlbook.figures import plane_network as net
from dlbook.figures import side_by_side as six
from dlbook.figures.playground import next_batch
from dlbook.models.optimizer_race import WORDS
from dlbook.optimizers import OPTIMIZERS, default_hyper, initial_state
from dlbook.plots import Figure
from dlbook.plots.optimizer_styles import STYLES
from dlbook.plots.side_by_side import side_by_side_figure

ACTIVATION = "tanh"
RACERS = ("sgd", "momentum", "adagrad", "rmsprop", "adadelta", "adam")

# The rate with the lowest median loss after 300 steps on all points, of 0.001 to 10 in quarters of
# a decade, for networks of width 8 with the first weights of seeds 10 to 14; in RACERS' order.
BEST_RATES = {
    "moons": (3.16, 1.78, 0.316, 0.0316, 10.0, 0.178),
    "circles": (3.16, 1.78, 0.316, 0.178, 10.0, 0.1),
    "spirals": (3.16, 1.0, 0.562, 0.0562, 10.0, 0.316),
}


def data(hyper: dict, *, data_set: str) -> dict[str, Tensor]:
    """The points, the same for all."""
    return net.points(data_set, hyper["noise"])


def start(width: int, seed: int) -> dict:
    """Six times the same first weights, one above the other; six empty memories."""
    first = net.first_weights(width, seed)
    stacked = {name: p.expand(len(RACERS), *p.shape) + 0.0 for name, p in first.items()}
    memories = {name: initial_state(name, first) for name in RACERS}
    return {"params": stacked, "state": {"memories": memories, "seen": torch.zeros(())}}


def step(params: dict, state: dict, batch: dict, hyper: dict, *, data_set: str) -> dict:
    """One step of each optimizer on the same batch; "loss" is the mean of those that have one."""
    used = torch.ones(net.NUM_TRAIN)
    weights, seen = next_batch(used, state["seen"], hyper["batch_size"])
    leaves = {name: p.detach().requires_grad_() for name, p in params.items()}
    losses = losses_of(net.logits(leaves, batch["X"], ACTIVATION), batch["y"], weights)
    slopes = torch.autograd.grad(losses.sum(), list(leaves.values()))
    grads = dict(zip(leaves, slopes, strict=True))
    rates = torch.where(hyper["lr"] > 0, hyper["lr"], torch.tensor(BEST_RATES[data_set]))
    moved, memories = [], {}
    for k, name in enumerate(RACERS):
        mine, slope = ({key: value[k] for key, value in tree.items()} for tree in (params, grads))
        numbers = default_hyper(name) | {"lr": rates[k]}
        after, memories[name] = OPTIMIZERS[name](mine, slope, state["memories"][name], numbers)
        moved.append(after)
    return {
        "params": {name: torch.stack([after[name] for after in moved]) for name in params},
        "state": {"memories": memories, "seen": seen},
        "loss": six.mean_of_finite(losses.detach()),
    }


def losses_of(logits: Tensor, y: Tensor, weights: Tensor) -> Tensor:
    """Each network's weighted sum of cross-entropies, nats: (S,)."""
    y = y.expand(logits.shape)
    return (weights * F.binary_cross_entropy_with_logits(logits, y, reduction="none")).sum(dim=1)


def view(params: dict, batch: dict) -> dict[str, Tensor]:
    """Six maps, the points in each of them, accuracies and losses on all points."""
    return six.view(params, batch, activation=ACTIVATION)


def figure() -> Figure:
    """The empty figure."""
    return side_by_side_figure(net.NUM_TRAIN // 2, {WORDS[name]: STYLES[name] for name in RACERS})


NETWORK_RACE = Experiment(
    data,
    start,
    step,
    view,
    structure=("data_set",),
    sizes={"width": 17},
    ints=("seed",),
    numbers=("lr", "batch_size", "noise"),
    restart=("noise",),
)
CURVES = {f"{WORDS[name]} ": f"loss {number}" for number, name in enumerate(RACERS)}
STATUS = (
    "Step {num_steps:,}: {solved:.0f} of 6 have more than 95% of the test points right; the "
    "median loss is {median_loss:.2g}."
)
DEFAULTS = {
    "data_set": "moons", "width": 8, "lr": 0.0, "batch_size": 0, "noise": 0.1, "seed": 0
}  # fmt: skip


def trained(num_steps: int, **settings) -> TorchRun:
    """The six after `num_steps` steps, at `DEFAULTS` with changes; lr = 0: each its best rate.

    Raises `ValueError` for a setting that the race does not have.
    """
    return trained_run(NETWORK_RACE, DEFAULTS, num_steps, settings)


def losses(num_steps: int, **settings) -> dict[str, float]:
    """Training loss of each, by name."""
    shown = trained(num_steps, **settings).view()
    return {WORDS[name]: float(shown[f"loss {number}"]) for number, name in enumerate(RACERS)}
