"""Explorer figures of the perceptron: a run in the plane inside the wedge of its proof."""

import math
from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.separable import strips
from dlbook.models.perceptron import (
    PerceptronRun,
    Proof,
    mistake_bound,
    mistakes_after,
    run_perceptron,
    track_proof,
)
from dlbook.plots import Figure, with_status
from dlbook.plots.decision_map import class_points, plane
from dlbook.plots.panels import axis, line, two_panels
from dlbook.plots.perceptron import inside_the_wedge, ringed, turning_arrow, wedge
from dlbook.plots.theme import GRAY, GREEN, PURPLE, RED

NUM_POINTS = 40
ANGLE = 0.9  # of w*, in radians
W_STAR = torch.tensor([math.cos(ANGLE), math.sin(ANGLE)])
LIMIT = 1.4
LAST = 4.0  # power of ten at the end of the axis of updates
EVIDENCE_MARGIN, EVIDENCE_RUNS = 0.02, 20


@lru_cache
def points(margin: float, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Two strips of 40 points, X (40, 2) and labels ±1."""
    X, y = strips(NUM_POINTS, margin, seed=seed, angle=ANGLE)
    return X, 2.0 * y - 1


@lru_cache
def run_and_proof(margin: float, order: str, seed: int = 0) -> tuple[PerceptronRun, Proof, Tensor]:
    """A run, its proof and the number of points that are wrong after each update."""
    X, y = points(margin, seed)
    run = run_perceptron(X, y, order=order, seed=seed)
    return run, track_proof(run, X, y, W_STAR), mistakes_after(run, X, y)


def perceptron_run(update: int, margin: float, order: str) -> Figure:
    """The weights after `update` updates, or after the last one if there are fewer.

    Args:
        update: k, from 0.
        margin: γ/2 of the points, up to the nearest one.
        order: one of `dlbook.models.perceptron.ORDERS`.
    """
    X, y = points(margin)
    run, proof, wrong = run_and_proof(margin, order)
    k = min(update, run.num_updates)
    before, after = run.weights[max(k - 1, 0)], run.weights[k]
    index = torch.arange(len(X))
    last_mistake = index == (int(run.mistakes[k - 1]) if k else -1)
    is_wrong = y * (X @ after) <= 0
    traces = [
        *turning_arrow(before, after, LIMIT),
        *(points | {"showlegend": False} for points in class_points(X, ((y + 1) / 2).long())),
        ringed(X, is_wrong, "wrong now", RED, size=14),
        ringed(X, last_mistake, "the mistake", GRAY, size=24) | {"showlegend": False},
        *wedge(float(proof.lower[1]), float(proof.upper[1]), 10**LAST, panel=2),
        *inside_the_wedge(
            proof.progress[1 : k + 1].numpy(), proof.length[1 : k + 1].numpy(), panel=2
        ),
    ]
    figure = two_panels(
        traces,
        plane(LIMIT, LIMIT),
        (axis("updates k", -0.1, LAST, log=True), axis("length", -2, 2.2, log=True)),
        height=860,
        upper_share=0.62,
    )
    return with_status(figure, _sentence(k, run, proof, wrong, mistake_bound(X, y, W_STAR)))


def wrong_and_progress() -> Figure:
    """Over 20 runs: the share of points wrong after each update, and w·w*."""
    traces = []
    for seed in range(EVIDENCE_RUNS):
        _, proof, wrong = run_and_proof(EVIDENCE_MARGIN, "worst first", seed)
        k = torch.arange(1, len(wrong))
        more = {"legendgroup": "runs", "showlegend": False, "width": 1.2}
        traces.append(line(k, wrong[1:] / NUM_POINTS, "wrong", PURPLE, **more))
        traces.append(line(k, proof.progress[1:], "w·w*", GREEN, panel=2, **more))
    ks = axis("updates k", 0, 70)
    return two_panels(
        traces,
        (ks, axis("share of points wrong", -0.02, 1.02)),
        (ks, axis("progress w·w*", 0, 5)),
        height=480,
    )


@lru_cache
def share_of_setbacks(margin: float, order: str) -> Tensor:
    """For 20 runs: of the updates after the first, the share that made more points wrong, (20,)."""
    shares = []
    for seed in range(EVIDENCE_RUNS):
        _, _, wrong = run_and_proof(margin, order, seed)
        rises = wrong[2:] > wrong[1:-1]
        shares.append(float(rises.float().mean()) if len(rises) else 0.0)
    return torch.tensor(shares)


def _sentence(k: int, run: PerceptronRun, proof: Proof, wrong: Tensor, bound: float) -> str:
    bound_in_words = f"no order takes more than {int(bound):,}".replace(",", "\u202f")
    if k == 0:
        return f"Before the first update w is 0 and all points count as wrong; {bound_in_words}."
    now = f"{int(wrong[k])} of {NUM_POINTS} points are wrong"
    end = " and the run is over" if k == run.num_updates else ""
    return (
        f"Update {k}: {now}{end}. w·w* is {proof.progress[k]:.2f}, at least {proof.lower[k]:.2f}; "
        f"‖w‖ is {proof.length[k]:.2f}, at most {proof.upper[k]:.2f}; {bound_in_words}."
    )
