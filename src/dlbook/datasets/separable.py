"""Points that a line through the origin separates, with a margin that is a setting."""

import math

import torch
from torch import Tensor

from dlbook.datasets.noise import POSITION, check_toy_settings
from dlbook.random import uniform


def strips(
    num_points: int = 40,
    margin: float = 0.1,
    *,
    seed: int = 0,
    width: float = 0.4,
    angle: float = 0.0,
) -> tuple[Tensor, Tensor]:
    """Two strips of points, left (class 0) and right (class 1) of a line through the origin.

    Before a turn by `angle`: x1 = ±(margin + width u), x2 = 2v − 1 with u, v uniform in [0, 1).
    More points leave the earlier ones where they were.

    Args:
        num_points: at least 1; classes alternate.
        margin: least distance of a point from the line, at least 0.
        seed: in [0, 2³²).
        width: of a strip, positive.
        angle: of the line's normal w* = (cos angle, sin angle), in radians.

    Returns:
        X float32 (num_points, 2) and y int64 (num_points,) in {0, 1}.

    Raises:
        ValueError: a setting is out of range.
    """
    check_toy_settings(num_points, 0.0)
    if not (margin >= 0 and width > 0):
        raise ValueError(
            f"margin is {margin} and width {width}; margin must be at least 0, width positive"
        )
    y = torch.arange(num_points) % 2
    u, v = uniform((num_points, 2), seed=seed, stream=POSITION).T
    across, along = (2 * y - 1) * (margin + width * u), 2 * v - 1
    cos, sin = math.cos(angle), math.sin(angle)
    return torch.stack([cos * across - sin * along, sin * across + cos * along], dim=1), y
