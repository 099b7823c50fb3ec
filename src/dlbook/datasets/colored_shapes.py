"""Colour images of 32×32 pixels in ten classes, made from a seed: five shapes, plain or striped.

They stand in for CIFAR-10: the same input shape and number of classes, no download.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from dlbook.datasets.noise import JITTER, POSITION, check_toy_settings
from dlbook.random import normal, uniform

SIZE = 32
STRIPE_PERIOD = 5.0  # pixels
NUM_DRAWS = 11  # uniforms an image: place 2, radius, angle, inversion, shape colour 3, background 3


def colored_shapes(
    num_images: int = 2000, noise: float = 0.05, *, seed: int = 0, difficulty: float = 0.5
) -> tuple[Tensor, Tensor]:
    """Images of one shape each, at a random place, in random size, direction and colours.

    Class c is shape c div 2 (disc, square, triangle, cross, ring), plain if c is even and striped
    if odd; `CLASS_NAMES[c]` says it. Classes alternate, and more images leave the earlier ones as
    they were. At difficulty 0 all shapes are large, upright, bright on dark and in the middle; at 1
    the radius goes down to 5 pixels, the shape lies anywhere inside the image and in any direction,
    every second image is dark on bright, and contrast has halved.

    Args:
        num_images: at least 1.
        noise: standard deviation of every pixel's Gaussian noise, at least 0.
        seed: in [0, 2³²).
        difficulty: in [0, 1].

    Returns:
        X float32 (num_images, 3, 32, 32) with values in [0, 1], and y int64 (num_images,).

    Raises:
        ValueError: a setting is out of its range.
    """
    check_toy_settings(num_images, noise, name="num_images")
    if not 0 <= difficulty <= 1:
        raise ValueError(f"difficulty is {difficulty}; it must lie between 0 and 1")
    y = torch.arange(num_images) % len(CLASS_NAMES)
    draws = uniform((num_images, NUM_DRAWS), seed=seed, stream=POSITION)
    X = _paint(_coverage(y, draws, difficulty), draws, difficulty)
    if noise:
        X += noise * normal(X.shape, seed=seed, stream=JITTER)
    return X.clamp_(0, 1), y


def _coverage(y: Tensor, draws: Tensor, difficulty: float) -> Tensor:
    """How much of each pixel the shape fills, stripes counted half: (n, 32, 32) in [0, 1]."""
    radius = 10 - 5 * difficulty * draws[:, 2]
    u, v = _shape_coordinates(radius, draws, difficulty)
    distance = torch.empty_like(u)
    for s, signed_distance in enumerate(SHAPES.values()):
        members = y // 2 == s
        distance[members] = signed_distance(u[members], v[members])
    pixels = radius[:, None, None]
    filled = (0.5 - distance * pixels).clamp(0, 1)  # a border one pixel wide
    stripe = (torch.sin(2 * math.pi / STRIPE_PERIOD * pixels * u) > 0) & (y % 2 == 1)[:, None, None]
    return torch.where(stripe, 0.5 * filled, filled)


def _shape_coordinates(radius: Tensor, draws: Tensor, difficulty: float) -> tuple[Tensor, Tensor]:
    """Each pixel's place seen from the shape, turned with it, in units of its radius."""
    room = difficulty * (14 - radius)
    centre = (SIZE - 1) / 2 + room[:, None] * (2 * draws[:, 0:2] - 1)  # (n, 2): column, row
    angle = math.pi * difficulty * (2 * draws[:, 3] - 1)
    pixel = torch.arange(SIZE, dtype=torch.float32)
    dx = (pixel - centre[:, 0:1])[:, None, :] / radius[:, None, None]
    dy = (pixel - centre[:, 1:2])[:, :, None] / radius[:, None, None]
    cos, sin = torch.cos(angle)[:, None, None], torch.sin(angle)[:, None, None]
    return cos * dx + sin * dy, cos * dy - sin * dx


def _paint(coverage: Tensor, draws: Tensor, difficulty: float) -> Tensor:
    """Shape and background in their colours: (n, 3, 32, 32)."""
    bright = 0.65 + 0.35 * draws[:, 5:8, None, None]
    dark = 0.35 * draws[:, 8:11, None, None]
    X = dark + (bright - dark) * coverage[:, None]
    inverted = draws[:, 4] < difficulty / 2
    X[inverted] = 1 - X[inverted]
    return 0.5 + (1 - difficulty / 2) * (X - 0.5)


def _disc(u: Tensor, v: Tensor) -> Tensor:
    return torch.hypot(u, v) - 1


def _box(u: Tensor, v: Tensor, half_width: float, half_height: float) -> Tensor:
    return torch.maximum(u.abs() - half_width, v.abs() - half_height)


def _square(u: Tensor, v: Tensor) -> Tensor:
    return _box(u, v, 0.8, 0.8)


def _triangle(u: Tensor, v: Tensor) -> Tensor:
    """Equilateral, corners at distance 1.1, one of them up (rows count downwards)."""
    slanted = math.sin(math.pi / 3) * u.abs() - math.cos(math.pi / 3) * v
    return torch.maximum(slanted, v) - 0.55


def _cross(u: Tensor, v: Tensor) -> Tensor:
    return torch.minimum(_box(u, v, 1.0, 0.33), _box(u, v, 0.33, 1.0))


def _ring(u: Tensor, v: Tensor) -> Tensor:
    return (torch.hypot(u, v) - 0.75).abs() - 0.25


# Signed distance to the border, in units of the radius: negative inside.
SHAPES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "disc": _disc,
    "square": _square,
    "triangle": _triangle,
    "cross": _cross,
    "ring": _ring,
}
CLASS_NAMES = tuple(f"{texture} {shape}" for shape in SHAPES for texture in ("plain", "striped"))
