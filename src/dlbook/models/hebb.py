"""Three rules by which a linear neuron learns: Hebb's, Oja's, and ADALINE's least mean squares."""

import math

import torch
from torch import Tensor

from dlbook.random import integers


def hebb(X: Tensor, w: Tensor, *, lr: float, num_steps: int, seed: int = 0) -> Tensor:
    """Δw = η y x with y = w·x: what is active together is wired together.

    Args:
        X: (n, d) inputs, centred; each step takes one at random.
        w: (d,) the first weights.
        lr: η, above 0.
        num_steps: how many.
        seed: of the draws.

    Returns:
        the weights before and after every step, (num_steps + 1, d). They grow without limit.

    Reference: Hebb, "The organization of behavior", 1949.
    """
    return _steps(X, w, num_steps, seed, lambda w, x: lr * (w @ x) * x)


def oja(X: Tensor, w: Tensor, *, lr: float, num_steps: int, seed: int = 0) -> Tensor:
    """Δw = η y (x − y w) with y = w·x: Hebb's rule with a leak that holds ‖w‖ near 1.

    Arguments and result as in `hebb`. The weights tend to the direction of largest variance.

    Reference: Oja, "A simplified neuron model as a principal component analyzer", 1982.
    """

    def change(w: Tensor, x: Tensor) -> Tensor:
        y = w @ x
        return lr * y * (x - y * w)

    return _steps(X, w, num_steps, seed, change)


def adaline(
    X: Tensor, y: Tensor, *, lr: float, num_steps: int, seed: int = 0, decay: float = 0.0
) -> Tensor:
    """Δw = η_t (y − w·x) x: a step down the squared error of one sample, whether right or wrong.

    Args:
        X: (n, d) inputs; a bias is a constant input.
        y: (n,) targets −1 and +1.
        lr: η, above 0 and below 2 / ‖x‖² for all x.
        num_steps: how many.
        seed: of the draws.
        decay: η_t = η / (1 + decay · t); 0 keeps it constant, above 0 lets the weights settle.

    Returns:
        weights before and after every step, (num_steps + 1, d), from 0 on.

    Reference: Widrow and Hoff, "Adaptive switching circuits", 1960.
    """
    weights = [torch.zeros_like(X[0])]
    for t, n in enumerate(integers(len(X), num_steps, seed=seed).tolist()):
        w, x = weights[-1], X[n]
        weights.append(w + lr / (1 + decay * t) * (y[n] - w @ x) * x)
    return torch.stack(weights)


def principal_direction(X: Tensor) -> Tensor:
    """The unit vector along which the inputs (n, d) vary most: the first eigenvector of XᵀX."""
    return torch.linalg.eigh(X.T @ X)[1][:, -1]


def angle_between(w: Tensor, direction: Tensor) -> Tensor:
    """The angle in degrees, 0 to 90, between weights (..., d) and a line along `direction`."""
    cosine = (w @ direction).abs() / (w.norm(dim=-1) * direction.norm())
    return torch.acos(cosine.clamp(max=1.0)) * (180 / math.pi)


def _steps(X: Tensor, w: Tensor, num_steps: int, seed: int, change) -> Tensor:
    weights = [w]
    for n in integers(len(X), num_steps, seed=seed).tolist():
        weights.append(weights[-1] + change(weights[-1], X[n]))
    return torch.stack(weights)
