"""Hiring by a test: the formula, its inverse, exact distributions, and simulations of all."""

import pytest
import torch

from dlbook.evaluation import selection

TRIALS = 20_000


def guessers(num_candidates, trials=TRIALS):
    return torch.full((trials, num_candidates), 0.5, dtype=torch.float64)


def test_chances_of_the_lecture():
    assert selection.chance_of_perfect(1, 10) == 1 / 1024
    assert selection.chance_of_perfect(10, 10) == pytest.approx(0.0097, abs=5e-5)
    assert selection.chance_of_perfect(1000, 10) == pytest.approx(0.62358, abs=5e-6)
    assert selection.chance_of_perfect(1000, 15) == pytest.approx(0.030, abs=5e-4)
    assert selection.chance_of_perfect(1000, 20) == pytest.approx(0.00095, abs=5e-6)


@pytest.mark.parametrize("num_questions", [1, 5, 10, 20])
@pytest.mark.parametrize("num_candidates", [1, 10, 1000])
def test_formula(num_candidates, num_questions):
    expected = 1 - (1 - 2.0**-num_questions) ** num_candidates
    assert selection.chance_of_perfect(num_candidates, num_questions) == pytest.approx(expected)


def test_no_cancellation_for_long_tests():
    assert selection.chance_of_perfect(1000, 60) == pytest.approx(1000 * 2.0**-60, rel=1e-9)


@pytest.mark.parametrize(("num_candidates", "num_questions"), [(10, 5), (100, 8), (1000, 10)])
def test_simulation_within_three_standard_errors(num_candidates, num_questions):
    generator = torch.Generator().manual_seed(0)
    trials = 4_000
    score, _ = selection.select_best(
        guessers(num_candidates, trials), num_questions, generator=generator
    )
    exact = selection.chance_of_perfect(num_candidates, num_questions)
    standard_error = (exact * (1 - exact) / trials) ** 0.5
    assert abs((score == 1).double().mean() - exact) < 3 * standard_error


def test_inverses():
    assert selection.candidates_for(0.5, 10) == 710
    assert selection.chance_of_perfect(710, 10) >= 0.5 > selection.chance_of_perfect(709, 10)
    assert selection.questions_for(0.01, 1000) == 17
    assert selection.chance_of_perfect(1000, 17) <= 0.01 < selection.chance_of_perfect(1000, 16)


@pytest.mark.parametrize("spread", [0.0, 0.1, 0.2])
def test_pool_has_its_mean_and_spread(spread):
    skills, weights = selection.skill_pool(spread)
    assert weights.sum().item() == pytest.approx(1)
    assert (weights @ skills).item() == pytest.approx(0.5)
    sd = (weights @ (skills - 0.5).square()).sqrt().item()
    assert sd == pytest.approx(spread, abs=0.01)


@pytest.mark.parametrize("spread", [0.0, 0.1, 0.2])
@pytest.mark.parametrize("num_candidates", [1, 30, 300])
def test_distributions_match_simulation(spread, num_candidates):
    skills, weights = selection.skill_pool(spread)
    pool = (8, skills, weights)
    best = selection.best_score_distribution(num_candidates, *pool)
    skill = selection.winner_skill_distribution(num_candidates, *pool)
    generator = torch.Generator().manual_seed(1)
    draws = torch.multinomial(weights, 4_000 * num_candidates, True, generator=generator)
    score, true = selection.select_best(
        skills[draws].reshape(4_000, num_candidates), 8, generator=generator
    )
    assert best.sum().item() == pytest.approx(1)
    assert skill.sum().item() == pytest.approx(1)
    for m, probability in enumerate(best.tolist()):
        seen = (score * 8).round().eq(m).double().mean().item()
        assert seen == pytest.approx(probability, abs=4 * 0.5 / 4_000**0.5)
    assert true.mean().item() == pytest.approx((skill @ skills).item(), abs=0.012)


def test_guessers_stay_guessers_and_talent_is_found_but_less_than_it_seems():
    for spread in (0.0, 0.1, 0.2):
        skills, weights = selection.skill_pool(spread)
        best = selection.best_score_distribution(1000, 10, skills, weights)
        seen = (best @ torch.arange(11, dtype=torch.float64) / 10).item()
        true = (selection.winner_skill_distribution(1000, 10, skills, weights) @ skills).item()
        assert true < seen - 0.1
        assert (true > 0.6) == (spread > 0)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="at least one candidate"):
        selection.chance_of_perfect(0, 10)
    with pytest.raises(ValueError, match="strictly between"):
        selection.questions_for(1.0, 10)
    with pytest.raises(ValueError, match=r"standard deviation 0\.6"):
        selection.skill_pool(0.6)
