"""Six networks side by side: the same points and settings, six seeds of the first weights."""

import torch
import torch.nn.functional as F
from torch import Tensor

from dlbook.compile.experiment import Experiment, TorchRun, trained_run
from dlbook.figures import plane_network as net
from dlbook.optimizers import OPTIMIZERS, default_hyper, initial_state
from dlbook.plots import side_by_side as picture
from dlbook.plots.decision_map import map_grid

SOLVED = 0.95  # share of the test points right from which a run counts as a success


def data(hyper: dict, *, data_set: str) -> dict[str, Tensor]:
    """The points, the same for all seeds."""
    return net.points(data_set, hyper["noise"])


def start(width: int, seed: int, *, optimizer: str) -> dict:
    """The first weights of seed, seed + 1, ..., seed + 5, one above the other."""
    starts = [net.first_weights(width, seed + number) for number in range(picture.NUM_NETWORKS)]
    params = {name: torch.stack([params[name] for params in starts]) for name in starts[0]}
    return {"params": params, "state": initial_state(optimizer, params)}


def step(
    params: dict, state: dict, batch: dict, hyper: dict, *, activation: str, optimizer
) -> dict:
    """One step of each network on its own loss; "loss" is the mean over those that have one."""
    leaves = {name: p.detach().requires_grad_() for name, p in params.items()}
    losses = net.losses_of(net.logits(leaves, batch["X"], activation), batch["y"])
    gradients = torch.autograd.grad(losses.sum(), list(leaves.values()))  # nobody feels the others
    grads = dict(zip(leaves, gradients, strict=True))
    numbers = default_hyper(optimizer) | {"lr": hyper["lr"]}
    params, state = OPTIMIZERS[optimizer](params, grads, state, numbers)
    return {"params": params, "state": state, "loss": mean_of_finite(losses.detach())}


def view(params: dict, batch: dict, *, activation: str) -> dict[str, Tensor]:
    """Six maps in one picture, the points in each of them, accuracies and losses."""
    train, test = (net.logits(params, batch[name], activation) for name in ("X", "X_test"))
    losses = net.losses_of(train, batch["y"])
    hits = ((test > 0) == (batch["y_test"] > 0.5)).to(torch.float32).sum(dim=1)
    right = hits / test.shape[1]
    maps = torch.sigmoid(net.logits(params, map_grid(net.LIMIT, picture.TILE)[1], activation))
    return {
        "maps": _arranged(maps.reshape(picture.NUM_NETWORKS, picture.TILE, picture.TILE)),
        **_points(batch["X"]),
        **{f"loss {number}": losses[number] for number in range(picture.NUM_NETWORKS)},
        "median_loss": median(losses),
        "percent": hits * (100 / test.shape[1]),  # 200 points: halves are exact
        "solved": (right > SOLVED).to(torch.float32).sum(),
        "best": right.amax(),
        "median": median(right),
        "worst": right.amin(),
    }


def mean_of_finite(losses: Tensor) -> Tensor:
    """The mean of the losses that are finite; NaN when none is, and only then."""
    finite = torch.isfinite(losses)
    return torch.where(finite, losses, 0.0).sum() / finite.to(torch.float32).sum()


def median(values: Tensor) -> Tensor:
    """The median of values (n,), the mean of the two in the middle; what is no number is largest.

    Each value's place in the order is the number of values before it: a program has no sort.
    """
    values = torch.where(torch.isfinite(values), values, torch.inf)
    numbers = torch.arange(len(values))
    earlier = (values == values[:, None]) & (numbers < numbers[:, None])
    places = ((values < values[:, None]) | earlier).to(torch.float32).sum(dim=1)
    middle = [(len(values) - 1) // 2, len(values) // 2]
    low, high = (torch.where(places == place, values, 0.0).sum() for place in middle)
    return (low + high) / 2


def _arranged(maps: Tensor) -> Tensor:
    """Maps (6, TILE, TILE) in two rows, the first one on top; NaN between them."""
    padded = F.pad(maps, (picture.GAP, picture.GAP, picture.SPACE, picture.SPACE), value=torch.nan)
    rows = [
        torch.cat(
            [padded[row * picture.COLUMNS + column] for column in range(picture.COLUMNS)], dim=1
        )
        for row in reversed(range(picture.ROWS))  # a heat map's first row is its lowest
    ]
    return torch.cat(rows, dim=0)


def _points(X: Tensor) -> dict[str, Tensor]:
    """Where the points (n, 2) stand in the picture, all maps one after the other, by class."""
    lower_left = torch.tensor(picture.corners(), dtype=torch.float32)  # (6, 2)
    in_map = (X + net.LIMIT) * (picture.TILE / (2 * net.LIMIT))  # (n, 2), in cells
    places = lower_left[:, None] + in_map  # (6, n, 2)
    return {
        f"x{axis + 1}_of_{label}": places[:, label::2, axis].reshape(-1)  # classes alternate
        for label in (0, 1)
        for axis in (0, 1)
    }


def figure():
    """The empty figure."""
    return picture.side_by_side_figure(net.NUM_TRAIN // 2)


SIDE_BY_SIDE = Experiment(
    data,
    start,
    step,
    view,
    structure=("data_set", "activation", "optimizer"),
    sizes={"width": 17},
    ints=("seed",),
    numbers=("lr", "noise"),
    restart=("noise",),
)
SLOTS = {
    "maps/z": "maps",
    "class 0/x": "x1_of_0",
    "class 0/y": "x2_of_0",
    "class 1/x": "x1_of_1",
    "class 1/y": "x2_of_1",
    "percent/text": "percent",
}
CURVES = {name: f"loss {number}" for number, name in enumerate(picture.LOSS_NAMES)}
CURVES |= {"median": "median_loss"}
STATUS = (
    "Step {num_steps:,}: {solved:.0f} of 6 networks have more than 95% of the test points "
    "right; best {best:.1%}, median {median:.1%}, worst {worst:.1%}."
)
DEFAULTS = {
    "data_set": "xor",
    "noise": 0.0,
    "activation": "ReLU",
    "optimizer": "adam",
    "width": 4,
    "lr": 0.03,
    "seed": 0,
}


def trained(num_steps: int, **settings) -> TorchRun:
    """The six networks after `num_steps` steps, at `DEFAULTS` with changes.

    Raises `ValueError` for a setting that the experiment does not have.
    """
    return trained_run(SIDE_BY_SIDE, DEFAULTS, num_steps, settings)


def living_units(run: TorchRun) -> list[list[int]]:
    """For each network, how many units of each hidden layer are above 0 for some training point.

    A ReLU unit that is 0 for all of them has gradient 0: its own weights cannot wake it.
    """
    h, counts = run.tensors["batch"]["X"], []
    for layer in range(net.DEPTH):
        W, b = (run.tensors["params"][f"{2 * layer}.{kind}"] for kind in ("weight", "bias"))
        h = net.ACTIVATIONS[run.settings["activation"]]()(h @ W.mT + b[:, None])
        counts.append((h > 0).any(dim=1).sum(dim=1))
    return torch.stack(counts, dim=1).tolist()
