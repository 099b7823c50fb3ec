"""Figures of selection: the score moves with the number of candidates, the truth does not."""

import pytest

from dlbook.figures.selection import MODEL_COUNTS, best_of_k, hiring


def trace(figure, name):
    return next(trace for trace in figure.data if trace.name == name)


def test_sentence_of_a_thousand_guessers():
    status = hiring(1000, 10, 0.0).layout.meta["status"]
    assert "probability 0.624" in status
    assert "The best score is 96% on average, the skill behind it 50%" in status


def test_promise_grows_with_candidates_and_shrinks_with_questions():
    def promised_in_vain(candidates, questions):
        low, high = trace(hiring(candidates, questions, 0.0), "promised in vain").x
        return high - low

    by_candidates = [promised_in_vain(n, 10) for n in (1, 10, 100, 1000)]
    assert by_candidates == sorted(by_candidates)
    assert by_candidates[0] == pytest.approx(0, abs=1e-9)
    assert promised_in_vain(1000, 20) < promised_in_vain(1000, 10) - 0.1


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("models", MODEL_COUNTS[2:])
def test_the_ring_is_at_the_right_end_of_the_cloud(models, seed):
    figure = best_of_k(models, 100, 0.0, seed)
    cloud = trace(figure, "one model").x
    assert len(cloud) == 200  # markers never come or go
    assert trace(figure, "the winner").x[0] >= max(cloud)


@pytest.mark.parametrize("seed", range(3))
def test_the_winner_of_a_thousand_equal_models_loses_on_fresh_cases(seed):
    ring = trace(best_of_k(1000, 100, 0.0, seed), "the winner")
    assert ring.x[0] > 0.88
    assert abs(ring.y[0] - 0.8) < 4 * 0.4 / 1_000**0.5


def test_the_prediction_of_the_page():
    """Best of 20 equal models on 100 cases: near 87 %."""
    chosen = trace(best_of_k(20, 100, 0.0, 0), "winner, validation")
    assert chosen.y[MODEL_COUNTS.index(20)] == pytest.approx(0.87, abs=0.01)


def test_where_models_differ_choosing_helps_but_less_than_it_says():
    figure = best_of_k(1000, 100, 0.05, 0)
    chosen, true = trace(figure, "winner, validation").y, trace(figure, "winner, fresh cases").y
    assert true[-1] > true[0] + 0.08
    assert chosen[-1] > true[-1] + 0.03
