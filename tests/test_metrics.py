"""Metrics: identities, scikit-learn as the reference, the pair-count meaning of the area."""

import math

import pytest
import sklearn.metrics
import torch

from dlbook import metrics, random
from dlbook.metrics import Confusion

SEEDS = range(5)


def scored_cases(seed, n=300, decimals=1):
    """Noisy scores with many ties and their labels."""
    y = (random.uniform(n, seed=seed) < 0.3).long()
    scores = random.normal(n, seed=seed, stream=1) + y
    return (scores * 10**decimals).round() / 10**decimals, y


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_match_scikit_learn(seed):
    scores, y = scored_cases(seed)
    y_hat = metrics.decide(scores, 0.5)
    tn, fp, fn, tp = sklearn.metrics.confusion_matrix(y, y_hat).ravel()
    assert metrics.confusion(y_hat, y) == Confusion(tp=tp, fp=fp, tn=tn, fn=fn)
    assert metrics.accuracy(y_hat, y) == pytest.approx(sklearn.metrics.accuracy_score(y, y_hat))


@pytest.mark.parametrize("seed", SEEDS)
def test_rates_match_scikit_learn_and_complement_each_other(seed):
    scores, y = scored_cases(seed)
    y_hat = metrics.decide(scores, 0.5)
    counts = metrics.confusion(y_hat, y)
    assert counts.precision == pytest.approx(sklearn.metrics.precision_score(y, y_hat), abs=1e-15)
    assert counts.recall == pytest.approx(sklearn.metrics.recall_score(y, y_hat), abs=1e-15)
    assert counts.tpr + counts.fnr == pytest.approx(1, abs=1e-15)
    assert counts.fpr + counts.tnr == pytest.approx(1, abs=1e-15)
    assert counts.error_rate == pytest.approx(1 - metrics.accuracy(y_hat, y), abs=1e-15)
    assert counts.error_rate == pytest.approx(counts.cost(cost_fp=1, cost_fn=1), abs=1e-15)


def test_trivial_classifiers():
    _, y = scored_cases(0)
    always = metrics.confusion(torch.ones_like(y), y)
    never = metrics.confusion(torch.zeros_like(y), y)
    assert (always.fpr, always.tpr) == (1, 1)
    assert (never.fpr, never.tpr) == (0, 0)
    assert always.precision == pytest.approx(y.double().mean().item())  # the prevalence
    assert math.isnan(never.precision)  # no alarm: undefined


def test_perfect_only_where_scores_separate():
    y = torch.tensor([0, 0, 1, 1])
    apart = metrics.confusion(metrics.decide(torch.tensor([0.1, 0.2, 0.8, 0.9]), 0.5), y)
    assert (apart.tpr, apart.tnr) == (1, 1)
    mixed = torch.tensor([0.1, 0.85, 0.8, 0.9])
    for threshold in mixed.tolist():
        counts = metrics.confusion(metrics.decide(mixed, threshold), y)
        assert min(counts.tpr, counts.tnr) < 1


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("decimals", [0, 1, 6])
def test_roc_matches_scikit_learn(seed, decimals):
    scores, y = scored_cases(seed, decimals=decimals)
    fpr, tpr, thresholds = metrics.roc_curve(scores, y)
    expected = sklearn.metrics.roc_curve(y, scores, drop_intermediate=False)
    for ours, theirs in zip((fpr, tpr, thresholds), expected, strict=True):
        torch.testing.assert_close(ours, torch.tensor(theirs, dtype=torch.float64))


@pytest.mark.parametrize("seed", SEEDS)
def test_precision_recall_matches_scikit_learn(seed):
    scores, y = scored_cases(seed)
    precision, recall, thresholds = metrics.precision_recall_curve(scores, y)
    their_precision, their_recall, their_thresholds = sklearn.metrics.precision_recall_curve(
        y, scores
    )  # rising thresholds, and an artificial last point (recall 0, precision 1)
    ours = torch.stack([precision, recall, thresholds]).flip(1).numpy()
    assert ours[0] == pytest.approx(their_precision[:-1], abs=1e-15)
    assert ours[1] == pytest.approx(their_recall[:-1], abs=1e-15)
    assert ours[2] == pytest.approx(their_thresholds)
    assert precision[-1].item() == pytest.approx(y.double().mean().item())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("decimals", [0, 1, 6])
def test_area_is_the_probability_of_the_right_order(seed, decimals):
    scores, y = scored_cases(seed, decimals=decimals)
    area = metrics.auc(scores, y)
    assert area == pytest.approx(metrics.auc_by_pairs(scores, y), abs=1e-12)
    assert area == pytest.approx(sklearn.metrics.roc_auc_score(y, scores), abs=1e-12)


def test_area_of_known_scores():
    y = torch.tensor([0, 1, 0, 1])
    assert metrics.auc(torch.tensor([1.0, 2.0, 3.0, 4.0]), y) == 0.75
    assert metrics.auc(torch.zeros(4), y) == 0.5
    assert metrics.auc(torch.tensor([0.0, 1.0, 0.0, 1.0]), y) == 1.0


def test_area_ignores_prevalence_and_precision_does_not():
    scores, y = scored_cases(0, n=4_000)
    rare = torch.cat([torch.where(y == 0)[0], torch.where(y == 1)[0][::10]])
    common_counts = metrics.confusion(metrics.decide(scores, 1.0), y)
    rare_counts = metrics.confusion(metrics.decide(scores[rare], 1.0), y[rare])
    assert metrics.auc(scores[rare], y[rare]) == pytest.approx(metrics.auc(scores, y), abs=0.05)
    assert rare_counts.precision < common_counts.precision / 2


@pytest.mark.parametrize(("cost_fp", "cost_fn"), [(1, 1), (1, 10), (10, 1), (1, 0), (0, 1)])
def test_best_threshold_is_the_cheapest_of_all(cost_fp, cost_fn):
    scores, y = scored_cases(3)
    threshold, cost = metrics.best_threshold(scores, y, cost_fp=cost_fp, cost_fn=cost_fn)
    at_it = metrics.confusion(metrics.decide(scores, threshold), y)
    assert at_it.cost(cost_fp=cost_fp, cost_fn=cost_fn) == pytest.approx(cost)
    for other in [*scores.unique().tolist(), math.inf]:
        counts = metrics.confusion(metrics.decide(scores, other), y)
        assert counts.cost(cost_fp=cost_fp, cost_fn=cost_fn) >= cost - 1e-12


def test_a_dearer_miss_lowers_the_threshold():
    scores, y = scored_cases(1)
    thresholds = [
        metrics.best_threshold(scores, y, cost_fp=1, cost_fn=c)[0] for c in (0.1, 1, 10, 100)
    ]
    assert thresholds == sorted(thresholds, reverse=True)
    assert thresholds[-1] < thresholds[0]


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (metrics.accuracy, (torch.tensor([1]), torch.tensor([1, 0])), "one length"),
        (metrics.accuracy, (torch.tensor([]), torch.tensor([])), "no case"),
        (metrics.confusion, (torch.tensor([2, 0]), torch.tensor([1, 0])), "y_hat must hold 0"),
        (metrics.roc_curve, (torch.rand(2), torch.tensor([1, 3])), "y must hold 0"),
        (metrics.auc_by_pairs, (torch.rand(2), torch.tensor([1, 1])), "both classes"),
    ],
)
def test_bad_arguments_are_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)
