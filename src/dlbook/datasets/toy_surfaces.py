"""Points of the plane with a real value each, for regression; made from a seed.

Both sets share `name(num_points, noise, *, seed) -> (X, y)`: points spread evenly over [−1, 1]²,
X float32 (num_points, 2), and y float32 (num_points,) in [−1, 1], the value of a function there.
`noise` is the standard deviation of a jitter of X that follows the evaluation, as in
`toy_classification`. The two functions are those of TensorFlow Playground (Smilkov and Carter,
2016), its "plane" and "gaussian", in the units of this book. Every function raises `ValueError`
when a setting is out of its range.
"""

import torch
from torch import Tensor

from dlbook.datasets.noise import POSITION, check_toy_settings, jitter
from dlbook.random import uniform

CENTERS = [[-0.7, 0.5], [0.0, 0.5], [0.7, 0.5], [-0.7, -0.5], [0.0, -0.5], [0.7, -0.5]]
HEIGHTS = [1.0, -1.0, 1.0, -1.0, 1.0, -1.0]  # of the six bumps
RADIUS = 0.4  # of a bump's foot


def plane(num_points: int = 200, noise: float = 0.0, *, seed: int = 0) -> tuple[Tensor, Tensor]:
    """y = (x1 + x2) / 2.

    Args:
        num_points: at least 1.
        noise: standard deviation of the jitter, at least 0.
        seed: in [0, 2³²).

    Returns:
        X (num_points, 2) and y (num_points,).
    """
    X = _places(num_points, noise, seed)
    return jitter(X, noise, seed=seed), X.sum(dim=1) / 2


def bumps(num_points: int = 200, noise: float = 0.0, *, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Six cones in two rows, up and down in turns: of all s_k max(0, 1 − ‖x − c_k‖ / r) the one
    that is farthest from 0.

    Args:
        num_points: at least 1.
        noise: standard deviation of the jitter, at least 0.
        seed: in [0, 2³²).

    Returns:
        X (num_points, 2) and y (num_points,).
    """
    X = _places(num_points, noise, seed)
    offsets = X[:, None] - torch.tensor(CENTERS)  # (num_points, bumps, 2)
    cones = (1 - (offsets**2).sum(dim=2).sqrt() / RADIUS).clamp(min=0) * torch.tensor(HEIGHTS)
    highest, lowest = cones.amax(dim=1), cones.amin(dim=1)
    y = torch.where(highest >= -lowest, highest, lowest)
    return jitter(X, noise, seed=seed), y


def _places(num_points: int, noise: float, seed: int) -> Tensor:
    check_toy_settings(num_points, noise)
    return 2 * uniform((num_points, 2), seed=seed, stream=POSITION) - 1


# The regression sets of the explorers, by the names that readers see.
SURFACES = {"plane": plane, "bumps": bumps}
