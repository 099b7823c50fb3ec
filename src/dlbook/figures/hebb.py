"""Explorer figures of Hebb's and Oja's rules on a cloud, and of ADALINE beside a perceptron."""

import math
from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.toy_classification import blobs
from dlbook.models.best_line import fewest_errors
from dlbook.models.hebb import adaline, angle_between, hebb, oja, principal_direction
from dlbook.models.perceptron import train_in_passes, with_constant
from dlbook.plots import Figure, with_status
from dlbook.plots.decision_map import class_points, plane
from dlbook.plots.error_curves import level
from dlbook.plots.half_planes import arrow, border
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import GRAY, GREEN, PURPLE, RED
from dlbook.random import normal

NUM_POINTS, NUM_STEPS = 200, 300
LIMIT = 3.2
TILT = math.radians(30)  # of the cloud's long axis
RULES = {"Hebb": hebb, "Oja": oja}
NUM_PASSES, NUM_OVERLAPPING, PLANE = 20, 100, 3.0


@lru_cache
def cloud(classes: str, seed: int = 0) -> tuple[Tensor, Tensor]:
    """A centred cloud three times as long as wide, and labels that differ "along" it or "across".

    Returns:
        X (200, 2), y (200,) in {0, 1}.
    """
    y = torch.arange(NUM_POINTS) % 2
    side = 2.0 * y - 1
    z = normal((NUM_POINTS, 2), seed=seed)
    if classes == "along":
        long, short = 1.1 * side + 0.45 * z[:, 0], 0.45 * z[:, 1]
    else:
        long, short = 1.2 * z[:, 0], 0.4 * side + 0.12 * z[:, 1]
    cos, sin = math.cos(TILT), math.sin(TILT)
    X = torch.stack([cos * long - sin * short, sin * long + cos * short], dim=1)
    return X - X.mean(dim=0), y


@lru_cache
def path(rule: str, classes: str, lr: float, seed: int = 0) -> Tensor:
    """The weights of `NUM_STEPS` steps, from a short arrow across the cloud, (steps + 1, 2)."""
    X, _ = cloud(classes, seed)
    start = 0.5 * torch.tensor([math.cos(TILT + 1.7), math.sin(TILT + 1.7)])
    return RULES[rule](X, start, lr=lr, num_steps=NUM_STEPS, seed=seed + 100)


def hebb_and_oja(step: int, rule: str, lr: float, classes: str) -> Figure:
    """The weights as an arrow in the cloud that they learn from, and their angle to its long axis.

    Args:
        step: 0 to 300.
        rule: "Hebb" or "Oja".
        lr: η.
        classes: whether the labels, which the rule never sees, differ "along" the cloud or
            "across" it.
    """
    X, y = cloud(classes)
    weights, direction = path(rule, classes, lr), principal_direction(X)
    w = weights[step]
    angles = angle_between(weights, direction)
    shown = w * min(1.0, 1.5 * LIMIT / float(w.norm()))
    tips = weights[: step + 1].clamp(-2 * LIMIT, 2 * LIMIT)
    long = torch.stack([-LIMIT * direction, LIMIT * direction])
    figure = two_panels(
        [
            *class_points(X, y, size=5),
            line(
                long[:, 0], long[:, 1], "direction of largest variance", GRAY, line={"dash": "dot"}
            ),
            line(tips[:, 0], tips[:, 1], "way of w", PURPLE, width=1.5),
            arrow((0.0, 0.0), tuple(shown.tolist()), "w", GREEN, size=2 * LIMIT, width=4),
            line(torch.arange(len(angles)), angles, "angle", PURPLE, panel=2, showlegend=False),
            dots([step], [float(angles[step])], "now", GREEN, size=11, panel=2, showlegend=False),
        ],
        plane(LIMIT, LIMIT),
        (axis("step", 0, NUM_STEPS), axis("angle to the long axis (°)", -2, 92)),
        height=760,
        upper_share=0.66,
    )
    wrong = sign_errors(X, y, w)
    length = f"{w.norm():.2f}" if w.norm() < 1e4 else f"{w.norm():.0e}"
    return with_status(
        figure,
        f"{rule}, step {step}: ‖w‖ = {length}, {angles[step]:.0f}° from the long axis. As a "
        f"classifier its sign would be wrong about {wrong:.0%} of the points.",
    )


def sign_errors(X: Tensor, y: Tensor, w: Tensor) -> float:
    """Share of points that the sign of w·x gets wrong, w taken with its better sign."""
    wrong = float(((X @ w >= 0) != (y == 1)).double().mean())
    return min(wrong, 1 - wrong)


@lru_cache
def overlapping(noise: float, seed: int) -> tuple[Tensor, Tensor]:
    """Two clouds of 50 points with a constant input, (100, 3), and labels ±1."""
    X, y = blobs(NUM_OVERLAPPING, noise, seed=seed)
    return with_constant(X), 2.0 * y - 1


@lru_cache
def two_learners(noise: float, lr: float, seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Perceptron and ADALINE over 20 passes: weights (21, 3) and errors (21,) of each."""
    X, y = overlapping(noise, seed)
    perceptron = passes_of_a_perceptron(noise, seed)
    steps = adaline(X, y, lr=lr, num_steps=NUM_PASSES * len(X), seed=seed)
    lms = steps[:: len(X)]
    return perceptron, lms, *(_errors(X, y, w) for w in (perceptron, lms))


@lru_cache
def passes_of_a_perceptron(noise: float, seed: int) -> Tensor:
    """Its weights before and after each of 20 passes, some of them equal if it rests, (21, 3)."""
    weights, _ = train_in_passes(*overlapping(noise, seed), max_passes=NUM_PASSES)
    at_rest = weights[-1:].expand(NUM_PASSES - len(weights), -1)
    return torch.cat([torch.zeros(1, 3), weights, at_rest])


def restless(passes: int, noise: float, lr: float, seed: int) -> Figure:
    """The lines of a perceptron and of ADALINE after some passes, and their errors after each.

    Args:
        passes: 0 to 20.
        noise: standard deviation of each cloud.
        lr: η of ADALINE.
        seed: of the points.
    """
    X, y = overlapping(noise, seed)
    w_perceptron, w_lms, *errors = two_learners(noise, lr, seed)
    traces = [*class_points(X[:, :2], ((y + 1) / 2).long(), size=6)]
    names = (("perceptron", RED), ("ADALINE", GREEN))
    for (name, color), weights in zip(names, (w_perceptron, w_lms), strict=True):
        w = weights[passes].tolist()
        traces.append(border(w[:2], w[2], -PLANE, PLANE, name, color, showlegend=False))
    for (name, color), error in zip(names, errors, strict=True):
        traces.append(line(torch.arange(NUM_PASSES + 1), error, name, color, panel=2))
        now = dots([passes], [float(error[passes])], name, color, size=11, panel=2)
        traces.append(now | {"showlegend": False})
    best = _best(noise, seed)
    traces.append(level(best, (0, NUM_PASSES), "best of all lines", panel=2))
    figure = two_panels(
        traces,
        plane(PLANE, PLANE),
        (axis("passes", -0.3, NUM_PASSES + 0.3), axis("share wrong", -0.02, 0.62)),
        height=760,
        upper_share=0.64,
    )
    now = ", ".join(f"{n} {e[passes]:.2f}" for (n, _), e in zip(names, errors, strict=True))
    return with_status(
        figure,
        f"After {passes} passes, share of wrong points: {now}; best of all lines {best:.2f}.",
    )


@lru_cache
def late_turns(noise: float, lr: float, seed: int) -> tuple[float, float]:
    """By how many degrees the normals of perceptron and ADALINE turn, in the mean, in each of the
    last ten passes."""
    turns = []
    for weights in two_learners(noise, lr, seed)[:2]:
        late = weights[-11:, :2]
        units = late / late.norm(dim=1, keepdim=True)
        cosines = (units[1:] * units[:-1]).sum(dim=1).clamp(-1, 1)
        turns.append(math.degrees(float(cosines.acos().mean())))
    return tuple(turns)


@lru_cache
def _best(noise: float, seed: int) -> float:
    X, y = overlapping(noise, seed)
    return fewest_errors(X[:, :2], ((y + 1) / 2).long()) / len(X)


def _errors(X: Tensor, y: Tensor, weights: Tensor) -> Tensor:
    errors = (y[:, None] * (X @ weights.T) <= 0).double().mean(dim=0)
    errors[0] = 0.5  # there is no line yet
    return errors
