"""Explorer figure of XOR lifted by a product of its inputs: a saddle that a flat cut parts."""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from dlbook.datasets.toy_classification import xor
from dlbook.models.best_line import fewest_errors
from dlbook.models.decision_function import polynomial_features
from dlbook.models.feature_products import rotated, with_product
from dlbook.models.shattering import separating_line
from dlbook.plots import Figure, with_status
from dlbook.plots.lifted_plane import lifted_plane as draw

NUM_POINTS = 60
GAP = 0.12  # no point is nearer to the borders between the four quarters
GRID = np.linspace(-1, 1, 17)


@lru_cache
def xor_points(turn: float = 0.0, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Points of XOR with a little room between the quarters, turned by some degrees: (60, 2)."""
    X, y = xor(NUM_POINTS, seed=seed)
    X = X.sign() * (GAP + (1 - GAP) * X.abs())
    return rotated(X, turn), y


def lifted_xor(lift: float, azimuth: int, turn: float) -> Figure:
    """The plane with every point (u, v) raised to height `lift` · u v, and the cut at height 0.

    Args:
        lift: 0 (flat) to 1.
        azimuth: from where one looks, in degrees.
        turn: of the data, in degrees; the product stays that of the two coordinates.
    """
    X, y = xor_points(turn)
    scale = 1.2 * lift  # the drawing's height of uv = 1
    u, v = np.meshgrid(GRID, GRID)
    surface = np.stack([u, v, scale * u * v], axis=-1)
    corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0], [-1, -1, 0]])
    places = torch.cat([X, scale * X.prod(dim=1, keepdim=True)], dim=1)
    figure = draw(surface, corners * 1.0, places, y, azimuth)
    above = ((X.prod(dim=1) < 0) != (y == 1)).sum()
    wrong = int(min(above, NUM_POINTS - above))
    best = _fewest(turn)
    parts = "Some plane of u, v and uv parts" if _separable(turn) else "No plane of u, v, uv parts"
    words = f"The best line in the plane gets {best} of {NUM_POINTS} points wrong"
    if lift == 0:
        return with_status(figure, f"Flat: no feature yet. {words}.")
    return with_status(
        figure,
        f"{words}; the flat cut at height 0 gets {wrong} wrong. {parts} the classes.",
    )


@lru_cache
def _separable(turn: float) -> bool:
    X, y = xor_points(turn)
    return separating_line(with_product(X), 2 * y - 1) is not None


def separable_shares(num_sets: int = 20) -> dict[str, list[float]]:
    """Share of XOR sets that a plane parts, for turns of 0, 15, ..., 90 degrees."""
    turns = range(0, 91, 15)
    shares = {"u, v": [], "u, v, uv": [], "u, v, u², uv, v²": []}
    maps = (lambda X: X, with_product, polynomial_features(2))
    for turn in turns:
        for name, features in zip(shares, maps, strict=True):
            sets = [xor_points(float(turn), seed) for seed in range(num_sets)]
            found = [separating_line(features(X), 2 * y - 1) is not None for X, y in sets]
            shares[name].append(sum(found) / num_sets)
    return shares


@lru_cache
def _fewest(turn: float) -> int:
    return fewest_errors(*xor_points(turn))
