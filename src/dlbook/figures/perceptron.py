"""The perceptron on points that a line through the origin parts: runs, their proofs, setbacks."""

import math
from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.separable import strips
from dlbook.models.perceptron import (
    PerceptronRun,
    Proof,
    mistakes_after,
    run_perceptron,
    track_proof,
)
from dlbook.plots import Figure
from dlbook.plots.panels import axis, line, two_panels
from dlbook.plots.theme import GREEN, PURPLE

NUM_POINTS = 40
ANGLE = 0.9  # of w*, in radians
W_STAR = torch.tensor([math.cos(ANGLE), math.sin(ANGLE)])
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
