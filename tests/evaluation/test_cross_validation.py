"""Cross-validation: as scikit-learn does it, unbiased for its training size, spread unknown."""

import pytest
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import PredefinedSplit, cross_val_score
from sklearn.neighbors import NearestCentroid

from dlbook.evaluation.cross_validation import cross_validate, study_cross_validation
from dlbook.evaluation.splits import k_folds

STUDY = {"num_sets": 2_000, "distance": 1.5, "num_features": 10, "seed": 0}


def nearest_centroid(X, y):
    centroids = torch.stack([X[y == c].mean(0) for c in (0, 1)])
    return lambda inputs: torch.cdist(inputs, centroids).argmin(1)


def test_equals_scikit_learn_on_the_same_folds():
    X, y = map(torch.tensor, load_breast_cancer(return_X_y=True))
    ours = cross_validate(nearest_centroid, X, y, num_folds=5, seed=0)
    fold_of = torch.empty(len(y), dtype=torch.int64)
    for fold, (_, held_out) in enumerate(k_folds(len(y), 5, seed=0)):
        fold_of[held_out] = fold
    theirs = cross_val_score(NearestCentroid(), X, y, cv=PredefinedSplit(fold_of.numpy()))
    assert ours.numpy() == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize(("num_cases", "num_folds"), [(20, 2), (20, 5), (40, 5), (40, 20)])
def test_mean_is_unbiased_for_its_training_size(num_cases, num_folds):
    study = study_cross_validation(num_cases, num_folds, **STUDY)
    difference = study.means - study.fold_truth.mean(1)
    standard_error = difference.std() / len(difference) ** 0.5
    assert abs(difference.mean()) < 3 * standard_error
    # and it says too little about the classifier trained on everything
    assert study.full_truth.mean() > study.means.mean()


def test_true_accuracy_is_what_fresh_cases_give():
    study = study_cross_validation(20, 2, num_sets=1, distance=1.5, num_features=10, seed=4)
    generator = torch.Generator().manual_seed(4)
    samples = []
    for n in (20, 200_000):  # the first draw repeats the study's
        y = (torch.rand(1, n, generator=generator) < 0.5)[0].long()
        X = torch.randn(1, n, 10, generator=generator).double()[0]
        X[:, 0] += 1.5 * (y - 0.5)
        samples.append((X, y))
    (X, y), (fresh, fresh_y) = samples
    seen = (nearest_centroid(X, y)(fresh) == fresh_y).double().mean().item()
    assert study.full_truth.item() == pytest.approx(seen, abs=0.005)


@pytest.mark.parametrize("num_folds", [2, 5, 10])
def test_fold_to_fold_spread_understates_the_error(num_folds):
    study = study_cross_validation(40, num_folds, **STUDY)
    naive = study.naive_errors.square().mean().sqrt()  # even the variance is too small on average
    assert naive < 0.92 * study.means.std()


def test_unequal_folds_are_refused():
    with pytest.raises(ValueError, match="41 cases"):
        study_cross_validation(41, 5, **STUDY)
