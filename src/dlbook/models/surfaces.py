"""Functions to walk down on: curves of one number and surfaces of two, made for optimizers.

Each takes points w of shape (..., d), d = 1 or 2, and returns heights (...). Everything is smooth,
so that derivatives of any order come from autograd.
"""

from collections.abc import Callable

import torch
from torch import Tensor

Surface = Callable[[Tensor], Tensor]

# One number.


def bowl(w: Tensor) -> Tensor:
    """2w², (..., 1) -> (...): curvature 4 everywhere."""
    return 2 * w[..., 0] ** 2


def two_valleys(w: Tensor) -> Tensor:
    """A narrow valley near w = −0.98 (curvature 17.4) and a wide one near 0.91 (curvature 2.2).

    1 + w²/10 minus two bells: height 1.1, width 0.25 at −1 and height 1, width 0.7 at 1.
    """
    x = w[..., 0]
    narrow = 1.1 * torch.exp(-((x + 1) ** 2) / (2 * 0.25**2))
    wide = torch.exp(-((x - 1) ** 2) / (2 * 0.7**2))
    return 1 + 0.1 * x**2 - narrow - wide


def corner(w: Tensor) -> Tensor:
    """2√(w² + 0.01): slope ±2 outside, curvature 20 at the lowest point; |w| rounded off."""
    return 2 * torch.sqrt(w[..., 0] ** 2 + 0.01)


def plateau(w: Tensor) -> Tensor:
    """2(1 − exp(−2w²)): a hole of curvature 8 in a plain that is nearly flat."""
    return 2 * (1 - torch.exp(-2 * w[..., 0] ** 2))


# Two numbers.


def quadratic(curvatures: tuple[float, ...]) -> Surface:
    """½ Σ c_i w_i²: the bowl with the given curvatures along the axes; a saddle if one is negative.

    Reference for what descent does on it: Nocedal and Wright, "Numerical optimization", 2006, 3.3.
    """

    def surface(w: Tensor) -> Tensor:
        return 0.5 * (w.new_tensor(curvatures) * w**2).sum(dim=-1)

    return surface


def himmelblau(w: Tensor) -> Tensor:
    """(x² + y − 11)² + (x + y² − 7)²: four minima of height 0, each of its own curvature.

    Reference: Himmelblau, "Applied nonlinear programming", 1972, problem 29.
    """
    x, y = w[..., 0], w[..., 1]
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


HIMMELBLAU_MINIMA = (
    (3.0, 2.0),
    (-2.805118086952745, 3.131312518250573),
    (3.584428340330492, -1.848126526964404),
    (-3.779310253377747, -3.283185991286170),
)  # largest curvatures 82.3, 80.6, 105.4, 133.8


def rosenbrock(w: Tensor) -> Tensor:
    """(1 − x)² + 100(y − x²)²: a curved valley with its minimum at (1, 1).

    Reference: Rosenbrock, "An automatic method for finding the greatest or least value of a
    function", 1960.
    """
    x, y = w[..., 0], w[..., 1]
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def rastrigin(w: Tensor) -> Tensor:
    """Σ w_i² + 10(1 − cos 2πw_i): a minimum at 0 among many others, about one unit apart.

    Reference: Rastrigin, "Systems of extremal control", 1974 (in Russian).
    """
    return (w**2 + 10 * (1 - torch.cos(2 * torch.pi * w))).sum(dim=-1)


def cliff(w: Tensor) -> Tensor:
    """A slope towards x = 0 with a step of height 1 and width about 0.02 at x = 0.

    0.1 x² + 0.1 y² + sigmoid(x / 0.005): gradients of up to 50 in a strip, small ones elsewhere.
    """
    return 0.1 * (w**2).sum(dim=-1) + torch.sigmoid(w[..., 0] / 0.005)


def exponential_fit(w: Tensor) -> Tensor:
    """Mean squared error of a·exp(−k t) with w = (a, k) on ten exact values of 2 exp(−1.5 t).

    t = 0, 0.2, ..., 1.8. The minimum (2, 1.5) lies in a bent valley.
    """
    t = torch.arange(10, dtype=w.dtype) / 5
    fitted = w[..., :1] * torch.exp(-w[..., 1:] * t)
    return (fitted - 2 * torch.exp(-1.5 * t)).square().mean(dim=-1)
