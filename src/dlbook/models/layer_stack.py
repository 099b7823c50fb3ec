"""Layers of two units stacked on the plane: what a stack can do to a shape."""

import math

import torch
from torch import Tensor
from torch.nn.functional import leaky_relu

from dlbook import random

STRETCH = 1.25  # each layer turns, stretches by this, squeezes by its inverse, turns again


def random_layers(num_layers: int, *, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Weights (layers, 2, 2) of determinant 1 and biases (layers, 2) in [−0.3, 0.3].

    A longer stack of the same seed begins with the shorter one.
    """
    angles = 2 * math.pi * random.uniform((num_layers, 2), seed=seed)
    first, last = (_rotation(angles[:, k]) for k in (0, 1))
    stretch = torch.tensor([STRETCH, 1 / STRETCH]).diag()
    b = 0.6 * random.uniform((num_layers, 2), seed=seed, stream=1) - 0.3
    return last @ stretch @ first, b


def through_layers(X: Tensor, W: Tensor, b: Tensor, slope: float) -> Tensor:
    """x ← σ(g W_l x + b_l) for each layer but the last, which stays affine.

    σ multiplies negative numbers by `slope`: 1 makes all layers affine, 0 is ReLU. The gain
    g = √(2 / (1 + slope²)) makes up for what σ takes away (He, Zhang, Ren, Sun, "Delving deep into
    rectifiers", ICCV 2015, section 2.2). Points (n, 2).
    """
    gain = math.sqrt(2 / (1 + slope**2))
    for k in range(len(W)):
        X = X @ (gain * W[k]).T + b[k]
        X = X if k == len(W) - 1 else leaky_relu(X, slope)
    return X


def best_affine(X: Tensor, Z: Tensor) -> Tensor:
    """The best single affine layer: least-squares fit of Z (n, k) by M X + c, at the points X."""
    design = torch.nn.functional.pad(X, (0, 1), value=1.0)
    return design @ torch.linalg.lstsq(design.double(), Z.double()).solution.to(X)


def _rotation(angle: Tensor) -> Tensor:
    """(n,) -> (n, 2, 2)."""
    c, s = angle.cos(), angle.sin()
    return torch.stack([torch.stack([c, -s], -1), torch.stack([s, c], -1)], -2)
