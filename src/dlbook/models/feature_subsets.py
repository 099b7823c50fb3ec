"""Many candidate classifiers at no cost: one nearest-centroid rule for each subset of features."""

import torch
from torch import Tensor

from dlbook import random


def random_subsets(num_subsets: int, num_features: int, subset_size: int, *, seed: int) -> Tensor:
    """Random subsets of features as masks of 0 and 1, float32 (subsets, features).

    Raises:
        ValueError: subset_size is not from 1 to num_features.
    """
    if not 1 <= subset_size <= num_features:
        raise ValueError(f"subset_size must be from 1 to {num_features}, not {subset_size}")
    ranks = random.uniform((num_subsets, num_features), seed=seed).argsort(1).argsort(1)
    return (ranks < subset_size).float()


def predict_on_subsets(
    X: Tensor, y: Tensor, X_new: Tensor, masks: Tensor, *, num_classes: int
) -> Tensor:
    """The labels that nearest-centroid rules predict, each looking at its own features only.

    With μ_c the mean of the training inputs of class c, rule k predicts
    argmin_c Σ_{j in subset k} (x_j − μ_cj)².

    Args:
        X: training inputs, (n, features).
        y: training labels 0 .. num_classes − 1, every class present, (n,).
        X_new: inputs to predict, (m, features).
        masks: one row of 0 and 1 a rule, (rules, features).
        num_classes: two or more.

    Returns:
        int64 (rules, m).

    Raises:
        ValueError: a class has no training case.
    """
    missing = set(range(num_classes)) - set(y.tolist())
    if missing:
        raise ValueError(f"no training case of class {min(missing)}")
    centroids = torch.stack([X[y == c].mean(0) for c in range(num_classes)])
    squares = (X_new[:, None] - centroids).square()  # (m, classes, features)
    return (squares @ masks.T).argmin(1).T  # (rules, m)
