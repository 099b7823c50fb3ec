"""Explorer figures of the nearest neighbours' errors: by K, by N, and by the features used."""

import math
from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.digits import split_digits
from dlbook.datasets.toy_classification import radial, two_gaussians
from dlbook.models.bayes_error import (
    bayes_error,
    class_probability,
    mixture_density,
    one_neighbor_error,
)
from dlbook.models.nearest_neighbors import NearestNeighbors, vote_winners
from dlbook.plots import Figure, with_status
from dlbook.plots.decision_map import decision_map, map_grid
from dlbook.plots.error_curves import curve_with_spread, level
from dlbook.plots.one_neighbor import error_areas
from dlbook.plots.panels import axis, dots, line, one_panel, two_panels
from dlbook.plots.theme import GRAY, GREEN, PURPLE, TEST_COLOR, TRAIN_COLOR

KS = [1, 3, 5, 7, 11, 15, 21, 31, 41, 49, 71, 101, 151, 199, 301, 501, 701, 901, 999]
DIGIT_KS = [1, 3, 5, 7, 11, 21, 31, 51, 101, 201, 301, 501, 701, 1001]
NUM_SEEDS = 6
SIZES = [10, 30, 100, 300, 1000]
LIMIT_SEEDS = 10
DISC_RADIUS = math.sqrt(2 / math.pi)  # the default of `radial`
RADIAL_LIMIT = 1.0
RADIAL_CENTERS, RADIAL_MAP = map_grid(RADIAL_LIMIT)
RADIAL_TRAIN, RADIAL_TEST = 200, 1_000


def error_by_k(num_points: int, points: str, label_noise: float) -> Figure:
    """Training error and expected risk of the vote of K neighbours over K, on a log axis.

    Args:
        num_points: training points.
        points: "two Gaussians" (two apart, in the plane) or "disc" (inside or outside a circle).
        label_noise: probability that a label, of training or test, is the wrong one.
    """
    ks = [k for k in KS if k <= num_points]
    train, risk = _errors_by_k(num_points, points, label_noise)
    medians = risk.quantile(0.5, dim=0)
    best = int(medians.argmin())
    least = label_noise + (1 - 2 * label_noise) * (0 if points == "disc" else bayes_error(2.0))
    figure = one_panel(
        [
            *curve_with_spread(ks, train, "training error", TRAIN_COLOR),
            *curve_with_spread(ks, risk, "expected risk", TEST_COLOR),
            level(least, [0.8, 1_250], "Bayes error"),
            dots([ks[best]], medians[[best]].numpy(), "lowest", TEST_COLOR, size=12),
        ],
        axis("number of neighbours K", -0.1, 3.1, log=True),
        axis("share of wrong answers", -0.02, 0.62),
    )
    return with_status(
        figure,
        f"{num_points} training points: the expected risk is lowest at K = {ks[best]}: "
        f"{medians[best]:.3f}. At K = 1 it is {medians[0]:.3f}, at K = {ks[-1]} "
        f"{medians[-1]:.3f}. The Bayes error is {least:.3f}.",
    )


def two_coins(distance: float, x: float) -> Figure:
    """Where the best rule and one neighbour err, and how their errors fall with more points.

    Args:
        distance: of the two unit bell curves.
        x: a place on the axis, marked.
    """
    grid = torch.linspace(-5, 5, 161)
    best, one = _errors_at(grid, distance)
    here = torch.tensor([x])
    density, q = mixture_density(here, distance).item(), class_probability(here, distance).item()
    best_here, one_here = min(q, 1 - q), 2 * q * (1 - q)
    least, limit = bayes_error(distance), one_neighbor_error(distance)
    one_runs, many_runs = _risks_by_size(distance)
    figure = two_panels(
        [
            *error_areas(grid.numpy(), best.numpy(), one.numpy()),
            line([x, x], [0, density * one_here], "", GRAY, width=1, showlegend=False),
            dots(
                [x, x],
                [density * best_here, density * one_here],
                "",
                [GRAY, PURPLE],
                size=10,
                showlegend=False,
            ),
            *curve_with_spread(SIZES, one_runs / least, "K = 1", PURPLE, panel=2),
            *curve_with_spread(SIZES, many_runs / least, "K = √N", GREEN, panel=2),
            level(1, [8, 1_250], "Bayes error R*", panel=2),
            level(limit / least, [8, 1_250], "limit for K = 1", dash="dash", panel=2),
        ],
        upper=(axis("x", -5, 5), axis("errors per unit of x", -0.01, 0.21)),
        lower=(
            axis("training points N", 0.9, 3.1, log=True),
            axis("expected risk / R*", 0.9, 2.1, dtick=0.5, tick0=1),
        ),
        upper_share=0.5,
    )
    return with_status(
        figure,
        f"At x = {x:g} a label is 1 with probability {q:.4f}: the best answer is wrong with "
        f"probability {best_here:.4f}, one neighbour's with {one_here:.4f}, "
        f"{2 * (1 - best_here):.2f} times as often. Over all x: {least:.4f} and {limit:.4f}, "
        f"at most {2 * least * (1 - least):.4f}.",
    )


def radius_map(feature: str, k: int, label_noise: float) -> Figure:
    """Votes of the K nearest of 200 points inside and outside a circle.

    Args:
        feature: "coordinates" to measure distances in the plane, "radius" between radii.
        k: number of neighbours.
        label_noise: probability that a label, of training or test, is the wrong one.
    """
    X, y = radial(RADIAL_TRAIN, seed=0, label_noise=label_noise)
    _, y_test = radial(RADIAL_TEST, seed=1, label_noise=label_noise)
    model = NearestNeighbors(_feature(X, feature), y)
    votes = y[_radial_order(feature, "map")][:, :k].float().mean(dim=1)
    answers = vote_winners(y[_radial_order(feature, "test")], [k])[:, 0]
    test = (answers != y_test).float().mean().item()
    train = model.errors(_feature(X, feature), y, [k]).item()
    return with_status(
        decision_map(RADIAL_CENTERS, votes, X, y, slots=RADIAL_TRAIN),
        f"K = {k} neighbours by {feature}: {train:.1%} of the {RADIAL_TRAIN} training points are "
        f"wrong, {test:.1%} of {RADIAL_TEST:,} new ones; the best possible is {label_noise:.0%}.",
    )


def errors_on_two_gaussians(num_points: int, ks: list[int], *, num_sets: int = 10) -> Tensor:
    """Test errors (2,000 new points) of training sets on a line, classes two apart, (sets, ks)."""
    errors = torch.empty(num_sets, len(ks))
    for seed in range(num_sets):
        model = NearestNeighbors(*two_gaussians(num_points, num_features=1, seed=seed))
        new = two_gaussians(2_000, num_features=1, seed=num_sets + seed)
        errors[seed] = model.errors(*new, ks)
    return errors


def digits_error_curve() -> Figure:
    """Training and test error of the votes of K digits, over K."""
    curves = zip(
        ("training error", "test error"), (TRAIN_COLOR, TEST_COLOR), digits_errors(), strict=True
    )
    return one_panel(
        [
            line(list(errors), list(errors.values()), name, color, mode="lines+markers")
            for name, color, errors in curves
        ],
        axis("number of neighbours K", -0.1, 3.1, log=True),
        axis("share of wrong answers", -0.02, 0.52),
        height=330,
    )


@lru_cache(maxsize=1)
def digits_errors() -> tuple[dict[int, float], dict[int, float]]:
    """Training and test error on the digits for every K of `DIGIT_KS`."""
    (X, y), test = split_digits()
    model = NearestNeighbors(X, y, num_classes=10)
    pairs = (model.errors(X, y, DIGIT_KS), model.errors(*test, DIGIT_KS))
    return tuple(dict(zip(DIGIT_KS, errors.tolist(), strict=True)) for errors in pairs)


def _feature(X: Tensor, feature: str) -> Tensor:
    return X.norm(dim=1, keepdim=True) if feature == "radius" else X


@lru_cache(maxsize=4)
def _radial_order(feature: str, queries: str) -> Tensor:
    """Training points by distance from every cell of the map, or from every test point."""
    X, y = radial(RADIAL_TRAIN, seed=0, label_noise=0.0)
    asked = RADIAL_MAP if queries == "map" else radial(RADIAL_TEST, seed=1, label_noise=0.0)[0]
    model = NearestNeighbors(_feature(X, feature), y)
    return model.neighbors(_feature(asked, feature), RADIAL_TRAIN)


@lru_cache(maxsize=8)
def _world(points: str, label_noise: float) -> tuple[Tensor, Tensor, Tensor]:
    """A grid over the plane: its points (cells, 2), their probability, and P(class 1) there."""
    if points == "disc":
        _, X = map_grid(1.0, 38)
        weights = torch.ones(len(X))
        q = (X.norm(dim=1) < DISC_RADIUS).float()
    else:
        X = torch.cartesian_prod(map_grid(5.0, 80)[0], map_grid(4.0, 20)[0])
        weights = mixture_density(X[:, 0], 2.0) * mixture_density(X[:, 1], 0.0)
        q = class_probability(X[:, 0], 2.0)
    return X, weights / weights.sum(), label_noise + (1 - 2 * label_noise) * q


@lru_cache(maxsize=64)
def _errors_by_k(num_points: int, points: str, label_noise: float) -> tuple[Tensor, Tensor]:
    """Training errors and expected risks, each (seeds, ks)."""
    make = {"two Gaussians": two_gaussians, "disc": radial}[points]
    ks = [k for k in KS if k <= num_points]
    _, weights, q = _world(points, label_noise)
    train, risk = torch.empty(2, NUM_SEEDS, len(ks))
    for seed in range(NUM_SEEDS):
        _, y = make(num_points, seed=seed, label_noise=label_noise)
        order, order_in_world = _order(points, num_points, seed)
        train[seed] = (vote_winners(y[order], ks) != y[:, None]).float().mean(dim=0)
        answers = vote_winners(y[order_in_world], ks)  # (cells, ks)
        risk[seed] = weights @ torch.where(answers == 1, 1 - q[:, None], q[:, None])
    return train, risk


@lru_cache(maxsize=64)
def _order(points: str, num_points: int, seed: int) -> tuple[Tensor, Tensor]:
    """Training points by distance, from each training point and from each point of the world."""
    make = {"two Gaussians": two_gaussians, "disc": radial}[points]
    X, y = make(num_points, seed=seed, label_noise=0.0)
    model = NearestNeighbors(X, y)
    largest = max(k for k in KS if k <= num_points)
    return model.neighbors(X, largest), model.neighbors(_world(points, 0.0)[0], largest)


def _errors_at(x: Tensor, distance: float) -> tuple[Tensor, Tensor]:
    """Errors of the best rule and of one neighbour at x, times the density of x."""
    q, density = class_probability(x, distance), mixture_density(x, distance)
    return torch.minimum(q, 1 - q) * density, 2 * q * (1 - q) * density


@lru_cache(maxsize=16)
def _risks_by_size(distance: float) -> tuple[Tensor, Tensor]:
    """Expected risks of trained rules with K = 1 and K = sqrt(n) neighbours, (seeds, sizes)."""
    x = torch.linspace(-distance / 2 - 4, distance / 2 + 4, 241)
    q, weights = class_probability(x, distance), mixture_density(x, distance)
    risks = torch.empty(2, LIMIT_SEEDS, len(SIZES))
    for seed in range(LIMIT_SEEDS):
        for column, n in enumerate(SIZES):
            model = NearestNeighbors(
                *two_gaussians(n, num_features=1, distance=distance, seed=seed)
            )
            for row, k in enumerate((1, math.isqrt(n - 1) | 1)):  # odd, so that votes can't tie
                wrong = torch.where(model.predict(x[:, None], k) == 1, 1 - q, q)
                risks[row, seed, column] = (wrong * weights).sum() / weights.sum()
    return risks[0], risks[1]
