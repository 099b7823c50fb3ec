"""Metrics of a two-class decision: counts, rates, precision and recall, curves, costs.

Class 1 is the positive class. A score becomes a decision at a threshold: positive where
score >= threshold. A ratio without cases (0/0) is `nan`: it is undefined, not zero.
"""

from dataclasses import dataclass

import torch
from torch import Tensor


def accuracy(y_hat: Tensor, y: Tensor) -> float:
    """The fraction of predictions that are right, (1/n) Σ_i 1[ŷ_i = y_i]; any number of classes.

    Args:
        y_hat: predicted labels, (n,) int64.
        y: true labels, (n,) int64.

    Raises:
        ValueError: the shapes differ or there is no case.
    """
    _check_pairs(y_hat, y)
    return (y_hat == y).double().mean().item()


@dataclass(frozen=True)
class Confusion:
    """The four counts of a two-class decision, and the rates made of them.

    With P = TP + FN positive and N = FP + TN negative cases, n = P + N:

        TPR = TP/P   FNR = FN/P   FPR = FP/N   TNR = TN/N
        precision = TP/(TP + FP)   recall = TPR   error rate = (FP + FN)/n

    Counts and rates have different names here: TP is a number of cases, TPR a fraction.
    They may be expected counts, so they are floats or ints.

    >>> c = Confusion(tp=8, fp=20, tn=970, fn=2)
    >>> c.tpr, round(c.precision, 3), c.error_rate
    (0.8, 0.286, 0.022)
    """

    tp: float
    fp: float
    tn: float
    fn: float

    @property
    def positives(self) -> float:
        """P, the number of cases whose true class is positive."""
        return self.tp + self.fn

    @property
    def negatives(self) -> float:
        """N, the number of cases whose true class is negative."""
        return self.fp + self.tn

    @property
    def tpr(self) -> float:
        """True-positive rate TP/P, also called recall or sensitivity."""
        return _ratio(self.tp, self.positives)

    @property
    def fnr(self) -> float:
        """False-negative rate FN/P = 1 − TPR: the fraction of positives that are missed."""
        return _ratio(self.fn, self.positives)

    @property
    def fpr(self) -> float:
        """False-positive rate FP/N: the fraction of negatives that raise a false alarm."""
        return _ratio(self.fp, self.negatives)

    @property
    def tnr(self) -> float:
        """True-negative rate TN/N = 1 − FPR, also called specificity."""
        return _ratio(self.tn, self.negatives)

    @property
    def precision(self) -> float:
        """TP/(TP + FP): the fraction of the alarms that are right."""
        return _ratio(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float:
        """TP/P, another name of the true-positive rate."""
        return self.tpr

    @property
    def error_rate(self) -> float:
        """(FP + FN)/n."""
        return _ratio(self.fp + self.fn, self.positives + self.negatives)

    def cost(self, *, cost_fp: float, cost_fn: float) -> float:
        """Mean cost of a decision, (c_FP FP + c_FN FN)/n, in the unit of the two costs."""
        total = cost_fp * self.fp + cost_fn * self.fn
        return _ratio(total, self.positives + self.negatives)


def confusion(y_hat: Tensor, y: Tensor) -> Confusion:
    """The confusion matrix of predictions `y_hat` for the labels `y`.

    Args:
        y_hat: predicted labels, 0 or 1, (n,).
        y: true labels, 0 or 1, (n,).

    Raises:
        ValueError: the shapes differ, there is no case, or a label is neither 0 nor 1.
    """
    _check_pairs(y_hat, y)
    _check_binary("y_hat", y_hat)
    _check_binary("y", y)
    tp, fp = int((y_hat * y).sum()), int((y_hat * (1 - y)).sum())
    positives = int(y.sum())
    return Confusion(tp=tp, fp=fp, tn=len(y) - positives - fp, fn=positives - tp)


def decide(scores: Tensor, threshold: float) -> Tensor:
    """Labels from scores: 1 where score >= threshold, else 0; (n,) int64."""
    return (scores >= threshold).long()


def roc_curve(scores: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The points (FPR, TPR) of every threshold, from "nothing is positive" to "everything is".

    Args:
        scores: larger means more positive, (n,).
        y: true labels, 0 or 1, (n,), both classes present.

    Returns:
        fpr, tpr, thresholds: float64, one entry a distinct score and one more at the start, where
        the threshold is infinite and both rates are 0. Both rates rise to 1.

    Raises:
        ValueError: the shapes differ, a label is neither 0 nor 1, or a class is missing.

    Reference: Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters, 2006.
    """
    tp, fp, thresholds = _cumulative_counts(scores, y)
    return fp / fp[-1], tp / tp[-1], thresholds


def precision_recall_curve(scores: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Precision TP/(TP + FP) and recall TP/P at every distinct score as threshold.

    Args:
        scores: larger means more positive, (n,).
        y: true labels, 0 or 1, (n,), both classes present.

    Returns:
        precision, recall, thresholds: float64, thresholds falling, so that recall rises to 1,
        where precision is the prevalence P/n. The infinite threshold has no precision and is
        left out.

    Raises:
        ValueError: as `roc_curve`.
    """
    tp, fp, thresholds = _cumulative_counts(scores, y)
    return (tp / (tp + fp))[1:], (tp / tp[-1])[1:], thresholds[1:]


def area_under(x: Tensor, y: Tensor) -> float:
    """The area under the polygon through the points (x_i, y_i), by the trapezoid rule.

    Σ_i (x_{i+1} − x_i) (y_i + y_{i+1}) / 2 for rising x; on an ROC curve this is the AUC.
    """
    return ((x[1:] - x[:-1]) * (y[1:] + y[:-1]) / 2).sum().item()


def auc(scores: Tensor, y: Tensor) -> float:
    """The area under the ROC curve, in [0, 1]; 1/2 for scores that know nothing."""
    fpr, tpr, _ = roc_curve(scores, y)
    return area_under(fpr, tpr)


def auc_by_pairs(scores: Tensor, y: Tensor) -> float:
    """The same area as a probability: how often a positive case outscores a negative one.

    AUC = (1/(P N)) Σ_{i positive} Σ_{j negative} (1[s_i > s_j] + ½ 1[s_i = s_j])

    Raises:
        ValueError: as `roc_curve`.

    Reference: Hanley and McNeil, "The meaning and use of the area under a receiver operating
    characteristic (ROC) curve", Radiology, 1982.
    """
    _check_scores(scores, y)
    positive, negative = scores[y == 1].double(), scores[y == 0].double()
    difference = positive[:, None] - negative  # (positives, negatives)
    return ((difference.sign() + 1) / 2).mean().item()


def best_threshold(
    scores: Tensor, y: Tensor, *, cost_fp: float, cost_fn: float
) -> tuple[float, float]:
    """The threshold with the lowest mean cost (c_FP FP + c_FN FN)/n, and that cost.

    Args:
        scores: larger means more positive, (n,).
        y: true labels, 0 or 1, (n,), both classes present.
        cost_fp, cost_fn: costs of a false alarm and of a miss, at least 0.

    Returns:
        threshold, cost. Of equally cheap thresholds the highest one; it is infinite where it is
        cheapest to call nothing positive.

    Raises:
        ValueError: as `roc_curve`.
    """
    tp, fp, thresholds = _cumulative_counts(scores, y)
    costs = (cost_fp * fp + cost_fn * (tp[-1] - tp)) / len(y)
    best = int(costs.argmin())
    return thresholds[best].item(), costs[best].item()


def _cumulative_counts(scores: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """TP and FP when the threshold falls from infinity over the distinct scores; float64."""
    _check_scores(scores, y)
    order = scores.argsort(descending=True, stable=True)
    sorted_scores, sorted_y = scores[order].double(), y[order].double()
    start = sorted_y.new_zeros(1)
    last_of_ties = torch.cat([sorted_scores.diff() != 0, start == 0])
    tp = torch.cat([start, sorted_y.cumsum(0)[last_of_ties]])
    fp = torch.cat([start, (1 - sorted_y).cumsum(0)[last_of_ties]])
    return tp, fp, torch.cat([start + torch.inf, sorted_scores[last_of_ties]])


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _check_pairs(a: Tensor, y: Tensor):
    if a.shape != y.shape or y.ndim != 1:
        raise ValueError(f"need two vectors of one length, not {tuple(a.shape)}, {tuple(y.shape)}")
    if len(y) == 0:
        raise ValueError("there is no case to count")


def _check_binary(name: str, labels: Tensor):
    if not ((labels == 0) | (labels == 1)).all():
        raise ValueError(f"{name} must hold 0 and 1 only, not {labels.unique().tolist()[:5]}")


def _check_scores(scores: Tensor, y: Tensor):
    _check_pairs(scores, y)
    _check_binary("y", y)
    if y.min() == y.max():
        raise ValueError("both classes must be present in y")
