"""What the playground's networks are given: points of the plane, and seven functions of a place."""

import math

import torch
from torch import Tensor

from dlbook.datasets.noise import JITTER
from dlbook.datasets.toy_classification import SETS
from dlbook.datasets.toy_surfaces import SURFACES
from dlbook.figures.network_view import tile_points
from dlbook.plots.decision_map import map_grid
from dlbook.plots.playground import edges
from dlbook.random import normal

NUM_TRAIN, NUM_TEST, NUM_OWN = 200, 200, 40  # the most points there can be
NUM_SHOWN = NUM_TRAIN + NUM_OWN
LIMIT, CELLS = 1.8, 40
INPUTS = ("x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin πx₁", "sin πx₂")


def data(hyper: dict, points: dict, seed: int, *, data_set: str) -> dict[str, Tensor]:
    """Points of a toy set with Gaussian jitter of hyper["noise"], and the network's inputs.

    To train on are the first hyper["num_train"] points and those of the reader's own: "used" is 1
    there. "y" are labels 0 and 1, or values from −1 to 1 where "regression" is 1; a point of the
    reader's own then has the value −1 or 1. "X_view" has the inputs of everything that is shown:
    all points, the map's cells, the tiles' cells.
    """
    count, regression = NUM_TRAIN + NUM_TEST, data_set in SURFACES
    X, y = (SETS | SURFACES)[data_set](count, 0.0, seed=seed)
    X = X + hyper["noise"] * normal((count, 2), seed=seed, stream=JITTER)
    y = y.to(torch.float32)
    own = 2 * points["label"] - 1 if regression else points["label"]
    used = (torch.arange(NUM_TRAIN) < hyper["num_train"]).to(torch.float32)
    places = torch.cat([X[:NUM_TRAIN], points["X"], X[NUM_TRAIN:]])
    shown = torch.cat([places, map_grid(LIMIT, CELLS)[1], tile_points(LIMIT)])
    return {
        "places": places,
        "X": inputs(places[:NUM_SHOWN], hyper),
        "y": torch.cat([y[:NUM_TRAIN], own]),
        "used": torch.cat([used, points["used"]]),
        "y_test": y[NUM_TRAIN:],
        "X_view": inputs(shown, hyper),
        "regression": torch.ones(()) if regression else torch.zeros(()),
        "lines": edges(len(INPUTS))[1],
    }


def inputs(X: Tensor, hyper: dict) -> Tensor:
    """The seven inputs of points (n, 2), (n, 7); 0 where the bit of hyper["inputs"] is 0."""
    x1, x2 = X[:, 0], X[:, 1]
    all_seven = [x1, x2, x1**2, x2**2, x1 * x2, torch.sin(math.pi * x1), torch.sin(math.pi * x2)]
    return torch.stack(all_seven, dim=1) * chosen_inputs(hyper)


def chosen_inputs(hyper: dict) -> Tensor:
    """1 for the inputs that the network gets, (7,)."""
    powers = 2.0 ** torch.arange(len(INPUTS))
    return torch.remainder(torch.floor(hyper["inputs"] / powers), 2)
