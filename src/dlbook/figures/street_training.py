"""A soft-margin SVM while subgradient steps train it: street, support vectors, hinge, objective."""

import torch
from torch import Tensor

from dlbook.compile.experiment import Experiment, TorchRun, trained_run
from dlbook.datasets.noise import JITTER
from dlbook.datasets.toy_classification import blobs
from dlbook.figures.point_places import CLASS_SLOTS, UNSEEN, line_ends, of_each_class, with_own
from dlbook.losses import hinge
from dlbook.models.linear_svm import svm_subgradient
from dlbook.plots import Figure
from dlbook.plots.street_training import MARGINS, street_figure
from dlbook.random import normal

LIMIT, REACH = 2.4, 12.0  # of the picture; of the street's lines from their feet
NUM_POINTS, NUM_OWN = 60, 20
COUNT = NUM_POINTS + NUM_OWN
WARM_UP = 200  # steps before points are thrown away for good
SLACK = 0.05  # a point within this of the kerb counts as standing on it: training jitters


def data(hyper: dict, points: dict, seed: int) -> dict[str, Tensor]:
    """Two clouds and the reader's own points, labels ±1, and which of them are there."""
    X, y = blobs(NUM_POINTS, 0.0, seed=seed)
    X = X + hyper["noise"] * normal((NUM_POINTS, 2), seed=seed, stream=JITTER)
    X, y, used = with_own(X, y, points)
    return {"X": X, "y": 2 * y - 1, "used": used}


def start() -> dict:
    """No street yet, all points kept, no step done."""
    params = {"w": torch.zeros(2), "b": torch.zeros(())}
    return {"params": params, "state": {"t": torch.zeros(()), "kept": torch.ones(COUNT)}}


def step(params: dict, state: dict, batch: dict, hyper: dict) -> dict:
    """A subgradient step, of length 1/(2λ + 0.2), or that divided by √t."""
    w, b, lam = params["w"], params["b"], hyper["penalty"]
    X, y, used = batch["X"], batch["y"], batch["used"]
    alpha, t = y * (X @ w + b), state["t"] + 1
    resting = torch.maximum((alpha <= 1 + SLACK).to(torch.float32), 1 - used)
    fixed = (hyper["only"] > 0) & (t > WARM_UP)
    kept = torch.where(fixed, state["kept"], resting)
    weights = shares(batch, state, hyper)
    loss = lam * w.square().sum() + (weights * hinge(alpha)).sum()
    slope_w, slope_b = svm_subgradient(X, y, w, b, lam, weights)
    lr = 1 / (2 * lam + 0.2) / torch.where(hyper["shrink"] > 0, t, 1.0).sqrt()
    params = {"w": w - lr * slope_w, "b": b - lr * slope_b}
    return {"params": params, "state": {"t": t, "kept": kept}, "loss": loss}


def shares(batch: dict, state: dict, hyper: dict) -> Tensor:
    """What each point counts in the objective, (n,): 1/N, or 0 if it is not there or thrown away.

    N is the number of all points, also where only support vectors are kept.
    """
    kept = torch.where(hyper["only"] > 0, state["kept"], 1.0)
    return kept * batch["used"] / batch["used"].sum()


def view(params: dict, state: dict, batch: dict, hyper: dict) -> dict[str, Tensor]:
    """Street, points, support vectors, the points on the hinge, and the objective's parts."""
    w, b, X, y = params["w"], params["b"], batch["X"], batch["y"]
    weights, alpha = shares(batch, state, hyper), y * (X @ w + b)
    shown = weights > 0
    rests = shown & (alpha <= 1 + SLACK)
    length = w.square().sum().sqrt()
    size, price = hyper["penalty"] * w.square().sum(), (weights * hinge(alpha)).sum()
    on_axis = alpha.clamp(*MARGINS)
    on_hinge = of_each_class(torch.stack([on_axis, hinge(on_axis)], dim=1), y, shown)
    return {
        **street(w, b),
        **of_each_class(X, y, shown),
        "ring_x1": torch.where(rests, X[:, 0], UNSEEN),
        "ring_x2": torch.where(rests, X[:, 1], UNSEEN),
        **{f"hinge_{name}": values for name, values in on_hinge.items()},
        "objective": size + price,
        "size": size,
        "price": price,
        "width": 2 / length.clamp(min=1e-12),
        "resting": rests.to(torch.float32).sum(),
        "count": shown.to(torch.float32).sum(),
        "wrong": (shown & (alpha <= 0)).to(torch.float32).sum(),
        "nowhere": (length == 0).to(torch.float32),
    }


def street(w: Tensor, b: Tensor) -> dict[str, Tensor]:
    """Ends of both kerbs and of the middle, and the corners of the street between the kerbs."""
    (low1, low2), (high1, high2) = (line_ends(w, b + side, REACH) for side in (1.0, -1.0))
    x1, x2 = line_ends(w, b, REACH)
    return {
        "low_x1": low1,
        "low_x2": low2,
        "high_x1": high1,
        "high_x2": high2,
        "middle_x1": x1,
        "middle_x2": x2,
        "street_x1": torch.cat([low1, high1.flip(0)]),
        "street_x2": torch.cat([low2, high2.flip(0)]),
    }


def figure() -> Figure:
    """The empty figure."""
    return street_figure(LIMIT, COUNT)


STREET_TRAINING = Experiment(
    data,
    start,
    step,
    view,
    numbers=("penalty", "noise", "only", "shrink"),
    restart=("noise",),
    own_points=NUM_OWN,
)
_LINES = {"edge -1": "low", "edge 1": "high", "middle of the street": "middle", "street": "street"}
SLOTS = {
    **{f"{t}/{axis}": f"{n}_x{k}" for t, n in _LINES.items() for axis, k in (("x", 1), ("y", 2))},
    **CLASS_SLOTS,
    "support vectors/x": "ring_x1",
    "support vectors/y": "ring_x2",
    **{slot.replace("class", "on the hinge"): f"hinge_{x}" for slot, x in CLASS_SLOTS.items()},
}
CURVES = {"objective": "objective", "λ‖w‖²": "size", "mean hinge": "price"}
STATUS = (
    "Step {num_steps:,}: objective {objective:.4f}. The street is {width:.2f} wide and rests on "
    "{resting:.0f} of {count:.0f} points; on the wrong side of its middle: {wrong:.0f}."
)
STATUS_WHERE = {
    "nowhere": "Before the first step w is 0: there is no street yet, and all {count:.0f} points "
    "pull."
}
DEFAULTS = {"penalty": 0.01, "noise": 0.6, "only": False, "shrink": True, "seed": 0}


def trained(num_steps: int, *, points=(), **settings) -> TorchRun:
    """The run after `num_steps` steps, at `DEFAULTS` with changes.

    `points` are one's own, (x1, x2, class) each.

    Raises `ValueError` for a setting that the experiment does not have.
    """
    return trained_run(STREET_TRAINING, DEFAULTS, num_steps, settings, points)
