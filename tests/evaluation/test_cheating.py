"""Where nothing can be learned, every trick reports more than one half and delivers one half."""

import pytest
import torch

from dlbook import random
from dlbook.evaluation import cheating
from dlbook.evaluation.cheating import TRICKS
from dlbook.models.feature_subsets import predict_on_subsets, random_subsets

LOOKS, CASES, TRIALS = 100, 200, 200


@pytest.mark.parametrize("trick", TRICKS)
def test_a_first_look_is_honest(trick):
    first = TRICKS[trick](LOOKS, CASES, num_trials=TRIALS, seed=0)[0]
    assert abs(first.mean() - 0.5) < 3 * 0.5 / (CASES * TRIALS) ** 0.5


@pytest.mark.parametrize("trick", TRICKS)
def test_every_further_look_flatters(trick):
    reported = TRICKS[trick](LOOKS, CASES, num_trials=TRIALS, seed=0)
    assert reported.shape == (LOOKS, TRIALS)
    assert (reported.diff(dim=0) >= 0).all()
    assert reported[-1].median() > 0.535  # one binomial standard error of 200 cases above 1/2


@pytest.mark.parametrize("trick", TRICKS)
def test_more_test_cases_flatter_less(trick):
    small, large = (TRICKS[trick](LOOKS, n, num_trials=TRIALS, seed=1)[-1] for n in (100, 1_000))
    assert small.median() > large.median() + 0.02


def test_adapting_beats_choosing():
    """The best of k unrelated tries gains like √ln k, special rules gain far more."""
    chosen = cheating.tune_on_test(1_000, 450, num_trials=40, seed=0)[-1].median().item()
    adapted = cheating.add_clauses(1_000, 450, num_trials=40, seed=0)[-1].median().item()
    assert chosen == pytest.approx(0.573, abs=0.01)
    assert adapted > 0.8


def test_related_tries_flatter_less_than_unrelated_ones():
    unrelated = cheating.tune_on_test(300, 450, num_trials=100, seed=0)[-1].median()
    assert cheating.pick_seed(300, 450, num_trials=100, seed=0)[-1].median() < unrelated
    assert cheating.stop_at_best_epoch(300, 450, num_trials=100, seed=0)[-1].median() < unrelated


def test_unrelated_variations_are_a_choice_among_configurations():
    climbed = cheating.climb(50, CASES, change=1.0, num_trials=2_000, seed=0)[-1].mean()
    chosen = cheating.tune_on_test(50, CASES, num_trials=2_000, seed=0)[-1].mean()
    assert climbed == pytest.approx(chosen.item(), abs=0.003)


def test_selected_validation_accuracy_is_optimistic_and_fresh_test_is_not():
    """Classifiers trained on coin-flip labels: the winner validates above 1/2 and tests at 1/2."""
    validation, test = [], []
    for seed in range(30):
        X = random.normal((700, 20), seed=seed)
        y = random.integers(2, 700, seed=seed, stream=1)
        masks = random_subsets(300, 20, 5, seed=seed)
        hits = predict_on_subsets(X[:100], y[:100], X[100:], masks, num_classes=2) == y[100:]
        validation_scores = hits[:, :100].double().mean(1)
        best = validation_scores.argmax()
        validation.append(validation_scores[best])
        test.append(hits[best, 100:].double().mean())
    validation, test = torch.stack(validation), torch.stack(test)
    standard_error = 0.5 / (30 * 500) ** 0.5
    assert validation.min() > 0.5
    assert validation.mean() > 0.6
    assert abs(test.mean() - 0.5) < 3 * standard_error


@pytest.mark.parametrize("change", [0.02, 0.3])
def test_a_community_overuses_a_test_set(change):
    records = cheating.use_as_a_community(20, 50, 500, change=change, num_trials=20, seed=0)
    assert records.shape == (51, 20)
    assert (records.diff(dim=0) >= 0).all()
    assert records[-1].min() > records[0].max()
