"""Noisy samples of known functions, made from a seed.

All sets share `name(num_points, noise, *, seed, ...) -> (x, y)` with y = f(x) + noise · ε and ε
standard normal: x float32 (num_points,), y float32 (num_points,). `noise` is a standard deviation
in the units of y; 0 gives the function itself. x is evenly spaced over the interval, ends included,
or with `evenly_spaced=False` drawn uniformly from it (then more points leave the earlier ones where
they were). Every function raises `ValueError` when a setting is out of its range.
"""

import math

import torch
from torch import Tensor

from dlbook.datasets.noise import POSITION, check_toy_settings, jitter
from dlbook.random import normal, uniform


def sine(
    num_points: int = 100,
    noise: float = 0.1,
    *,
    seed: int = 0,
    frequency: float = 1.0,
    evenly_spaced: bool = True,
) -> tuple[Tensor, Tensor]:
    """f(x) = sin(frequency · x) on [−π, π].

    Args:
        num_points: at least 1.
        noise: standard deviation of y, at least 0.
        seed: in [0, 2³²).
        frequency: in radians a unit of x; 1 is one period.
        evenly_spaced: x as a grid rather than drawn.

    Returns:
        x (num_points,) and y (num_points,).
    """
    x = _inputs(num_points, noise, math.pi, evenly_spaced, seed)
    return x, jitter(torch.sin(frequency * x), noise, seed=seed)


def cubic(
    num_points: int = 50, noise: float = 0.2, *, seed: int = 0, evenly_spaced: bool = True
) -> tuple[Tensor, Tensor]:
    """f(x) = 4x³ − 3x on [−1, 1], the third Chebyshev polynomial, with values in [−1, 1].

    Args:
        num_points: at least 1.
        noise: standard deviation of y, at least 0.
        seed: in [0, 2³²).
        evenly_spaced: x as a grid rather than drawn.

    Returns:
        x (num_points,) and y (num_points,).
    """
    x = _inputs(num_points, noise, 1.0, evenly_spaced, seed)
    return x, jitter(4 * x**3 - 3 * x, noise, seed=seed)


def step(
    num_points: int = 50,
    noise: float = 0.1,
    *,
    seed: int = 0,
    threshold: float = 0.0,
    evenly_spaced: bool = True,
) -> tuple[Tensor, Tensor]:
    """f(x) = 1 where x >= threshold and 0 elsewhere, on [−1, 1].

    Args:
        num_points: at least 1.
        noise: standard deviation of y, at least 0.
        seed: in [0, 2³²).
        threshold: where f jumps, in units of x.
        evenly_spaced: x as a grid rather than drawn.

    Returns:
        x (num_points,) and y (num_points,).
    """
    x = _inputs(num_points, noise, 1.0, evenly_spaced, seed)
    return x, jitter((x >= threshold).to(torch.float32), noise, seed=seed)


def oscillation(
    num_points: int = 100,
    noise: float = 0.1,
    *,
    seed: int = 0,
    num_periods: float = 4.0,
    evenly_spaced: bool = True,
) -> tuple[Tensor, Tensor]:
    """f(x) = sin(π num_periods x) · (1 + x) / 2 on [−1, 1]: a wave that grows from left to right.

    Args:
        num_points: at least 1.
        noise: standard deviation of y, at least 0.
        seed: in [0, 2³²).
        num_periods: how often the wave repeats over the interval.
        evenly_spaced: x as a grid rather than drawn.

    Returns:
        x (num_points,) and y (num_points,).
    """
    x = _inputs(num_points, noise, 1.0, evenly_spaced, seed)
    return x, jitter(torch.sin(math.pi * num_periods * x) * (1 + x) / 2, noise, seed=seed)


def sparse_linear(
    num_points: int = 100,
    noise: float = 0.5,
    *,
    seed: int = 0,
    num_features: int = 20,
    num_nonzero: int = 4,
) -> tuple[Tensor, Tensor]:
    """y = X w + noise · ε with standard normal features of which only the first few matter.

    The weights w are `sparse_weights(num_features, num_nonzero)`.

    Args:
        num_points: at least 1.
        noise: standard deviation of y, at least 0.
        seed: in [0, 2³²).
        num_features: at least 1.
        num_nonzero: features that matter, from 0 to num_features.

    Returns:
        X (num_points, num_features) and y (num_points,).
    """
    check_toy_settings(num_points, noise)
    w = sparse_weights(num_features, num_nonzero)
    X = normal((num_points, num_features), seed=seed, stream=POSITION)
    return X, jitter(X @ w, noise, seed=seed)


def sparse_weights(num_features: int = 20, num_nonzero: int = 4) -> Tensor:
    """The true weights of `sparse_linear`: k, −(k−1), k−2, ... down to ±1, then zeros.

    Args:
        num_features: at least 1.
        num_nonzero: k, from 0 to num_features.

    Returns:
        float32 tensor (num_features,).

    >>> sparse_weights(6, 3)
    tensor([ 3., -2.,  1.,  0.,  0.,  0.])
    """
    if not 0 <= num_nonzero <= num_features:
        raise ValueError(f"num_nonzero is {num_nonzero}; allowed are 0 to {num_features}")
    w = torch.zeros(num_features)
    sizes = torch.arange(num_nonzero, 0, -1)
    w[:num_nonzero] = torch.where(torch.arange(num_nonzero) % 2 == 0, sizes, -sizes).float()
    return w


def _inputs(
    num_points: int, noise: float, half_width: float, evenly_spaced: bool, seed: int
) -> Tensor:
    """x in [−half_width, half_width], a grid or drawn, float32 (num_points,)."""
    check_toy_settings(num_points, noise)
    if evenly_spaced:
        return torch.linspace(-half_width, half_width, num_points)
    return half_width * (2 * uniform(num_points, seed=seed, stream=POSITION) - 1)
