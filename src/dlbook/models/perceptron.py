"""The perceptron: a line that each of its mistakes turns, and the proof that it stops."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from dlbook.random import integers, permutation

ORDERS = ("in turn", "at random", "worst first")


def decide(X: Tensor, w: Tensor, b: float = 0.0) -> Tensor:
    """+1 where w·x + b >= 0, else −1, for inputs (n, d); float, shape (n,).

    Reference: Rosenblatt, "The perceptron", 1958.
    """
    return torch.where(X @ w + b >= 0, 1.0, -1.0)


def signed_distance(X: Tensor, w: Tensor, b: float = 0.0) -> Tensor:
    """(w·x + b) / ‖w‖: distance from the plane w·x + b = 0, positive on the side of w, (n,)."""
    return (X @ w + b) / w.norm()


def with_constant(X: Tensor, value: float = 1.0) -> Tensor:
    """The inputs (n, d) with a further one that is always `value`: its weight acts as bias."""
    return torch.nn.functional.pad(X, (0, 1), value=value)


@dataclass(frozen=True)
class PerceptronRun:
    """What happened: `weights` (k + 1, d) from w⁰ = 0 on, `mistakes` (k,) the points that turned
    them, and whether a pass without mistakes was reached."""

    weights: Tensor
    mistakes: Tensor
    converged: bool

    @property
    def num_updates(self) -> int:
        """k."""
        return len(self.mistakes)


def run_perceptron(
    X: Tensor, y: Tensor, *, order: str = "in turn", seed: int = 0, max_updates: int = 10_000
) -> PerceptronRun:
    """Start at w = 0; while y_n (w·x_n) <= 0 for some n, add y_n x_n to w.

    Args:
        X: (n, d) inputs; a bias is a constant input (`with_constant`).
        y: (n,) labels −1 and +1.
        order: which of the mistakes is taken: the next one "in turn", one "at random", or the
            one with the lowest y_n (w·x_n), "worst first".
        seed: of the random order.
        max_updates: give up after so many.

    Raises:
        ValueError: `order` is unknown, or a label is neither −1 nor +1.
    """
    _check(y, order)
    signed = y[:, None].to(X.dtype) * X
    picks = integers(2**31, max_updates, seed=seed).tolist() if order == "at random" else None
    weights, mistakes, place = [torch.zeros_like(X[0])], [], 0
    while len(mistakes) < max_updates:
        margins = signed @ weights[-1]
        if not (margins <= 0).any():
            return PerceptronRun(torch.stack(weights), torch.tensor(mistakes), True)
        pick = picks[len(mistakes)] if picks else 0
        n = int(next_mistake(margins, margins <= 0, order, place=place, pick=pick))
        place = (n + 1) % len(X)
        mistakes.append(n)
        weights.append(weights[-1] + signed[n])
    converged = bool((signed @ weights[-1] > 0).all())
    return PerceptronRun(torch.stack(weights), torch.tensor(mistakes), converged)


def next_mistake(
    margins: Tensor, wrong: Tensor, order: str, *, place: Tensor | int, pick: Tensor | int
) -> Tensor:
    """The number of the mistake that is taken next, a 0-d integer; any number if there is none.

    Args:
        margins: y_n (w·x_n), (n,).
        wrong: which points are mistakes, bool (n,).
        order: "in turn", the first mistake from `place` on; "at random", the one of number `pick`,
            counted from 0 and around; or "worst first", the one with the lowest margin.
        place: where the turn is.
        pick: a whole number.
    """
    count = len(margins)
    match order:
        case "in turn":
            rank = torch.remainder(torch.arange(count) - place, count)
        case "at random":
            numbers = torch.cumsum(wrong, 0) - 1  # of the mistakes
            rank = (numbers - torch.remainder(pick, numbers[-1].clamp(min=0) + 1)).abs()
        case "worst first":
            rank = margins
    return torch.where(wrong, rank, torch.inf).argmin()


def train_in_passes(X: Tensor, y: Tensor, *, max_passes: int = 100) -> tuple[Tensor, list[int]]:
    """The same algorithm as a program for data: pass after pass until one changes nothing.

    Returns:
        the weights after each pass (passes, d), and the number of changes in each.
    """
    w, weights, changes = torch.zeros_like(X[0]), [], []
    while len(changes) < max_passes and (not changes or changes[-1]):
        changes.append(0)
        for x_n, y_n in zip(X, y, strict=True):
            if y_n * torch.dot(w, x_n) <= 0:
                w = w + y_n * x_n
                changes[-1] += 1
        weights.append(w)
    return torch.stack(weights), changes


@dataclass(frozen=True)
class Proof:
    """The four lines of the convergence proof after each update k = 0, 1, ...

    k γ/2 <= w_k·w* <= ‖w_k‖ <= R √k: `lower`, `progress`, `length`, `upper`, each (k + 1,).
    """

    lower: Tensor
    progress: Tensor
    length: Tensor
    upper: Tensor


def margin_along(X: Tensor, y: Tensor, w_star: Tensor) -> float:
    """γ/2 = min_n y_n (x_n·w*) / ‖w*‖, negative if w* makes a mistake."""
    return float((y * signed_distance(X, w_star)).min())


def mistake_bound(X: Tensor, y: Tensor, w_star: Tensor) -> float:
    """4R²/γ²: no run makes more updates, whatever the order.

    Args:
        X, y: (n, d) and labels ±1 (n,).
        w_star: (d,) a direction that separates them.

    Raises:
        ValueError: w* does not separate the points.

    Reference: Novikoff, "On convergence proofs on perceptrons", 1962.
    """
    margin = margin_along(X, y, w_star)
    if margin <= 0:
        raise ValueError(f"w* must separate the points; its margin is {margin:.3g}")
    return float(X.norm(dim=1).max() / margin) ** 2


def track_proof(run: PerceptronRun, X: Tensor, y: Tensor, w_star: Tensor) -> Proof:
    """The inequalities of the proof along a run."""
    k = torch.arange(run.num_updates + 1, dtype=X.dtype)
    return Proof(
        lower=k * margin_along(X, y, w_star),
        progress=run.weights @ (w_star / w_star.norm()),
        length=run.weights.norm(dim=1),
        upper=X.norm(dim=1).max() * k.sqrt(),
    )


def mistakes_after(run: PerceptronRun, X: Tensor, y: Tensor) -> Tensor:
    """How many points are wrong, y_n (w·x_n) <= 0, after each update, (k + 1,)."""
    return (y[:, None] * (X @ run.weights.T) <= 0).sum(dim=0)


def shuffled(X: Tensor, y: Tensor, *, seed: int) -> tuple[Tensor, Tensor]:
    """The points in another order."""
    order = permutation(len(X), seed=seed)
    return X[order], y[order]


def orthogonal_points(num_points: int, overlap: float = 0.0) -> tuple[Tensor, Tensor]:
    """Unit vectors that all enclose the same angle, cos = `overlap`, all of class +1, (n, n).

    At `overlap` 0 the perceptron needs exactly as many updates as the bound allows: n.

    Args:
        num_points: n, also the dimension.
        overlap: in [0, 1).
    """
    gram = torch.full((num_points, num_points), overlap, dtype=torch.float64)
    gram.fill_diagonal_(1.0)
    return torch.linalg.cholesky(gram), torch.ones(num_points, dtype=torch.float64)


def _check(y: Tensor, order: str, labels: Sequence[int] = (-1, 1)) -> None:
    if order not in ORDERS:
        raise ValueError(f"order is {order!r}; it must be one of {', '.join(ORDERS)}")
    if not torch.isin(y, torch.tensor(labels, dtype=y.dtype)).all():
        raise ValueError(f"labels must be −1 and +1, not {y.unique().tolist()}")
