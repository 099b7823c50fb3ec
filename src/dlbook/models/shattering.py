"""Which labellings of points a line can produce: the capacity of linear classifiers, counted."""

import itertools
from math import comb

import numpy as np
import torch
from scipy.optimize import linprog
from torch import Tensor

MARGIN = 1e-9  # a linear program's rounding error is below this


def labellings(num_points: int) -> Tensor:
    """All 2^n ways to label n points with −1 or +1, as an int64 tensor (2^n, n)."""
    return torch.tensor(list(itertools.product((-1, 1), repeat=num_points)))


def separating_line(X: Tensor, labels: Tensor) -> tuple[Tensor, Tensor] | None:
    """w and b with sign(x·w + b) = label at every point, or None where no such pair exists.

    Decided by a linear program: maximise t subject to label_i (x_i·w + b) >= t and |w_j| <= 1. The
    points are separable exactly if the maximum is above 0.

    Args:
        X: (n, d) points.
        labels: (n,) of −1 and +1.

    Returns:
        w (d,) and b () in float64, or None.
    """
    signs, (n, d) = labels.double().numpy(), X.shape
    rows = signs[:, None] * np.hstack([X.double().numpy(), np.ones((n, 1))])
    constraints = np.hstack([-rows, np.ones((n, 1))])  # t − label_i (x_i·w + b) <= 0
    cost = np.r_[np.zeros(d + 1), -1.0]
    enough = 1.0 + 2.0 * float(X.abs().sum(dim=1).max())  # t has no limit where all labels agree
    bounds = [(-1, 1)] * d + [(None, None), (None, enough)]
    best = linprog(cost, A_ub=constraints, b_ub=np.zeros(n), bounds=bounds)
    if -best.fun < MARGIN:
        return None
    return torch.from_numpy(best.x[:d]), torch.tensor(best.x[d])


def common_point(X: Tensor, labels: Tensor) -> Tensor | None:
    """A point in the convex hulls of both classes, or None: the reason why no line separates them.

    Exactly one of `separating_line` and `common_point` exists. Found by a linear program: weights
    a_i >= 0 that sum to 1 in each class, with Σ_{+} a_i x_i = Σ_{−} a_i x_i.

    Args:
        X: (n, d) points.
        labels: (n,) of −1 and +1.

    Returns:
        the point (d,) in float64, or None.
    """
    signs, points = labels.double().numpy(), X.double().numpy()
    equal = np.vstack([(signs[:, None] * points).T, signs > 0, signs < 0])
    sums = np.r_[np.zeros(X.shape[1]), 1.0, 1.0]
    found = linprog(np.zeros(len(X)), A_eq=equal, b_eq=sums, bounds=(0, 1))
    if not found.success:
        return None
    return torch.from_numpy((found.x * (signs > 0)) @ points)


def num_separable(X: Tensor) -> int:
    """How many of the 2^n labellings of the points X (n, d) some hyperplane produces."""
    return sum(separating_line(X, labels) is not None for labels in labellings(len(X)))


def cover_count(num_points: int, dimension: int) -> int:
    """2 Σ_{k=0..d} C(n − 1, k): the separable labellings of n points in general position in R^d.

    Reference: Cover, "Geometrical and statistical properties of systems of linear inequalities",
    theorem 1, 1965.
    """
    return 2 * sum(comb(num_points - 1, k) for k in range(dimension + 1))
