"""Cross-validation of any learner, and of a learner whose true accuracy is known."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from dlbook.evaluation.splits import k_folds
from dlbook.metrics import accuracy

Predict = Callable[[Tensor], Tensor]  # inputs -> labels
Learner = Callable[[Tensor, Tensor], Predict]  # training inputs and labels -> predictor


def cross_validate(learner: Learner, X: Tensor, y: Tensor, *, num_folds: int, seed: int) -> Tensor:
    """The accuracy on each held-out fold of a predictor trained on the other folds.

    Args:
        learner: trains from scratch on (X, y) and returns a function from inputs to labels.
            Whatever is fitted to data (scaling, feature choice) belongs inside.
        X: inputs, (n, ...).
        y: labels, (n,).
        num_folds: k, from 2 to n.
        seed: of the shuffle.

    Returns:
        float64 (k,): one accuracy a fold. Their mean estimates the accuracy of the learner on
        n (k − 1)/k training cases.

    Reference: Stone, "Cross-validatory choice and assessment of statistical predictions", Journal
    of the Royal Statistical Society B, 1974.
    """
    folds = k_folds(len(X), num_folds, seed=seed)
    scores = [
        accuracy(learner(X[train], y[train])(X[held_out]), y[held_out]) for train, held_out in folds
    ]
    return torch.tensor(scores, dtype=torch.float64)


@dataclass(frozen=True)
class CrossValidationStudy:
    """Cross-validation repeated on many data sets, beside the accuracies it should estimate.

    Attributes:
        fold_scores: (data sets, folds) accuracy on each held-out fold.
        fold_truth: (data sets, folds) true accuracy of the classifier trained without the fold.
        full_truth: (data sets,) true accuracy of the classifier trained on all cases.
    """

    fold_scores: Tensor
    fold_truth: Tensor
    full_truth: Tensor

    @property
    def means(self) -> Tensor:
        """The cross-validated accuracy of each data set, (data sets,)."""
        return self.fold_scores.mean(dim=1)

    @property
    def naive_errors(self) -> Tensor:
        """The standard error that independent folds would have, s/√k, (data sets,)."""
        return self.fold_scores.std(dim=1) / self.fold_scores.shape[1] ** 0.5


def study_cross_validation(
    num_cases: int, num_folds: int, *, num_sets: int, distance: float, num_features: int, seed: int
) -> CrossValidationStudy:
    """Cross-validate the nearest-centroid rule on many data sets of two unit Gaussians.

    Labels are fair coins; class c is N(m_c, I) with m_1 − m_0 = distance e_1. For centroids
    c_0, c_1 the rule is w·x + b > 0 with w = c_1 − c_0, b = (‖c_0‖² − ‖c_1‖²)/2, and its accuracy
    is known exactly: ½ Φ((w·m_1 + b)/‖w‖) + ½ Φ(−(w·m_0 + b)/‖w‖).

    Args:
        num_cases: n, cases a data set; a multiple of num_folds.
        num_folds: k.
        num_sets: how many data sets.
        distance: between the class means, in standard deviations.
        num_features: dimension of the inputs.
        seed: of everything.

    Raises:
        ValueError: num_cases is no multiple of num_folds.
    """
    if num_cases % num_folds:
        raise ValueError(f"{num_cases} cases can't be cut into {num_folds} equal folds")
    generator = torch.Generator().manual_seed(seed)
    y = (torch.rand(num_sets, num_cases, generator=generator) < 0.5).double()
    X = torch.randn(num_sets, num_cases, num_features, generator=generator).double()
    X[:, :, 0] += distance * (y - 0.5)
    fold_shape = (num_sets, num_folds, num_cases // num_folds)
    X_folds, y_folds = X.reshape(*fold_shape, num_features), y.reshape(fold_shape)
    sums, counts = _class_sums(X_folds, y_folds)  # (sets, folds, classes, features)
    totals, total_counts = sums.sum(1, keepdim=True), counts.sum(1, keepdim=True)
    w, b = _rule(totals - sums, total_counts - counts)  # trained without the fold
    margins = torch.einsum("skif,skf->ski", X_folds, w) + b[:, :, None]
    scores = ((margins > 0) == (y_folds > 0)).double().mean(2)
    full = _true_accuracy(*_rule(totals, total_counts), distance)
    return CrossValidationStudy(scores, _true_accuracy(w, b, distance), full.squeeze(1))


def _class_sums(X: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Sum and number of the cases of each class, (..., classes, features), (..., classes)."""
    member = torch.stack([1 - y, y], dim=-2)  # (..., classes, cases)
    return member @ X, member.sum(-1)


def _rule(sums: Tensor, counts: Tensor) -> tuple[Tensor, Tensor]:
    """Weights and bias of the nearest-centroid rule; a class without cases sits at 0."""
    centroids = sums / counts.clamp_min(1)[..., None]
    zero, one = centroids.unbind(-2)
    return one - zero, (zero.square().sum(-1) - one.square().sum(-1)) / 2


def _true_accuracy(w: Tensor, b: Tensor, distance: float) -> Tensor:
    """Accuracy of w·x + b > 0 on the two Gaussians at ∓distance/2 on the first axis."""
    norm = w.norm(dim=-1)
    shift = w[..., 0] * distance / 2
    ndtr = torch.special.ndtr
    return (ndtr((shift + b) / norm) + ndtr((shift - b) / norm)) / 2
