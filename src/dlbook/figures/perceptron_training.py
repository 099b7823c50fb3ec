"""A perceptron that learns one mistake at a time, inside the wedge of its proof."""

import math

import torch
from torch import Tensor

from dlbook.compile.experiment import Experiment, TorchRun, trained_run
from dlbook.datasets.separable import strips
from dlbook.figures.perceptron import ANGLE, NUM_POINTS, W_STAR
from dlbook.figures.point_places import CLASS_SLOTS, UNSEEN, line_ends, of_each_class, with_own
from dlbook.models.perceptron import next_mistake
from dlbook.plots import Figure
from dlbook.plots.half_planes import HEAD
from dlbook.plots.perceptron_training import WEDGE, perceptron_figure
from dlbook.random import integers

LIMIT = 1.4  # of the picture
ARROW_SCALE = 0.5  # the weights outgrow the points: arrows are drawn at half their length
NUM_OWN = 20
DIRECTIONS = 7_200  # among which w* is looked for, every 0.05°
REACH = 4 * LIMIT
PICKS = 1_000_000  # from this stream on: a random pick for each step
BELOW = 1e-9  # where on a logarithmic axis waits what is not there


def data(hyper: dict, points: dict, seed: int) -> dict[str, Tensor]:
    """Two strips and the reader's own points, labels ±1; the proof's w*, γ/2 and R."""
    X, y = strips(NUM_POINTS, 0.0, seed=seed, angle=ANGLE)
    X = X + hyper["margin"] * (2.0 * y - 1)[:, None] * W_STAR
    X, y, used = with_own(X, y, points)
    sign = 2 * y - 1
    w_star, half_gap = best_direction(X, sign, used)
    radius = (used * X.square().sum(dim=1).sqrt()).amax()
    return {"X": X, "y": sign, "used": used, "w_star": w_star, "half": half_gap, "R": radius}


def best_direction(X: Tensor, y: Tensor, used: Tensor) -> tuple[Tensor, Tensor]:
    """Of `DIRECTIONS` unit vectors the one with the largest margin min y_n x_n·w, and that margin.

    The margin is negative where no line through the origin parts the points.
    """
    angles = torch.arange(DIRECTIONS) * (2 * math.pi / DIRECTIONS)
    directions = torch.stack([torch.cos(angles), torch.sin(angles)])  # (2, directions)
    room = torch.where(used[:, None] > 0, (y[:, None] * X) @ directions, torch.inf)
    margins = room.amin(dim=0)
    chosen = (torch.arange(DIRECTIONS) == margins.argmax()).to(torch.float32)
    return directions @ chosen, margins.amax()


def start() -> dict:
    """w = 0; what it was before, the place of the turn, and the last mistake."""
    state = {"before": torch.zeros(2), "place": torch.zeros(()), "updates": torch.zeros(())}
    state["last"] = torch.zeros(NUM_POINTS + NUM_OWN)
    return {"params": {"w": torch.zeros(2)}, "state": state}


def step(params: dict, state: dict, batch: dict, seed: int, num_steps: int, *, order: str) -> dict:
    """Add y_n x_n for one mistake n; the loss is the share of points that were wrong."""
    w, used = params["w"], batch["used"]
    signed = batch["y"][:, None] * batch["X"]
    wrong = mistakes(signed, w, used)
    pick = integers(2**20, 1, seed=seed, stream=PICKS + num_steps)[0]
    n = next_mistake(signed @ w, wrong, order, place=state["place"], pick=pick)
    last = ((torch.arange(len(used)) == n) & wrong).to(torch.float32)
    new = w + last @ signed
    state = {
        "before": w,
        "place": n + 1.0,
        "updates": state["updates"] + last.sum(),
        "last": last,
    }
    loss = wrong.to(torch.float32).sum() / used.sum()
    done = 1.0 - mistakes(signed, new, used).to(torch.float32).amax()
    return {"params": {"w": new}, "state": state, "loss": loss, "done": done}


def mistakes(signed: Tensor, w: Tensor, used: Tensor) -> Tensor:
    """The points with y_n (w·x_n) <= 0, bool (n,)."""
    return (used > 0) & (signed @ w <= 0)


def view(params: dict, state: dict, batch: dict) -> dict[str, Tensor]:
    """The turning arrow, the points and their rings, and the lines of the proof."""
    w, X, used = params["w"], batch["X"], batch["used"]
    wrong = mistakes(batch["y"][:, None] * X, w, used)
    last = state["last"]
    place = torch.where(last.sum() > 0, last @ X, UNSEEN)
    return {
        **plane_view(ARROW_SCALE * state["before"], ARROW_SCALE * w, wrong, X),
        "mistake_x1": place[:1],
        "mistake_x2": place[1:],
        **of_each_class(X, batch["y"], used > 0),
        **proof_view(w, state["updates"], batch),
        "wrong": wrong.to(torch.float32).sum(),
        "count": used.sum(),
        "updates": state["updates"],
        **situation(state["updates"], wrong, batch["half"]),
    }


def situation(updates: Tensor, wrong: Tensor, half: Tensor) -> dict[str, Tensor]:
    """Which sentence of `STATUS_WHERE` holds: the first one that is above 0, if any."""
    new, parted = updates == 0, half > 0
    holds = {
        "hopeless_before": new & ~parted,
        "before": new,
        "hopeless": ~parted,
        "settled": wrong.to(torch.float32).amax() == 0,
    }
    return {name: value.to(torch.float32) for name, value in holds.items()}


def plane_view(before: Tensor, w: Tensor, wrong: Tensor, X: Tensor) -> dict[str, Tensor]:
    """Sides, line and arrows of the picture, and where rings stand."""
    x1, x2 = line_ends(w, 0.0, REACH)
    away = REACH * w / w.square().sum().sqrt().clamp(min=1e-12)
    named = {"line_x1": x1, "line_x2": x2}
    for label, side in ((0, -away), (1, away)):
        named[f"side_{label}_x1"] = torch.cat([x1, x1.flip(0) + side[0]])
        named[f"side_{label}_x2"] = torch.cat([x2, x2.flip(0) + side[1]])
    zero = torch.zeros(2)
    for name, ends in (("before", (zero, before)), ("added", (before, w)), ("w", (zero, w))):
        path = arrow_path(*ends)
        named |= {f"{name}_x1": path[:, 0], f"{name}_x2": path[:, 1]}
    rings = torch.where(wrong[:, None], X, UNSEEN)
    return named | {"ring_x1": rings[:, 0], "ring_x2": rings[:, 1]}


def arrow_path(start: Tensor, end: Tensor) -> Tensor:
    """An arrow as one path, (5, 2): start, tip, one wing, tip, the other."""
    along = end - start
    length = along.square().sum().sqrt()
    u = along / length.clamp(min=1e-12)
    aside = torch.stack([-u[1], u[0]])
    head = torch.minimum(length * 0.6, torch.tensor(2 * HEAD * LIMIT))
    wings = [end - head * (u + side * 0.45 * aside) for side in (1, -1)]
    return torch.stack([start, end, wings[0], end, wings[1]])


def proof_view(w: Tensor, k: Tensor, batch: dict) -> dict[str, Tensor]:
    """k γ/2 <= w·w* <= ‖w‖ <= R √k: the lines, their tip and their names, and where w is."""
    half, R, updates = batch["half"], batch["R"], torch.tensor(WEDGE, dtype=torch.float32)
    parted = half > 0
    bound = torch.where(parted, (R / half.clamp(min=1e-9)).square(), 0.0)
    length, progress = w.square().sum().sqrt(), w @ batch["w_star"]
    ones = torch.ones(1)
    along = torch.where(parted & (progress > 0), progress, torch.nan)
    name_x = torch.cat([1.6 * ones, 2.2 * ones, bound.clamp(min=BELOW).reshape(1)])
    name_y = torch.cat([2.66 * R * ones, (2.2 / 2.4) * half * ones, (bound * half / 2.8) * ones])
    return {
        "above": R * updates.sqrt(),
        "below": torch.where(parted, half, BELOW) * updates,
        "end_x": bound.clamp(min=BELOW).reshape(1),
        "end_y": (bound * half).clamp(min=BELOW).reshape(1),
        "name_x": name_x,
        "name_y": name_y.clamp(min=BELOW),
        "now_x": k.clamp(min=BELOW).reshape(1),
        "length_now": length.clamp(min=BELOW).reshape(1),
        "progress_now": torch.where(parted, progress, 0.0).clamp(min=BELOW).reshape(1),
        "length": torch.where(length > 0, length, torch.nan),
        "progress": along,
        "lower": k * half,
        "upper": R * k.sqrt(),
        "bound": torch.floor(bound),
    }


def figure() -> Figure:
    """The empty figure."""
    return perceptron_figure(LIMIT, NUM_POINTS + NUM_OWN)


PERCEPTRON_TRAINING = Experiment(
    data,
    start,
    step,
    view,
    structure=("order",),
    numbers=("margin",),
    restart=("margin",),
    own_points=NUM_OWN,
)
_PATHS = {
    "side 0": "side_0", "side 1": "side_1", "line": "line", "w before": "before",
    "± mistake": "added", "w": "w", "wrong now": "ring", "the mistake": "mistake",
}  # fmt: skip
SLOTS = {
    **{f"{t}/{axis}": f"{n}_x{k}" for t, n in _PATHS.items() for axis, k in (("x", 1), ("y", 2))},
    **CLASS_SLOTS,
    "above/y": "above",
    "below/y": "below",
    "end/x": "end_x",
    "end/y": "end_y",
    "names/x": "name_x",
    "names/y": "name_y",
    "‖w‖ now/x": "now_x",
    "‖w‖ now/y": "length_now",
    "w·w* now/x": "now_x",
    "w·w* now/y": "progress_now",
}
CURVES = {"‖w‖": "length", "w·w*": "progress"}
_BEFORE = "Before the first update w is 0 and all {count:.0f} points count as wrong"
_PROOF = (
    "w·w* is {progress:.2f}, at least {lower:.2f}; ‖w‖ is {length:.2f}, at most {upper:.2f}; "
    "no order takes more than {bound:,.0f}."
)
_NEVER = "no line through the origin parts these points, so there is no bound"
STATUS = "Update {updates:.0f}: {wrong:.0f} of {count:.0f} points are wrong. " + _PROOF
STATUS_WHERE = {
    "hopeless_before": _BEFORE + "; " + _NEVER + ".",
    "before": _BEFORE + "; no order takes more than {bound:,.0f} updates.",
    "hopeless": "Update {updates:,.0f}: {wrong:.0f} of {count:.0f} points are wrong; "
    + _NEVER
    + ", and the run never settles.",
    "settled": "Update {updates:.0f}: no point is wrong, and the run is over. " + _PROOF,
}
DEFAULTS = {"margin": 0.02, "order": "in turn", "seed": 0}


def trained(num_steps: int, *, points=(), **settings) -> TorchRun:
    """The run after `num_steps` updates, fewer where it settles, at `DEFAULTS` with changes.

    `points` are one's own, (x1, x2, class) each.

    Raises `ValueError` for a setting that the experiment does not have.
    """
    return trained_run(PERCEPTRON_TRAINING, DEFAULTS, num_steps, settings, points)
