"""Explorer figures of splitting: sizes of the three sets, and intervals from cross-validation."""

from functools import lru_cache

import torch

from dlbook.datasets.breast_cancer import breast_cancer
from dlbook.evaluation.cross_validation import CrossValidationStudy, study_cross_validation
from dlbook.evaluation.leakage import cross_validate_selection
from dlbook.evaluation.splits import three_way_split
from dlbook.models.nearest_neighbors import NearestNeighbors
from dlbook.plots import Figure, with_status
from dlbook.plots.validation import intervals_and_truth, three_sets, wrong_and_right

NUM_SPLITS = 20
NUM_NEIGHBORS = (1, 3, 5, 9, 15, 25, 41)
NUM_SETS, NUM_SHOWN = 1_000, 25
NUM_LEAKS = 40
# 97.5 % points of Student's t with k − 1 degrees of freedom: for a 95 % interval of k folds
STUDENT_T = {2: 12.706, 5: 2.776, 10: 2.262, 20: 2.093}


def three_way(training: int, validation: int) -> Figure:
    """Twenty random three-way splits of the tumours: K of k-NN chosen, then judged.

    Args:
        training, validation: percent of the patients; the rest are for the test.
    """
    y = breast_cancer()[1]
    runs = [_chosen_and_judged(training, validation, seed) for seed in range(NUM_SPLITS)]
    chosen, judged = (torch.tensor(scores) for scores in zip(*runs, strict=True))
    sets = three_way_split(len(y), train=training / 100, validation=validation / 100, seed=0)
    sizes = tuple(len(part) for part in sets)
    return with_status(
        three_sets(sizes, {"validation": chosen.tolist(), "test": judged.tolist()}),
        f"{sizes[0]} patients teach, {sizes[1]} choose K, {sizes[2]} judge. Over {NUM_SPLITS} "
        f"shufflings: validation {chosen.mean():.1%}, test {judged.mean():.1%} "
        f"(from {judged.min():.1%} to {judged.max():.1%}).",
    )


def cross_validated(cases: int, folds: int, distance: float) -> Figure:
    """The 95 % intervals that the folds suggest, for many data sets of two Gaussian classes.

    Args:
        cases: in each data set.
        folds: of the cross-validation, 2, 5, 10 or 20.
        distance: of the class means, in standard deviations.
    """
    study = _study(cases, folds, distance)
    half_widths = STUDENT_T[folds] * study.naive_errors
    hits = (study.means - study.full_truth).abs() <= half_widths
    shown = slice(NUM_SHOWN)
    return with_status(
        intervals_and_truth(study.means[shown], half_widths[shown], study.full_truth[shown]),
        f"{folds} folds of {cases // folds}: {hits[shown].sum()} of these {NUM_SHOWN} intervals "
        f"hold the truth, {hits.double().mean():.1%} of {NUM_SETS:,}. On average "
        f"cross-validation says {study.means.mean():.3f}, trained on all cases the classifier has "
        f"{study.full_truth.mean():.3f}.",
    )


def leaky(features: int, kept: int, patients: int) -> Figure:
    """Cross-validation on noise, with the features chosen before folding or inside each fold.

    Args:
        features: measurements a patient, all of them noise.
        kept: how many are kept, those that differ most between the classes.
        patients: cases, half of them of each class.
    """
    wrong, right = (
        cross_validate_selection(
            patients, features, kept, inside=inside, num_sets=NUM_LEAKS, seed=0
        )
        for inside in (False, True)
    )
    return with_status(
        wrong_and_right(wrong, right, 0.5),
        f"{kept} of {features:,} noise features, {patients} patients, mean of {NUM_LEAKS} data "
        f"sets: {wrong.mean():.0%} when they are chosen before folding, {right.mean():.0%} "
        "inside each fold. The truth is 50%.",
    )


@lru_cache(maxsize=1024)
def _chosen_and_judged(training: int, validation: int, seed: int) -> tuple[float, float]:
    """Best validation accuracy over K, and the test accuracy of that K."""
    X, y = breast_cancer()
    train, val, test = three_way_split(
        len(y), train=training / 100, validation=validation / 100, seed=seed
    )
    X = (X - X[train].mean(0)) / X[train].std(0)
    ks = [k for k in NUM_NEIGHBORS if k <= len(train)]
    nearest = NearestNeighbors(X[train], y[train])
    errors = nearest.errors(X[val], y[val], ks)
    best = int(errors.argmin())
    return 1 - errors[best].item(), 1 - nearest.errors(X[test], y[test], ks[best : best + 1]).item()


@lru_cache(maxsize=64)
def _study(cases: int, folds: int, distance: float) -> CrossValidationStudy:
    return study_cross_validation(
        cases, folds, num_sets=NUM_SETS, distance=distance, num_features=10, seed=0
    )
