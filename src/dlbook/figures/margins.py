"""Figures of margins: the free street at every angle, perceptrons beside SVMs, soft streets."""

import math
from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.separable import strips
from dlbook.datasets.toy_classification import blobs
from dlbook.models.linear_svm import LinearSVM, fit_svm, gap_along, support_vectors
from dlbook.models.perceptron import run_perceptron, with_constant
from dlbook.plots import Figure, with_status
from dlbook.plots.decision_map import POINT_OUTLINE, plane
from dlbook.plots.margins import street, touching_points
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import GREEN, PURPLE, RED

LIMIT = 2.4
NUM_SEPARABLE, NUM_SOFT = 30, 60
ANGLES = torch.arange(-90, 91)
NUM_PERCEPTRONS = 30
NUM_NEW = 2_000
NUM_STEPS = 1_200  # of subgradient descent
HARD = 1e-3  # a penalty so small that at most two points stand in the street
TOUCHING = 0.02  # units: at a whole degree the third point of a peak is not touched exactly


@lru_cache
def separable_points(seed: int) -> tuple[Tensor, Tensor]:
    """Two clouds of 15 points that a line parts, (30, 2), and labels ±1."""
    X, y = blobs(NUM_SEPARABLE, 0.42, seed=seed, margin=0.12)
    angle = math.radians(20.0 * (seed % 3) - 20.0)  # not all streets run upright
    turn = torch.tensor([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return X @ turn, 2.0 * y - 1


@lru_cache
def widths(seed: int) -> Tensor:
    """Width of the free street at each of `ANGLES`; negative where the classes overlap."""
    X, y = separable_points(seed)
    start, end = gap_along(X, y, _unit(ANGLES.float()))
    return end - start


@lru_cache
def perceptron_streets(seed: int) -> tuple[Tensor, Tensor]:
    """The directions of 30 perceptrons that saw the points in other orders.

    Returns:
        the angles of their normals (30,), in degrees, and the widths of the widest free streets
        in these directions (30,). Where the perceptron's own line runs in the street is left out.
    """
    X, y = separable_points(seed)
    found = []
    for order in range(NUM_PERCEPTRONS):
        w = _last_weights(X, y, order)[:2]
        found.append(torch.rad2deg(torch.atan2(w[1], w[0])))
    angles = torch.stack(found)
    start, end = gap_along(X, y, _unit(angles))
    return angles, end - start


WORLDS = {
    "strips": lambda num_points, seed: strips(num_points, 0.1, seed=seed),
    "clouds": lambda num_points, seed: blobs(num_points, 0.42, seed=seed, margin=0.12),
}


@lru_cache
def errors_on_new_points(world: str, num_sets: int = 20) -> tuple[Tensor, Tensor]:
    """Share of 2,000 new points that perceptrons and the SVM get wrong after the same 30 points.

    Args:
        world: "strips", where a street of width 0.2 is free of points in truth too, or "clouds".

    Returns:
        (sets, 30 perceptrons that saw the points in other orders) and (sets,).
    """
    perceptrons, svms = [], []
    for seed in range(num_sets):
        X_new, y_new = _with_signs(*WORLDS[world](NUM_NEW, 1_000 + seed))
        finals, svm = _classifiers(world, seed)
        scores = with_constant(X_new) @ finals.T
        perceptrons.append((y_new[:, None] * scores <= 0).float().mean(dim=0))
        svms.append((svm.predict(X_new.double()) != y_new).float().mean())
    return torch.stack(perceptrons), torch.stack(svms)


def directions(world: str, num_sets: int = 20) -> tuple[Tensor, Tensor]:
    """Angles in degrees of the normals of those perceptrons (sets, 30) and SVMs (sets,)."""
    found = [_classifiers(world, seed) for seed in range(num_sets)]
    normals = torch.stack([finals for finals, _ in found]), torch.stack([svm.w for _, svm in found])
    return tuple(torch.rad2deg(torch.atan2(w[..., 1], w[..., 0])) for w in normals)


@lru_cache
def _classifiers(world: str, seed: int) -> tuple[Tensor, LinearSVM]:
    X, y = _with_signs(*WORLDS[world](NUM_SEPARABLE, seed))
    finals = torch.stack([_last_weights(X, y, order) for order in range(NUM_PERCEPTRONS)])
    return finals, fit_svm(X, y, HARD, num_steps=NUM_STEPS)


def perceptrons_and_svms() -> Figure:
    """Those errors in both worlds: for each training set a column of perceptrons and one SVM."""
    traces, means = [], []
    for panel, world in enumerate(WORLDS, start=1):
        perceptrons, svms = errors_on_new_points(world)
        sets = torch.arange(len(svms))
        columns = sets[:, None].expand_as(perceptrons).flatten()
        more = {"panel": panel, "showlegend": panel == 1}
        diamond = {"symbol": "diamond"} | POINT_OUTLINE
        traces.append(dots(columns, perceptrons.flatten(), "a perceptron", PURPLE, size=5, **more))
        traces.append(dots(sets, svms, "the SVM", GREEN, size=11, marker=diamond, **more))
        means.append(f"{world}: perceptrons {perceptrons.mean():.4f}, SVM {svms.mean():.4f}")
    sets_axis = axis("training set of 30 points", -0.7, len(svms) - 0.3)
    heights = [axis(f"wrong in {world}", -0.005, 0.12) for world in WORLDS]
    figure = two_panels(traces, *((sets_axis, height) for height in heights), height=520)
    return with_status(figure, f"Mean share of new points wrong, {'; '.join(means)}.")


def free_street(angle: int, seed: int) -> Figure:
    """The widest street across one direction that holds no point, and its width at all angles.

    Args:
        angle: of the normal, −90 to 90 degrees.
        seed: of the points.
    """
    X, y = separable_points(seed)
    u = _unit(torch.tensor([float(angle)]))[0]
    start, end = (float(value) for value in gap_along(X, y, u))
    reach = X @ u
    touched = (reach >= start - TOUCHING) & (y < 0) | (reach <= end + TOUCHING) & (y > 0)
    all_widths = widths(seed)
    angles, others = perceptron_streets(seed)
    best = int(all_widths.argmax())
    here = [max(end - start, -1.0)]
    figure = two_panels(
        [
            *street(u, start, end, LIMIT),
            *touching_points(X, y, touched, "touched"),
            line(ANGLES, all_widths.clamp(min=-1), "width", GREEN, panel=2, showlegend=False),
            dots(angles, others, "directions of 30 perceptrons", PURPLE, size=7, panel=2),
            dots([angle], here, "here", RED, size=13, panel=2, showlegend=False),
        ],
        plane(LIMIT, LIMIT),
        (axis("angle of the normal (°)", -90, 90, dtick=30), axis("street width", -1, 1.6)),
        height=820,
        upper_share=0.66,
    )
    now = f"{end - start:.2f} wide" if end > start else "closed: the classes overlap there"
    return with_status(
        figure,
        f"At {angle}° the street is {now}. The widest, {all_widths[best]:.2f}, is at "
        f"{int(ANGLES[best])}°.".replace("-", "−"),
    )


@lru_cache
def soft_points(noise: float, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Two clouds of 30 points that may overlap, and labels ±1."""
    X, y = blobs(NUM_SOFT, noise, seed=seed)
    return X, 2.0 * y - 1


@lru_cache
def soft_street(penalty: float, noise: float, seed: int = 0) -> LinearSVM:
    """The SVM of those points."""
    return fit_svm(*soft_points(noise, seed), penalty, num_steps=NUM_STEPS)


@lru_cache
def street_without_the_others(penalty: float, noise: float, seed: int = 0) -> LinearSVM:
    """The SVM of its own support vectors alone, each of the same weight as before.

    With K of N points kept, λ N/K in place of λ leaves the objective of those K as it was.
    """
    X, y = soft_points(noise, seed)
    kept = support_vectors(soft_street(penalty, noise, seed), X, y, slack=0.05)
    return fit_svm(X[kept], y[kept], penalty * len(X) / int(kept.sum()), num_steps=NUM_STEPS)


def _with_signs(X: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    return X, 2.0 * y - 1


def _last_weights(X: Tensor, y: Tensor, order: int) -> Tensor:
    """Of a perceptron with a constant input that takes its mistakes at random."""
    return run_perceptron(with_constant(X), y, order="at random", seed=order).weights[-1]


def _unit(degrees: Tensor) -> Tensor:
    radians = torch.deg2rad(degrees)
    return torch.stack([radians.cos(), radians.sin()], dim=-1)
