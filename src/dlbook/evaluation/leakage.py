"""Cross-validation that leaks: features chosen with the labels of cases that are held out later."""

import torch
from torch import Tensor


def cross_validate_selection(
    num_cases: int,
    num_features: int,
    num_kept: int,
    *,
    inside: bool,
    num_folds: int = 5,
    num_sets: int,
    seed: int,
) -> Tensor:
    """Cross-validated accuracy of "keep the best features, then nearest centroid" on pure noise.

    Features are independent N(0, 1) and half of the labels are 1, at random: whatever is chosen,
    the true accuracy is 1/2. The features kept are those with the largest difference of the class
    means.

    Args:
        num_cases: n, an even multiple of num_folds.
        num_features: d.
        num_kept: features kept, at most d.
        inside: whether the features are chosen anew inside every fold, from its training cases
            only (right), or once from all cases before folding (wrong).
        num_folds: k.
        num_sets: data sets.
        seed: of everything.

    Returns:
        float64 (data sets,): mean accuracy over the folds.

    Reference: Hastie, Tibshirani, Friedman, "The elements of statistical learning", second edition,
    2009, section 7.10.2.
    """
    generator = torch.Generator().manual_seed(seed)
    scores = []
    for _ in range(num_sets):
        X = torch.randn(num_folds, num_cases // num_folds, num_features, generator=generator)
        y = (torch.randperm(num_cases, generator=generator) % 2).float().reshape(num_folds, -1)
        scores.append(_accuracy(X, y, num_kept, inside))
    return torch.stack(scores)


def _accuracy(X: Tensor, y: Tensor, num_kept: int, inside: bool) -> Tensor:
    """Mean accuracy over folds for X (folds, cases, features), y (folds, cases)."""
    member = torch.stack([1 - y, y], dim=1)  # (folds, classes, cases)
    sums, counts = member @ X, member.sum(2)[..., None]
    centroids = (sums.sum(0) - sums) / (counts.sum(0) - counts)  # trained without the fold
    seen = centroids if inside else (sums.sum(0) / counts.sum(0)).expand_as(centroids)
    kept = (seen[:, 1] - seen[:, 0]).abs().topk(num_kept, dim=1).indices  # (folds, kept)
    X = X.gather(2, kept[:, None].expand(-1, X.shape[1], -1))
    centroids = centroids.gather(2, kept[:, None].expand(-1, 2, -1))
    distances = (X[:, :, None] - centroids[:, None]).square().sum(3)  # (folds, cases, classes)
    return (distances.argmin(2) == y).double().mean()
