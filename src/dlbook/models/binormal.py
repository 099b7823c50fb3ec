"""Scores of two groups that follow unit Gaussians: rates, curves and costs in closed form."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from dlbook.metrics import Confusion

_Phi = torch.special.ndtr


@dataclass(frozen=True)
class Binormal:
    """Scores N(0, 1) of the negative and N(d, 1) of the positive cases, a fraction π of all.

    With Φ the standard normal distribution function, a threshold t gives

        FPR(t) = Φ(−t),   TPR(t) = Φ(d − t),   AUC = Φ(d/√2),
        precision(t) = π TPR / (π TPR + (1 − π) FPR).

    Attributes:
        distance: d, at least 0, in standard deviations of a score.
        prevalence: π, in (0, 1).

    Raises:
        ValueError: d or π lies outside its range.

    Reference: Green and Swets, "Signal detection theory and psychophysics", 1966, chapter 3.
    """

    distance: float
    prevalence: float = 0.5

    def __post_init__(self):
        if not (self.distance >= 0 and 0 < self.prevalence < 1):
            raise ValueError(
                "need distance >= 0 and prevalence in (0, 1), "
                f"not {self.distance} and {self.prevalence}"
            )

    def fpr(self, threshold: Tensor) -> Tensor:
        """False-positive rate at each threshold, float64."""
        return _Phi(-threshold.double())

    def tpr(self, threshold: Tensor) -> Tensor:
        """True-positive rate at each threshold, float64."""
        return _Phi(self.distance - threshold.double())

    def precision(self, threshold: Tensor) -> Tensor:
        """Fraction of the alarms that are right, at each threshold."""
        right = self.prevalence * self.tpr(threshold)
        return right / (right + (1 - self.prevalence) * self.fpr(threshold))

    @property
    def auc(self) -> float:
        """The probability that a positive case outscores a negative one, Φ(d/√2)."""
        return _Phi(torch.tensor(self.distance / math.sqrt(2), dtype=torch.float64)).item()

    def densities(self, scores: Tensor) -> tuple[Tensor, Tensor]:
        """Densities of the negative and the positive scores, weighted with their fractions."""
        scores = scores.double()
        bell = torch.distributions.Normal(torch.zeros_like(scores), 1.0)
        negative = (1 - self.prevalence) * bell.log_prob(scores).exp()
        return negative, self.prevalence * bell.log_prob(scores - self.distance).exp()

    def confusion(self, threshold: float, num_cases: int) -> Confusion:
        """The counts expected among `num_cases` cases, rounded to whole cases."""
        t = torch.tensor(threshold)
        positives = round(num_cases * self.prevalence)
        negatives = num_cases - positives
        tp = round(positives * self.tpr(t).item())
        fp = round(negatives * self.fpr(t).item())
        return Confusion(tp=tp, fp=fp, tn=negatives - fp, fn=positives - tp)

    def cost(self, threshold: Tensor, *, cost_fp: float, cost_fn: float) -> Tensor:
        """Expected cost of one decision at each threshold: c_FP (1 − π) FPR + c_FN π FNR."""
        alarms = cost_fp * (1 - self.prevalence) * self.fpr(threshold)
        return alarms + cost_fn * self.prevalence * (1 - self.tpr(threshold))

    def best_threshold(self, *, cost_fp: float, cost_fn: float) -> float:
        """The threshold of lowest expected cost, where an alarm costs as much as it saves.

        t* = d/2 + ln[c_FP (1 − π) / (c_FN π)] / d; infinite for d = 0, where only the sign of the
        logarithm counts (0 if it vanishes).
        """
        advantage = math.log(cost_fp * (1 - self.prevalence) / (cost_fn * self.prevalence))
        if self.distance == 0:
            return math.copysign(math.inf, advantage) if advantage else 0.0
        return self.distance / 2 + advantage / self.distance
