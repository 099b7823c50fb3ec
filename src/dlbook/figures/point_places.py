"""Where the markers of training data stand: a marker for each point in each class's trace.

A page moves markers and never makes any, so that those of the other class, and those that the
reader may still put in, wait where nobody sees them.
"""

import torch
from torch import Tensor

UNSEEN = -99.0


def with_own(X: Tensor, y: Tensor, points: dict[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Points of a set and the reader's own behind them, with labels 0 and 1.

    Args:
        X, y: (n, 2) and (n,).
        points: what an experiment's `data` gets, see `dlbook.compile.own_points`.

    Returns:
        X (n + own, 2), y (n + own,) and which of them are there, 1 or 0, (n + own,).
    """
    X = torch.cat([X, points["X"]])
    y = torch.cat([y.to(torch.float32), points["label"]])
    return X, y, torch.cat([torch.ones_like(y[: len(y) - len(points["used"])]), points["used"]])


def of_each_class(X: Tensor, y: Tensor, shown: Tensor) -> dict[str, Tensor]:
    """ "x1_of_0", "x2_of_0", "x1_of_1", "x2_of_1": coordinates (n,) of the shown points."""
    named = {}
    for label in (0, 1):
        there = shown & ((y > 0.5) == bool(label))
        for axis in (0, 1):
            named[f"x{axis + 1}_of_{label}"] = torch.where(there, X[:, axis], UNSEEN)
    return named


def line_ends(w: Tensor, b: Tensor | float, reach: float) -> tuple[Tensor, Tensor]:
    """Two places far apart on the line w·x + b = 0, x₁ (2,) and x₂ (2,); out of sight for w = 0.

    Args:
        w, b: (2,) and a number.
        reach: the distance of each from the foot of the line's perpendicular.
    """
    length = w.square().sum().sqrt()
    safe = length.clamp(min=1e-12)
    foot, along = -b * w / safe**2, torch.stack([-w[1], w[0]]) / safe
    away = torch.where(length > 0, 0.0, UNSEEN)
    ends = torch.stack([foot - reach * along, foot + reach * along]) + away
    return ends[:, 0], ends[:, 1]


CLASS_SLOTS = {
    f"class {label}/{axis}": f"x{number}_of_{label}"
    for label in (0, 1)
    for axis, number in (("x", 1), ("y", 2))
}
