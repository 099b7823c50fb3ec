"""Explorer figure of kernels: what a kernel perceptron answers in the plane."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.toy_classification import SETS
from dlbook.models.kernels import kernel_perceptron, polynomial_kernel, radial_kernel
from dlbook.plots import Figure, with_status
from dlbook.plots.decision_map import decision_map, map_grid

LIMIT = 1.6
CENTERS, MAP_POINTS = map_grid(LIMIT)
NUM_TRAIN, NUM_TEST = 100, 1_000
NOISE = {"xor": 0.0, "circles": 0.12, "moons": 0.12, "spirals": 0.03}
POLYNOMIALS = {"linear": 1, "degree 2": 2, "degree 3": 3, "degree 6": 6}
BUMPS = {"bumps 1": 1.0, "bumps 0.3": 0.3, "bumps 0.1": 0.1}
KERNELS = [*POLYNOMIALS, *BUMPS]


def kernel_of(name: str, X: Tensor, Z: Tensor) -> Tensor:
    """κ between all rows of X and Z, for a name in `KERNELS`."""
    if name in POLYNOMIALS:
        return polynomial_kernel(X, Z, POLYNOMIALS[name])
    return radial_kernel(X, Z, BUMPS[name])


def kernel_map(points: str, kernel: str, passes: int) -> Figure:
    """The decision of a kernel perceptron over the plane.

    Args:
        points: a key of `NOISE`.
        kernel: one of `KERNELS`.
        passes: through 100 points, at most.
    """
    X, y = _points(points, NUM_TRAIN, seed=0)
    coefficients, mistakes = _trained(points, kernel, passes)
    score = kernel_of(kernel, MAP_POINTS.double(), X) @ coefficients
    X_new, y_new = _points(points, NUM_TEST, seed=1)
    wrong = [
        float(((kernel_of(kernel, Z, X) @ coefficients >= 0) != (labels == 1)).float().mean())
        for Z, labels in ((X, y), (X_new, y_new))
    ]
    end = "and came to rest" if mistakes[-1] == 0 else "and would go on"
    passed = f"{len(mistakes)} passes" if len(mistakes) > 1 else "1 pass"
    return with_status(
        decision_map(CENTERS, (score >= 0).float(), X, y, slots=NUM_TRAIN),
        f"{passed}, {sum(mistakes)} mistakes, {end}: {wrong[0]:.0%} of the training "
        f"points and {wrong[1]:.1%} of new ones are wrong; {int((coefficients != 0).sum())} points "
        "carry weight.",
    )


def errors_on_new_points(points: str, kernel: str, num_sets: int = 20) -> Tensor:
    """Share of 1,000 new points wrong after at most 30 passes, for many training sets, (sets,).

    Args:
        points: a key of `NOISE`.
        kernel: one of `KERNELS`.
        num_sets: of 100 training points each.
    """
    errors = []
    for seed in range(num_sets):
        X, y = _points(points, NUM_TRAIN, seed)
        X_new, y_new = _points(points, NUM_TEST, 1_000 + seed)
        signs = 2.0 * y.double() - 1
        coefficients, _ = kernel_perceptron(kernel_of(kernel, X, X), signs, max_passes=30)
        answers = kernel_of(kernel, X_new, X) @ coefficients >= 0
        errors.append((answers != (y_new == 1)).double().mean())
    return torch.stack(errors)


@lru_cache(maxsize=64)
def _points(points: str, num_points: int, seed: int) -> tuple[Tensor, Tensor]:
    X, y = SETS[points](num_points, NOISE[points], seed=seed)
    return X.double(), y


@lru_cache(maxsize=256)
def _trained(points: str, kernel: str, passes: int) -> tuple[Tensor, list[int]]:
    X, y = _points(points, NUM_TRAIN, seed=0)
    return kernel_perceptron(kernel_of(kernel, X, X), 2.0 * y.double() - 1, max_passes=passes)
