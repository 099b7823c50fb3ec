"""Choosing the best by a noisy score: candidates by a test, models by a validation set.

A candidate of skill s answers each of q questions right with probability s, independently; the
score is the fraction of right answers. A classifier of accuracy s on q validation cases is the
same thing. A *pool* of candidates is a list of skills with their probabilities.
"""

import math

import torch
from torch import Tensor


def chance_of_perfect(num_candidates: int, num_questions: int) -> float:
    """The probability that at least one of n guessers answers all q yes/no questions right.

    1 − (1 − 2^−q)^n, computed without cancellation.

    Raises:
        ValueError: n or q is below 1.

    >>> round(chance_of_perfect(1000, 10), 5)
    0.62358
    """
    _check_counts(num_candidates, num_questions)
    return -math.expm1(num_candidates * math.log1p(-(2.0**-num_questions)))


def candidates_for(chance: float, num_questions: int) -> int:
    """The smallest number of guessers among whom someone is perfect with at least `chance`.

    ⌈ln(1 − chance) / ln(1 − 2^−q)⌉

    Raises:
        ValueError: chance is not in (0, 1) or q is below 1.
    """
    _check_chance(chance)
    _check_counts(1, num_questions)
    return math.ceil(math.log1p(-chance) / math.log1p(-(2.0**-num_questions)))


def questions_for(risk: float, num_candidates: int) -> int:
    """The smallest number of yes/no questions that lets a guesser through with at most `risk`.

    Raises:
        ValueError: risk is not in (0, 1) or n is below 1.
    """
    _check_chance(risk)
    num_questions = 1
    while chance_of_perfect(num_candidates, num_questions) > risk:
        num_questions += 1
    return num_questions


def skill_pool(spread: float, *, mean: float = 0.5) -> tuple[Tensor, Tensor]:
    """A pool of candidates: skills on a grid of twentieths and their probabilities.

    With spread 0 everybody has skill `mean`; otherwise the Beta density with that mean and with
    standard deviation `spread`, restricted to the grid 0, 0.05, ..., 1.

    Args:
        spread: standard deviation of the skills, from 0 to below √(mean (1 − mean)).
        mean: a multiple of 0.05 inside (0, 1).

    Returns:
        skills, weights: float64 (21,); the weights add up to 1.

    Raises:
        ValueError: no Beta distribution has this mean and spread.
    """
    skills = torch.arange(21, dtype=torch.float64) / 20
    if spread == 0:
        return skills, ((skills - mean).abs() < 1e-9).double()
    total = mean * (1 - mean) / spread**2 - 1  # the two Beta parameters add up to this
    if not (0 < mean < 1 and spread > 0 and total > 0):
        raise ValueError(f"no skills have mean {mean} and standard deviation {spread}")
    logs = (total * mean - 1) * skills.log() + (total * (1 - mean) - 1) * (1 - skills).log()
    return skills, torch.softmax(logs, dim=0)


def best_score_distribution(
    num_candidates: int, num_questions: int, skills: Tensor, weights: Tensor
) -> Tensor:
    """The distribution of the best score among n candidates drawn from a pool.

    P(best = m) = F(m)^n − F(m − 1)^n, with F the distribution function of one candidate's score.

    Args:
        num_candidates: n, at least 1.
        num_questions: q, at least 1.
        skills, weights: the pool, as from `skill_pool`.

    Returns:
        float64 (q + 1,): the probability of m = 0, ..., q right answers.
    """
    _check_counts(num_candidates, num_questions)
    below = (weights @ _score_probabilities(num_questions, skills)).cumsum(0)
    return (below / below[-1]).pow(num_candidates).diff(prepend=below.new_zeros(1))


def winner_skill_distribution(
    num_candidates: int, num_questions: int, skills: Tensor, weights: Tensor
) -> Tensor:
    """The distribution of the true skill of the candidate with the best score.

    Σ_m P(best = m) P(skill | score = m): ties are broken by lot. Arguments as in
    `best_score_distribution`; the result has the shape of `skills`.
    """
    joint = weights[:, None] * _score_probabilities(num_questions, skills)  # (skills, q + 1)
    skill_given_score = joint / joint.sum(0).clamp_min(1e-300)
    return skill_given_score @ best_score_distribution(
        num_candidates, num_questions, skills, weights
    )


def take_test(skills: Tensor, num_questions: int, *, generator: torch.Generator) -> Tensor:
    """The scores, as fractions of q questions, of candidates with these skills (any shape)."""
    num_right = torch.binomial(torch.full_like(skills, num_questions), skills, generator=generator)
    return num_right / num_questions


def select_best(
    skills: Tensor, num_questions: int, *, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Test all candidates and keep the best: its score and its true skill.

    Args:
        skills: true skills in [0, 1], (..., candidates).
        num_questions: length of the test.
        generator: source of the answers.

    Returns:
        score, skill: both of shape (...).
    """
    scores = take_test(skills, num_questions, generator=generator)
    best = scores.argmax(dim=-1, keepdim=True)
    return scores.gather(-1, best).squeeze(-1), skills.gather(-1, best).squeeze(-1)


def _score_probabilities(num_questions: int, skills: Tensor) -> Tensor:
    """Binomial probabilities of 0, ..., q right answers, (skills, q + 1)."""
    count = torch.full((), float(num_questions), dtype=torch.float64)
    binomial = torch.distributions.Binomial(count, probs=skills[:, None], validate_args=False)
    return binomial.log_prob(torch.arange(num_questions + 1, dtype=torch.float64)).exp()


def _check_counts(num_candidates: int, num_questions: int):
    if num_candidates < 1 or num_questions < 1:
        raise ValueError(
            "need at least one candidate and one question, "
            f"not {num_candidates} and {num_questions}"
        )


def _check_chance(chance: float):
    if not 0 < chance < 1:
        raise ValueError(f"a chance lies strictly between 0 and 1, not at {chance}")
