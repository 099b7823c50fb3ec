"""Gradient descent on any function: the step, the promise behind it, the path.

A function takes points of shape (..., d) and returns heights (...), as in `dlbook.models.surfaces`;
leading axes are independent walks.
"""

import torch
from torch import Tensor

from dlbook.models.surfaces import Surface


def gradient(function: Surface, w: Tensor) -> Tensor:
    """∇f(w) by autograd, shape (..., d)."""
    w = w.detach().requires_grad_()
    return torch.autograd.grad(function(w).sum(), w)[0]


def finite_differences(function: Surface, w: Tensor, *, step: float = 1e-5) -> Tensor:
    """(f(w + h e_i) − f(w − h e_i)) / 2h for every i: the gradient without any calculus.

    Args:
        w: one point (d,), best in float64.
        step: h, above 0. The error is about h² f'''/6 plus the rounding of f divided by h.

    Returns:
        (d,)
    """
    moves = step * torch.eye(len(w), dtype=w.dtype)
    return (function(w + moves) - function(w - moves)) / (2 * step)


def surrogate(function: Surface, w0: Tensor, *, lr: float) -> Surface:
    """The parabola m(w) = f(w₀) + ∇f(w₀)·(w − w₀) + ‖w − w₀‖² / 2η.

    It has the height and the slope of f at w₀ and the curvature 1/η everywhere. Its lowest point
    is w₀ − η∇f(w₀), where it promises a height of f(w₀) − η‖∇f(w₀)‖²/2.
    """
    height, slope = function(w0), gradient(function, w0)

    def parabola(w: Tensor) -> Tensor:
        move = w - w0
        return height + (slope * move).sum(dim=-1) + move.square().sum(dim=-1) / (2 * lr)

    return parabola


def descend(function: Surface, start: Tensor, *, lr: float, num_steps: int) -> Tensor:
    """The walks w₀, w₁, ... of w ← w − η∇f(w).

    Args:
        start: w₀, (..., d).
        lr: step size η, above 0.

    Returns:
        (num_steps + 1, ..., d). A walk that has run away beyond 10⁶ stays where it was last.
    """
    path = [start]
    for _ in range(num_steps):
        w = path[-1] - lr * gradient(function, path[-1])
        away = ~(w.abs() < 1e6).all(dim=-1, keepdim=True)  # also where w is not a number
        path.append(torch.where(away, path[-1], w))
    return torch.stack(path)


def curvatures(function: Surface, w: Tensor) -> Tensor:
    """Eigenvalues of the Hessian of f at one point w (d,), smallest first.

    Near a minimum with largest curvature c gradient descent comes to rest if η < 2/c, and is
    thrown out if η > 2/c.
    """
    return torch.linalg.eigvalsh(torch.func.hessian(function)(w))
