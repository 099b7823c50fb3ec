"""Explorer figure of sets of decision functions: what each can express in the plane."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.toy_classification import SETS
from dlbook.models.decision_function import (
    DecisionFunction,
    fit_decision_function,
    polynomial_features,
    radial_features,
)
from dlbook.plots import Figure, with_status
from dlbook.plots.decision_map import decision_map, map_grid
from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.panels import axis, one_panel
from dlbook.plots.theme import TEST_COLOR, TRAIN_COLOR

LIMIT = 2.0
CENTERS, MAP_POINTS = map_grid(LIMIT)
NUM_TEST = 2_000
MOST_POINTS = 200  # training points that fit the map
NUM_RADIAL_CENTERS = 20
DEGREES = list(range(1, 9))
NUM_SETS = 20


def decision_function_map(model: str, points: str, num_points: int, show: str) -> Figure:
    """A fitted decision function over the plane, as probability or as decision.

    Args:
        model: "linear", "polynomial d" with a degree d, or "radial w" with a width w.
        points: "blobs", "moons", "xor" or "circles".
        num_points: training points, at most 200.
        show: "probability" for sigmoid(score), "decision" for 1[score >= 0].
    """
    X, y = _points(points, num_points, seed=0)
    fitted = _fitted(model, points, num_points)
    read = fitted.probability if show == "probability" else fitted.decide
    train, test = (
        _error(fitted, *_points(points, n, seed=s)) for n, s in ((num_points, 0), (NUM_TEST, 1))
    )
    figure = decision_map(CENTERS, read(MAP_POINTS), X, y, slots=MOST_POINTS)
    return with_status(
        figure,
        f"{model.capitalize()} on {points}: {train:.1%} of the {num_points} training points are "
        f"wrong, {test:.1%} of {NUM_TEST:,} new ones.",
    )


def error_by_family(points: str, num_points: int) -> Figure:
    """Training and test error of ever richer sets of functions, over 20 training sets."""
    train, test = errors_by_family(points, num_points)
    return one_panel(
        [
            *curve_with_spread(DEGREES, train, "training error", TRAIN_COLOR),
            *curve_with_spread(DEGREES, test, "test error", TEST_COLOR),
        ],
        axis("degree of the polynomial", 0.8, 8.2, dtick=1),
        axis("share of wrong answers", 0, 0.45),
        height=330,
    )


@lru_cache(maxsize=8)
def errors_by_family(points: str, num_points: int) -> tuple[Tensor, Tensor]:
    """Training and test errors of polynomial scores of degree 1 to 8, each (training sets, 8)."""
    test_points = _points(points, NUM_TEST, seed=NUM_SETS)
    train, test = torch.empty(2, NUM_SETS, len(DEGREES))
    for seed in range(NUM_SETS):
        X, y = _points(points, num_points, seed=seed)
        for column, degree in enumerate(DEGREES):
            fitted = fit_decision_function(polynomial_features(degree), X, y)
            train[seed, column] = _error(fitted, X, y)
            test[seed, column] = _error(fitted, *test_points)
    return train, test


def _error(fitted: DecisionFunction, X: Tensor, y: Tensor) -> float:
    return (fitted.decide(X) != y).double().mean().item()


@lru_cache(maxsize=64)
def _points(points: str, num_points: int, seed: int) -> tuple[Tensor, Tensor]:
    noise = {"blobs": 0.7, "moons": 0.25, "xor": 0.15, "circles": 0.2}
    return SETS[points](num_points, noise[points], seed=seed)


@lru_cache(maxsize=128)
def _fitted(model: str, points: str, num_points: int) -> DecisionFunction:
    X, y = _points(points, num_points, seed=0)
    family, _, number = model.partition(" ")
    match family:
        case "linear":
            features = polynomial_features(1)
        case "polynomial":
            features = polynomial_features(int(number))
        case "radial":
            features = radial_features(X[:NUM_RADIAL_CENTERS], float(number))
    return fit_decision_function(features, X, y)
