"""Curves on [−π, π] that networks are asked to draw, each with the most that it bends."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

LIMIT = math.pi  # the curves are asked for on [−π, π]


@dataclass(frozen=True)
class Curve:
    """A function of one number.

    Attributes:
        function: x (n,) -> f(x) (n,); it also has values outside [−π, π].
        curvature: the largest |f''| on [−π, π]; infinite where f has a vertical slope, a kink or a
            jump.
    """

    function: Callable[[Tensor], Tensor]
    curvature: float

    def __call__(self, x: Tensor) -> Tensor:
        """f(x)."""
        return self.function(x)


def bump(x: Tensor) -> Tensor:
    """1.8 exp(−2x²) − 0.8, at most 1; bends most in the middle."""
    return 1.8 * torch.exp(-2 * x.square()) - 0.8


def chirp(x: Tensor) -> Tensor:
    """sin(x²) sign(x), which swings faster and faster to both sides."""
    return torch.sin(x * x.abs())


def root(x: Tensor) -> Tensor:
    """√(|x|/π) · 2 − 1, which is vertical at 0."""
    return 2 * (x.abs() / math.pi).sqrt() - 1


def jump(x: Tensor) -> Tensor:
    """0.8 sign(x), with 0.8 at 0."""
    return torch.where(x >= 0, 0.8, -0.8).to(x.dtype)


CURVES = {
    "sine": Curve(torch.sin, 1.0),
    "bump": Curve(bump, 7.2),  # 1.8 · 4 at x = 0
    "chirp": Curve(chirp, 32.0),  # |2 cos x² − 4x² sin x²| at |x| = 2.835
    "root": Curve(root, math.inf),
    "jump": Curve(jump, math.inf),
}
