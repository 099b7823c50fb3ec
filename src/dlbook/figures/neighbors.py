"""Explorer figures of the nearest neighbours rule: one query, and the map of all queries."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.toy_classification import SETS, moons
from dlbook.models.nearest_neighbors import NearestNeighbors
from dlbook.plots import Figure, with_status
from dlbook.plots.decision_map import class_points, decision_map, map_grid, plane
from dlbook.plots.neighbors import POINT_SIZE, links, query_point, tally, voters
from dlbook.plots.panels import one_panel

LIMIT = 1.8
CENTERS, MAP_POINTS = map_grid(LIMIT)
NUM_TRAIN, NUM_TEST = 200, 1_000
NUM_QUERY_TRAIN = 60
X1_OF_POINTS = [-1.6, 1.9]
NARROW_MARGIN = {"l": 36, "r": 4}  # the width decides how large the plane is on a phone
NOISE = {"moons": 0.2, "blobs": 0.6, "xor": 0.0, "spirals": 0.05}


def query_and_neighbors(k: int, x1: float, x2: float) -> Figure:
    """One query point, its `k` nearest training points in rings, and their votes.

    Args:
        k: number of neighbours, odd.
        x1, x2: where the query is.
    """
    X, y = moons(NUM_QUERY_TRAIN, 0.25, seed=3)
    model = NearestNeighbors(X, y)
    query = torch.tensor([[x1, x2]])
    nearest = model.neighbors(query, k)[0]
    votes = int(y[nearest].sum())
    answer = int(2 * votes > k)
    figure = one_panel(
        [
            links(query[0], X[nearest]),
            *class_points(X, y, size=POINT_SIZE),
            *voters(X[nearest], y[nearest]),
            query_point(query[0], answer),
            tally(k - votes, votes),
        ],
        *_wide_plane(),
        height=400,
    ).update_layout(margin=NARROW_MARGIN)
    return with_status(
        figure,
        f"K = {k}: class 0 gets {k - votes} and class 1 gets {votes} of the votes, so the answer "
        f"is class {answer}. The farthest voter is "
        f"{(X[nearest[-1]] - query[0]).norm().item():.2f} away.",
    )


def neighbors_map(k: int, points: str, label_noise: float, show: str) -> Figure:
    """What the `k` nearest of 200 training points say everywhere in the plane.

    Args:
        k: number of neighbours, 1 to 200.
        points: "moons", "blobs", "xor" or "spirals".
        label_noise: probability that a label, of training or test, is the wrong one.
        show: "votes" for the share of class 1 among the neighbours, "prediction" for the majority.
    """
    X, y = _points(points, label_noise, NUM_TRAIN, seed=0)
    votes = _ballots(points, label_noise)[:, :k].mean(dim=1)
    shown = votes if show == "votes" else (votes > 0.5).float()
    train, test = _errors(k, points, label_noise)
    return with_status(
        decision_map(CENTERS, shown, X, y, slots=NUM_TRAIN),
        f"K = {k}: {train:.1%} of the {NUM_TRAIN} training points are wrong, {test:.1%} of "
        f"{NUM_TEST:,} new ones.",
    )


def errors_on_moons(label_noise: float, ks: list[int], *, num_sets: int = 20) -> Tensor:
    """Errors on 1,000 new points of the moons, one row a training set of 200, (sets, ks)."""
    errors = torch.empty(num_sets, len(ks))
    for seed in range(num_sets):
        model = NearestNeighbors(*_points("moons", label_noise, NUM_TRAIN, seed=seed))
        new = _points("moons", label_noise, NUM_TEST, seed=num_sets + seed)
        errors[seed] = model.errors(*new, ks)
    return errors


def _wide_plane() -> tuple[dict, dict]:
    """Axes of one scale around the query; where they leave height unused, it lies below them."""
    x1_axis, x2_axis = plane(LIMIT, 1.4)
    return x1_axis | {"range": X1_OF_POINTS, "dtick": 1}, x2_axis | {
        "dtick": 1,
        "constraintoward": "top",
    }


@lru_cache(maxsize=64)
def _points(points: str, label_noise: float, num_points: int, seed: int) -> tuple[Tensor, Tensor]:
    return SETS[points](num_points, NOISE[points], seed=seed, label_noise=label_noise)


@lru_cache(maxsize=8)
def _neighbors_of_the_map(points: str) -> Tensor:
    """The training points by distance, for every cell of the map."""
    X, y = _points(points, 0.0, NUM_TRAIN, seed=0)
    return NearestNeighbors(X, y).neighbors(MAP_POINTS, NUM_TRAIN)


@lru_cache(maxsize=32)
def _ballots(points: str, label_noise: float) -> Tensor:
    """Labels by distance, for every cell of the map: (cells, training points)."""
    _, y = _points(points, label_noise, NUM_TRAIN, seed=0)
    return y[_neighbors_of_the_map(points)].float()


@lru_cache(maxsize=128)
def _errors(k: int, points: str, label_noise: float) -> tuple[float, float]:
    X, y = _points(points, label_noise, NUM_TRAIN, seed=0)
    model = NearestNeighbors(X, y)
    train = model.errors(X, y, [k]).item()
    return train, model.errors(*_points(points, label_noise, NUM_TEST, seed=1), [k]).item()
