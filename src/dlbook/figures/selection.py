"""Explorer figures of selection: hiring by a test, and choosing a model by a validation set."""

from functools import lru_cache

import torch

from dlbook import random
from dlbook.evaluation.selection import (
    best_score_distribution,
    chance_of_perfect,
    skill_pool,
    winner_skill_distribution,
)
from dlbook.plots import Figure, with_status
from dlbook.plots.panels import axis, two_panels
from dlbook.plots.selection import cloud_with_winner, parting_curves, score_and_skill

MODEL_COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
MEAN_ACCURACY = 0.8
NUM_FRESH = 1_000
NUM_TRIALS = 400


def hiring(candidates: int, questions: int, spread: float) -> Figure:
    """The best score of many candidates, and the true skill of the one who has it.

    Args:
        candidates: how many take the test.
        questions: yes/no questions a test.
        spread: standard deviation of the candidates' skills around 1/2; 0 if all guess.
    """
    skills, weights = skill_pool(spread)
    one = best_score_distribution(1, questions, skills, weights)
    best = best_score_distribution(candidates, questions, skills, weights)
    hired = winner_skill_distribution(candidates, questions, skills, weights)
    scores = torch.arange(questions + 1, dtype=torch.float64) / questions
    score, skill = (best @ scores).item(), (hired @ skills).item()
    figure = two_panels(
        score_and_skill((scores, one, best), (skills, weights, hired), (skill, score)),
        upper=(axis("score in the test", -0.03, 1.03), axis("probability", 0, 1.05)),
        lower=(axis("true skill", -0.03, 1.03), axis("probability", 0, 1.05)),
    )
    perfect = best[-1].item() if spread else chance_of_perfect(candidates, questions)
    return with_status(
        figure,
        f"{candidates:,} candidate{'s' * (candidates > 1)}, {questions} questions: somebody has "
        f"all right with probability {perfect:.3g}. The best score is {score:.0%} on average, "
        f"the skill behind it {skill:.0%}.",
    )


def best_of_k(models: int, validation: int, spread: float, seed: int) -> Figure:
    """Models compared on one validation set: their validation and fresh scores, and the winner's.

    Args:
        models: how many are compared, one of `MODEL_COUNTS`.
        validation: cases in the validation set.
        spread: standard deviation of the models' true accuracies around 0.8.
        seed: of the models and both sets.
    """
    val, fresh = _scores(validation, spread, seed)
    val, fresh = val[:models], fresh[:models]
    winner = int(val.argmax())
    chosen_curves, true_curves = _winners(validation, spread)
    figure = two_panels(
        [
            *cloud_with_winner(val, fresh, winner, (0.6, 1.0), what="model"),
            *parting_curves(
                MODEL_COUNTS,
                chosen_curves,
                true_curves,
                models,
                ("winner, validation", "winner, fresh cases"),
            ),
        ],
        upper=(axis("validation accuracy", 0.6, 1.01), axis("fresh accuracy", 0.65, 1.0)),
        lower=(
            axis("models compared", -0.1, 3.1, log=True, exponentformat="none"),
            axis("accuracy", 0.72, 1.0),
        ),
    )
    index = MODEL_COUNTS.index(models)
    gap = max(0.0, (chosen_curves[1][index] - true_curves[1][index]).item())
    return with_status(
        figure,
        f"The winner of {models:,} has {val[winner]:.1%} on {validation:,} validation cases and "
        f"{fresh[winner]:.1%} on {NUM_FRESH:,} fresh ones. "
        f"On average over {NUM_TRIALS} repetitions it loses {100 * gap:.1f} points.",
    )


@lru_cache(maxsize=128)
def _scores(validation: int, spread: float, seed: int):
    """Validation and fresh accuracies of the largest number of models."""
    accuracies = MEAN_ACCURACY + spread * random.normal(MODEL_COUNTS[-1], seed=seed).double()
    generator = torch.Generator().manual_seed(seed)
    return [_accuracy_on(n, accuracies, generator) for n in (validation, NUM_FRESH)]


@lru_cache(maxsize=32)
def _winners(validation: int, spread: float) -> tuple[tuple, tuple]:
    """Over the number of models: 10th percentile, mean and 90th percentile of the winner's
    validation accuracy and of its true accuracy."""
    shape = (NUM_TRIALS, MODEL_COUNTS[-1])
    accuracies = MEAN_ACCURACY + spread * random.normal(shape, seed=0, stream=1).double()
    scores = _accuracy_on(validation, accuracies, torch.Generator().manual_seed(1))
    best, winner = scores.cummax(dim=1)
    places = torch.tensor(MODEL_COUNTS) - 1
    return tuple(
        (v.quantile(0.1, dim=0), v.mean(0), v.quantile(0.9, dim=0))
        for v in (best[:, places], accuracies.gather(1, winner)[:, places])
    )


def _accuracy_on(num_cases: int, accuracies: torch.Tensor, generator: torch.Generator):
    counts = torch.full_like(accuracies, num_cases)
    return torch.binomial(counts, accuracies.clamp(0, 1), generator=generator) / num_cases
