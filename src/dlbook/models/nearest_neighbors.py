"""The k nearest neighbours rule: ask the most similar known cases and let them vote."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import one_hot


@dataclass(frozen=True)
class NearestNeighbors:
    """The training set itself, asked anew for every prediction.

    Args:
        X: training inputs, (n, d).
        y: their labels 0 .. num_classes - 1, (n,) int64.
        num_classes: two or more.
        p: distances are (sum_j |a_j - b_j|^p)^(1/p): 2 Euclidean, 1 city block, inf largest.

    Where distances tie the earlier training sample counts as nearer, where votes tie the lower
    class wins.

    Reference: Fix and Hodges, "Discriminatory analysis" (1951).
    """

    X: Tensor
    y: Tensor
    num_classes: int = 2
    p: float = 2.0

    def neighbors(self, X: Tensor, k: int) -> Tensor:
        """Indices of the `k` training samples nearest to each row of `X`, as (rows, k)."""
        if not 1 <= k <= len(self.X):
            raise ValueError(f"k must be 1 to {len(self.X)} (the training samples), not {k!r}")
        distances = torch.cdist(  # (rows, n); exact differences, so that equal inputs are at 0
            X, self.X, p=self.p, compute_mode="donot_use_mm_for_euclid_dist"
        )
        return distances.sort(dim=1, stable=True).indices[:, :k]

    def votes(self, X: Tensor, k: int) -> Tensor:
        """The share of the `k` neighbours that has each class, as (rows, num_classes)."""
        return self._ballots(X, k).mean(dim=1)

    def predict(self, X: Tensor, k: int) -> Tensor:
        """The class with most votes among the `k` neighbours, (rows,)."""
        return self.votes(X, k).argmax(dim=1)

    def errors(self, X: Tensor, y: Tensor, ks: list[int]) -> Tensor:
        """The share of wrong predictions for every k in `ks`, as (len(ks),).

        The neighbours are looked up once, for the largest k.
        """
        labels = self.y[self.neighbors(X, max(ks))]  # (rows, largest k)
        winners = vote_winners(labels, ks, num_classes=self.num_classes)
        return (winners != y[:, None]).float().mean(dim=0)

    def _ballots(self, X: Tensor, k: int) -> Tensor:
        return one_hot(self.y[self.neighbors(X, k)], self.num_classes).float()


def vote_winners(labels: Tensor, ks: list[int], *, num_classes: int = 2) -> Tensor:
    """The class that wins the vote of the first k labels, for every k in `ks`.

    Args:
        labels: of each query's neighbours, nearest first, (queries, at least the largest k).
        ks: numbers of neighbours.

    Returns:
        Classes, (queries, len(ks)).
    """
    counts = one_hot(labels, num_classes).cumsum(dim=1)  # (queries, k, num_classes)
    return counts[:, torch.tensor(ks) - 1].argmax(dim=2)
