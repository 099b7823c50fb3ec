"""Points in the plane (or on a line) in classes, made from a seed.

All sets share `name(num_points, noise, *, seed, label_noise, ...) -> (X, y)`: X float32
(num_points, 2), y int64 (num_points,) with labels 0 to C − 1. At the defaults and without noise the
points lie within [−1.5, 1.5]². `noise` is the standard deviation of each coordinate's Gaussian
jitter, in the units of X; `label_noise` is the probability that a label is replaced by another
class. Classes alternate (point i is of class i mod C), so they are equally large up to one point,
and more points leave the earlier ones where they were; only in `radial` and `two_gaussians` does
chance or `prevalence` decide. Every function raises `ValueError` when a setting is out of range.
"""

import math

import torch
from torch import Tensor

from dlbook.datasets.noise import POSITION, check_toy_settings, flip_labels, jitter
from dlbook.random import uniform


def blobs(
    num_points: int = 200,
    noise: float = 0.3,
    *,
    seed: int = 0,
    num_classes: int = 2,
    margin: float = 0.0,
    label_noise: float = 0.0,
) -> tuple[Tensor, Tensor]:
    """Gaussian clouds around `num_classes` centres, evenly spaced on the unit circle.

    Class c has mean (cos(π + 2πc/C), sin(π + 2πc/C)): two classes lie left and right of x1 = 0.

    Args:
        num_points: at least 1.
        noise: standard deviation of a cloud, at least 0.
        seed: in [0, 2³²).
        num_classes: C, at least 2.
        margin: at least 0; if positive (two classes only), points closer than this to the line
            x1 = 0, or beyond it, are mirrored away, so that no point is closer to the line.
        label_noise: in [0, 1].

    Returns:
        X (num_points, 2) and y (num_points,).
    """
    check_toy_settings(num_points, noise)
    _check_num_classes(num_classes)
    if margin and (num_classes != 2 or margin < 0):
        raise ValueError(f"margin is {margin}; it must be 0, or positive with two classes")
    y = torch.arange(num_points) % num_classes
    X = jitter(_on_circle(math.pi + y * (2 * math.pi / num_classes)), noise, seed=seed)
    if margin:
        X = mirrored_away(X, y, margin)
    return X, flip_labels(y, label_noise, num_classes=num_classes, seed=seed)


def mirrored_away(X: Tensor, y: Tensor, margin: float) -> Tensor:
    """Points (n, 2) of classes 0 and 1 (n,), those closer than `margin` to x1 = 0 mirrored away."""
    side = 2.0 * y - 1.0
    x1 = side * (margin + (side * X[:, 0] - margin).abs())
    return torch.stack([x1, X[:, 1]], dim=1)


def xor(
    num_points: int = 200, noise: float = 0.0, *, seed: int = 0, label_noise: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Points spread evenly over [−1, 1]²; class 1 where x1 and x2 differ in sign.

    Args:
        num_points: at least 1.
        noise: standard deviation of the jitter that follows the labelling, at least 0.
        seed: in [0, 2³²).
        label_noise: in [0, 1].

    Returns:
        X (num_points, 2) and y (num_points,) in {0, 1}.
    """
    check_toy_settings(num_points, noise)
    y = torch.arange(num_points) % 2
    X = 2 * uniform((num_points, 2), seed=seed, stream=POSITION) - 1
    same_sign = (X[:, 0] < 0) == (X[:, 1] < 0)
    X[:, 1] = torch.where(same_sign == (y == 0), X[:, 1], -X[:, 1])
    return jitter(X, noise, seed=seed), flip_labels(y, label_noise, seed=seed)


def moons(
    num_points: int = 200, noise: float = 0.1, *, seed: int = 0, label_noise: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Two half circles of radius 1 that reach into each other, centred on the origin.

    With t uniform in [0, π): class 0 at (cos t − 1/2, sin t − 1/4), class 1 its half turn about the
    origin, (1/2 − cos t, 1/4 − sin t).

    Args:
        num_points: at least 1.
        noise: standard deviation of the jitter, at least 0.
        seed: in [0, 2³²).
        label_noise: in [0, 1].

    Returns:
        X (num_points, 2) and y (num_points,) in {0, 1}.
    """
    check_toy_settings(num_points, noise)
    y = torch.arange(num_points) % 2
    t = math.pi * uniform(num_points, seed=seed, stream=POSITION)
    X = _on_circle(t) - torch.tensor([0.5, 0.25])
    X = X * (1.0 - 2.0 * y)[:, None]
    return jitter(X, noise, seed=seed), flip_labels(y, label_noise, seed=seed)


def circles(
    num_points: int = 200,
    noise: float = 0.1,
    *,
    seed: int = 0,
    inner_radius: float = 0.5,
    label_noise: float = 0.0,
) -> tuple[Tensor, Tensor]:
    """A circle of radius 1 (class 0) around one of radius `inner_radius` (class 1).

    Args:
        num_points: at least 1.
        noise: standard deviation of the jitter, at least 0.
        seed: in [0, 2³²).
        inner_radius: in (0, 1).
        label_noise: in [0, 1].

    Returns:
        X (num_points, 2) and y (num_points,) in {0, 1}.
    """
    check_toy_settings(num_points, noise)
    if not 0 < inner_radius < 1:
        raise ValueError(f"inner_radius is {inner_radius}; it must lie between 0 and 1")
    y = torch.arange(num_points) % 2
    radius = torch.where(y == 0, 1.0, inner_radius)
    angle = 2 * math.pi * uniform(num_points, seed=seed, stream=POSITION)
    X = radius[:, None] * _on_circle(angle)
    return jitter(X, noise, seed=seed), flip_labels(y, label_noise, seed=seed)


def spiral(
    num_points: int = 200,
    noise: float = 0.03,
    *,
    seed: int = 0,
    num_classes: int = 2,
    turns: float = 1.0,
    label_noise: float = 0.0,
) -> tuple[Tensor, Tensor]:
    """Spiral arms that leave the origin, one a class: r = 0.1 + 0.9 u, angle 2π(turns u + c/C).

    Args:
        num_points: at least 1.
        noise: standard deviation of the jitter, at least 0.
        seed: in [0, 2³²); draws u uniform in [0, 1).
        num_classes: C, at least 2.
        turns: of an arm around the origin, counter-clockwise.
        label_noise: in [0, 1].

    Returns:
        X (num_points, 2) and y (num_points,).
    """
    check_toy_settings(num_points, noise)
    _check_num_classes(num_classes)
    y = torch.arange(num_points) % num_classes
    u = uniform(num_points, seed=seed, stream=POSITION)
    angle = 2 * math.pi * (turns * u + y / num_classes)
    X = (0.1 + 0.9 * u)[:, None] * _on_circle(angle)
    labels = flip_labels(y, label_noise, num_classes=num_classes, seed=seed)
    return jitter(X, noise, seed=seed), labels


def radial(
    num_points: int = 200,
    noise: float = 0.0,
    *,
    seed: int = 0,
    radius: float = math.sqrt(2 / math.pi),
    label_noise: float = 0.1,
) -> tuple[Tensor, Tensor]:
    """Points spread evenly over [−1, 1]²; class 1 inside the circle ‖x‖ < radius.

    The radius alone tells the classes apart, however the point is turned.

    Args:
        num_points: at least 1.
        noise: standard deviation of the jitter that follows the labelling, at least 0.
        seed: in [0, 2³²).
        radius: positive; the default √(2/π) ≈ 0.798 makes both classes equally likely.
        label_noise: in [0, 1]; with q the best possible classifier errs with probability q.

    Returns:
        X (num_points, 2) and y (num_points,) in {0, 1}.
    """
    check_toy_settings(num_points, noise)
    if not radius > 0:
        raise ValueError(f"radius is {radius}; it must be positive")
    X = 2 * uniform((num_points, 2), seed=seed, stream=POSITION) - 1
    y = (X.norm(dim=1) < radius).to(torch.int64)
    return jitter(X, noise, seed=seed), flip_labels(y, label_noise, seed=seed)


def two_gaussians(
    num_points: int = 200,
    noise: float = 1.0,
    *,
    seed: int = 0,
    distance: float = 2.0,
    num_features: int = 2,
    prevalence: float = 0.5,
    label_noise: float = 0.0,
) -> tuple[Tensor, Tensor]:
    """Two Gaussian classes of equal spread, means at ∓distance/2 on the first axis.

    With equal classes the best possible error is Φ(−distance / (2 noise)): 0.1587 by default.

    Args:
        num_points: at least 1.
        noise: standard deviation of each feature within a class, at least 0.
        seed: in [0, 2³²).
        distance: of the two means, at least 0.
        num_features: 1 or 2.
        prevalence: fraction of class 1, in [0, 1]; met by every first m points up to one.
        label_noise: in [0, 1].

    Returns:
        X (num_points, num_features) and y (num_points,) in {0, 1}.
    """
    check_toy_settings(num_points, noise)
    if not distance >= 0:
        raise ValueError(f"distance is {distance}; it must be at least 0")
    if num_features not in (1, 2):
        raise ValueError(f"num_features is {num_features}; it must be 1 or 2")
    if not 0 <= prevalence <= 1:
        raise ValueError(f"prevalence is {prevalence}; it must lie between 0 and 1")
    y = _evenly_mixed(num_points, prevalence)
    X = torch.zeros(num_points, num_features)
    X[:, 0] = distance * (y - 0.5)
    return jitter(X, noise, seed=seed), flip_labels(y, label_noise, seed=seed)


# The two-class sets of the explorers, by the names that readers see.
SETS = {"moons": moons, "circles": circles, "xor": xor, "spirals": spiral, "blobs": blobs}


def _evenly_mixed(num_points: int, prevalence: float) -> Tensor:
    """Labels 0 and 1 with ⌊m · prevalence⌋ ones among the first m."""
    points = torch.arange(num_points + 1, dtype=torch.float64)
    return torch.floor(points * prevalence + 1e-9).diff().to(torch.int64)  # 100 · 0.57 is 57


def _on_circle(angle: Tensor) -> Tensor:
    """(cos angle, sin angle), float32 (n, 2)."""
    return torch.stack([torch.cos(angle), torch.sin(angle)], dim=1).to(torch.float32)


def _check_num_classes(num_classes: int) -> None:
    if num_classes < 2:
        raise ValueError(f"num_classes is {num_classes}; it must be at least 2")
