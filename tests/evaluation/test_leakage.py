"""Choosing features before folding makes noise look like knowledge; inside the folds it doesn't."""

import pytest
import torch

from dlbook.evaluation.cross_validation import cross_validate
from dlbook.evaluation.leakage import cross_validate_selection

SETTINGS = {"num_cases": 50, "num_features": 500, "num_kept": 20, "num_sets": 60}


@pytest.mark.parametrize("seed", range(3))
def test_inside_the_folds_noise_stays_noise(seed):
    scores = cross_validate_selection(**SETTINGS, inside=True, seed=seed)
    assert abs(scores.mean() - 0.5) < 3 * scores.std() / len(scores) ** 0.5 + 0.01


@pytest.mark.parametrize("seed", range(3))
def test_before_the_folds_noise_looks_like_knowledge(seed):
    scores = cross_validate_selection(**SETTINGS, inside=False, seed=seed)
    assert scores.median() > 0.85
    assert scores.min() > 0.6


def test_more_features_flatter_more():
    medians = [
        cross_validate_selection(**SETTINGS | {"num_features": d}, inside=False, seed=0).median()
        for d in (20, 100, 500, 2_000)
    ]
    assert medians == sorted(medians)


@pytest.mark.parametrize("inside", [False, True])
def test_equals_cross_validation_of_the_two_steps(inside):
    """The same procedure through `cross_validate`, compared over many data sets."""

    def keep(X, y):
        return (X[y == 1].mean(0) - X[y == 0].mean(0)).abs().topk(10).indices

    def nearest_centroid(X, y):
        centroids = torch.stack([X[y == c].mean(0) for c in (0, 1)])
        return lambda inputs: torch.cdist(inputs, centroids).argmin(1)

    def both_steps(X, y):
        kept = keep(X, y)
        predict = nearest_centroid(X[:, kept], y)
        return lambda inputs: predict(inputs[:, kept])

    slow, generator = [], torch.Generator().manual_seed(5)
    for seed in range(60):
        X = torch.randn(40, 200, generator=generator)
        y = torch.randperm(40, generator=generator) % 2
        X, learner = (X, both_steps) if inside else (X[:, keep(X, y)], nearest_centroid)
        slow.append(cross_validate(learner, X, y, num_folds=5, seed=seed).mean())
    slow = torch.stack(slow)
    fast = cross_validate_selection(40, 200, 10, inside=inside, num_sets=400, seed=1)
    standard_error = (slow.var() / len(slow) + fast.var() / len(fast)).sqrt()
    assert abs(slow.mean() - fast.mean()) < 3.5 * standard_error
