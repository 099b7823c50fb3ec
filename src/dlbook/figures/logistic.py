"""Logistic regression while it trains: who still pulls, and what still grows."""

import torch
from torch import Tensor

from dlbook import random
from dlbook.compile.experiment import Experiment, TorchRun, trained_run
from dlbook.datasets.noise import JITTER
from dlbook.datasets.toy_classification import blobs, mirrored_away, two_gaussians
from dlbook.figures.point_places import CLASS_SLOTS, line_ends, of_each_class, with_own
from dlbook.models import logistic_regression as lr
from dlbook.plots import Figure
from dlbook.plots.decision_map import map_grid
from dlbook.plots.logistic import logistic_figure

LIMIT, CELLS = 2.2, 44
NUM_POINTS, NUM_OWN = 100, 20
DATA_SETS = ("apart", "one wrong label", "overlapping")
START_STREAM = 1  # of the random normal start
MEMORY = 0.95  # of the share of the latest steps in which the loss rose
ROUNDING = 1e-5  # relative; float32 changes the mean of a hundred losses by less
SMALLEST, LARGEST = 4.0, 22.0  # marker sizes: of a sample that doesn't pull, of the strongest


def data(hyper: dict, points: dict, seed: int, *, data_set: str) -> dict[str, Tensor]:
    """Design matrix, labels ±1 and weights of the samples, those of the reader's own among them."""
    X, y = clouds(data_set, hyper["spread"], seed)
    X, y, used = with_own(X, y, points)
    A = torch.nn.functional.pad(X, (0, 1), value=1.0)
    return {"A": A, "y": 2 * y - 1, "weights": used / used.sum()}


def clouds(data_set: str, spread: Tensor | float, seed: int) -> tuple[Tensor, Tensor]:
    """Two clouds of samples (100, 2) and labels 0 or 1 (100,).

    Args:
        data_set: one of `DATA_SETS`; in "one wrong label" the leftmost sample carries class 1.
        spread: 1 as in the text; a factor on the standard deviation of each cloud.
    """
    jitter = random.normal((NUM_POINTS, 2), seed=seed, stream=JITTER)
    if data_set == "overlapping":
        X, y = two_gaussians(NUM_POINTS, noise=0.0, distance=1.6, seed=seed)
        return X + 0.6 * spread * jitter, y
    X, y = blobs(NUM_POINTS, 0.0, seed=seed)
    X = mirrored_away(X + 0.3 * spread * jitter, y, 0.15)
    if data_set == "one wrong label":
        y = torch.where(X[:, 0] == X[:, 0].amin(), 1, y)  # deepest in class 0
    return X, y


def points(data_set: str, *, seed: int = 0) -> tuple[Tensor, Tensor]:
    """The samples (100, 2) and labels 0 or 1 (100,) that the explorer starts with."""
    return clouds(data_set, 1.0, seed)


def start(seed: int) -> dict:
    """θ = (w, b), standard normal; of the last loss and of rises the status tells."""
    theta = random.normal(3, seed=seed + 1, stream=START_STREAM)
    state = {"last": torch.full((), torch.inf), "rising": torch.zeros(())}
    return {"params": {"theta": theta}, "state": state}


def step(params: dict, state: dict, batch: dict, hyper: dict) -> dict:
    """One step of gradient descent on the mean loss of all samples."""
    A, y, weights, theta = batch["A"], batch["y"], batch["weights"], params["theta"]
    loss = lr.loss(A, y, theta, weights)
    theta = theta - hyper["lr"] * lr.gradient(A, y, theta, weights)
    rose = (loss > state["last"] * (1 + ROUNDING)).to(torch.float32)
    state = {"last": loss, "rising": MEMORY * state["rising"] + (1 - MEMORY) * rose}
    return {"params": {"theta": theta}, "state": state, "loss": loss}


def view(params: dict, state: dict, batch: dict) -> dict[str, Tensor]:
    """Probabilities, line, samples as large as they pull, and what becomes of loss and w."""
    A, y, weights, theta = batch["A"], batch["y"], batch["weights"], params["theta"]
    used = weights > 0
    pull = torch.where(used, lr.pull(A, y, theta), 0.0)
    around = torch.nn.functional.pad(map_grid(LIMIT, CELLS)[1], (0, 1), value=1.0)
    x1, x2 = line_ends(theta[:2], theta[2], 4 * LIMIT)
    return {
        "map": torch.sigmoid(around @ theta).reshape(CELLS, CELLS),
        "line_x1": x1,
        "line_x2": x2,
        "size": SMALLEST + (LARGEST - SMALLEST) * (pull / pull.amax().clamp(min=1e-30)).sqrt(),
        **of_each_class(A[:, :2], y, used),
        "training_loss": lr.loss(A, y, theta, weights),
        "length": theta[:2].square().sum().sqrt(),
        "wrong": (used & (y * (A @ theta) <= 0)).to(torch.float32).sum(),
        "count": used.to(torch.float32).sum(),
        "five": share_of_largest(pull, 5),
        "rising": state["rising"],
        "too_long": (state["rising"] > 1.5 * (1 - MEMORY)).to(torch.float32),  # one rise is none
    }


def share_of_largest(values: Tensor, count: int) -> Tensor:
    """The part of the sum of values (n,) that the `count` largest of them make up."""
    larger = (values > values[:, None]).to(torch.float32).sum(dim=1)  # than each of them
    return torch.where(larger < count, values, 0.0).sum() / values.sum().clamp(min=1e-30)


def figure() -> Figure:
    """The empty figure."""
    return logistic_figure(map_grid(LIMIT, CELLS)[0], NUM_POINTS + NUM_OWN)


LOGISTIC = Experiment(
    data,
    start,
    step,
    view,
    structure=("data_set",),
    numbers=("lr", "spread"),
    restart=("spread",),
    own_points=NUM_OWN,
)
SLOTS = {
    "map/z": "map",
    "line/x": "line_x1",
    "line/y": "line_x2",
    **CLASS_SLOTS,
    "class 0/marker.size": "size",
    "class 1/marker.size": "size",
}
CURVES = {"loss": "training_loss", "length of w": "length"}
STATUS = (
    "Step {num_steps:,}: {wrong:.0f} of {count:.0f} wrong, loss {training_loss:.2g}, ‖w‖ "
    "{length:.3g}. Five samples make up {five:.0%} of all pull."
)
STATUS_WHERE = {
    "too_long": STATUS + " In {rising:.0%} of the latest steps the loss rose: η is too long."
}
DEFAULTS = {"data_set": "apart", "lr": 10.0, "spread": 1.0, "seed": 0}


def trained(num_steps: int, *, points=(), **settings) -> TorchRun:
    """The run after `num_steps` steps, at `DEFAULTS` with changes.

    `points` are one's own, (x1, x2, class) each.

    Raises `ValueError` for a setting that the experiment does not have.
    """
    return trained_run(LOGISTIC, DEFAULTS, num_steps, settings, points)
