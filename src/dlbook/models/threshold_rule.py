"""The discriminative rule of one number: class 1 from a threshold on, chosen by its errors."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class ThresholdRule:
    """Class 1 where x >= threshold, else class 0."""

    threshold: float

    @classmethod
    def fit(cls, x: Tensor, y: Tensor) -> "ThresholdRule":
        """The rule with the fewest errors on samples `x` (n,) with labels `y` (n,) of 0 and 1.

        All thresholds between two neighbouring samples err alike; the middle of the lowest best
        gap is taken.
        """
        values = x.unique()  # sorted
        outside = torch.stack([values[0] - 1, values[-1] + 1])
        edges = torch.cat([outside[:1], values, outside[1:]])
        middles = (edges[1:] + edges[:-1]) / 2
        return cls(float(middles[threshold_errors(x, y, middles).argmin()]))

    def predict(self, x: Tensor) -> Tensor:
        """The class of each x, (n,)."""
        return (x >= self.threshold).long()


def threshold_errors(x: Tensor, y: Tensor, thresholds: Tensor) -> Tensor:
    """How many of the samples each threshold gets wrong, as integers of shape (thresholds,)."""
    predicted = x >= thresholds[:, None]  # (thresholds, n)
    return (predicted != (y == 1)).sum(dim=1)
