"""Ways of getting a good number from a test set, simulated where nothing can be learned.

The labels are fair coins, so every predictor's true accuracy is 1/2, and all that a test score
shows above 1/2 was made by looking at it. A predictor is given by its *hits*: which of the n test
cases it gets right, on such labels a fair coin for each. Redrawing a fraction of the hits gives a
related predictor. Every function returns the accuracy that could be *reported* after each look at
the test set, (looks, trials); on fresh cases all of these predictors score 1/2 on average.
"""

from collections.abc import Callable

import torch
from torch import Tensor

SHARED_BY_SEEDS = 0.7  # of the cases, all seeds of one method decide alike
CHANGED_BY_EPOCH = 0.1  # of the decisions, redrawn by one epoch of training
TOUCHED_BY_CLAUSE = 0.02  # of the cases, those that one special rule decides anew


def tune_on_test(num_looks: int, num_test: int, *, num_trials: int, seed: int) -> Tensor:
    """Over-tuning: unrelated configurations one after the other, the best score is reported."""
    return _best_so_far(_coin_scores((num_looks, num_trials), num_test, seed))


def pick_data_set(num_looks: int, num_test: int, *, num_trials: int, seed: int) -> Tensor:
    """One method on several data sets of `num_test` cases; the best data set is reported.

    On such labels this follows the same law as `tune_on_test`.
    """
    return _best_so_far(_coin_scores((num_looks, num_trials), num_test, seed + 2))


def pick_seed(num_looks: int, num_test: int, *, num_trials: int, seed: int) -> Tensor:
    """Seed selection: runs that agree on most cases; the best run is reported."""
    num_shared = round(SHARED_BY_SEEDS * num_test)
    shared = _coin_scores((1, num_trials), num_shared, seed) * num_shared
    own = _coin_scores((num_looks, num_trials), num_test - num_shared, seed + 1)
    return _best_so_far((shared + own * (num_test - num_shared)) / num_test)


def stop_at_best_epoch(num_looks: int, num_test: int, *, num_trials: int, seed: int) -> Tensor:
    """Early stopping on the test set: each epoch changes some decisions, the best is reported."""
    generator = torch.Generator().manual_seed(seed)
    hits = _coins((num_trials, num_test), generator)
    scores = []
    for _ in range(num_looks):
        scores.append(hits.double().mean(1))
        hits = _redraw(hits, CHANGED_BY_EPOCH, generator)
    return _best_so_far(torch.stack(scores))


def add_clauses(num_looks: int, num_test: int, *, num_trials: int, seed: int) -> Tensor:
    """Data-specific clauses: a rule that redecides a few cases stays if the test score rises."""
    return climb(num_looks, num_test, change=TOUCHED_BY_CLAUSE, num_trials=num_trials, seed=seed)


def climb(num_looks: int, num_test: int, *, change: float, num_trials: int, seed: int) -> Tensor:
    """The real development cycle: vary the best so far, look at the test score, keep it if better.

    Args:
        num_looks: how often the test score is read, at least 1.
        num_test: test cases, at least 1.
        change: fraction of the cases whose decision a variation redraws, in (0, 1]; at 1 the
            variations are unrelated and this is `tune_on_test`.
        num_trials: independent repetitions.
        seed: of everything.

    Returns:
        float64 (looks, trials): the best test accuracy so far.

    Reference: Blum and Hardt, "The Ladder: a reliable leaderboard for machine learning
    competitions", 2015 (what adaptive use does to a test set).
    """
    generator = torch.Generator().manual_seed(seed)
    hits = _coins((num_trials, num_test), generator)
    scores = [hits.double().mean(1)]
    for _ in range(num_looks - 1):
        variation = _redraw(hits, change, generator)
        better = variation.sum(1) > hits.sum(1)
        hits = torch.where(better[:, None], variation, hits)
        scores.append(hits.double().mean(1))
    return torch.stack(scores)


TRICKS: dict[str, Callable[..., Tensor]] = {
    "stop at the best epoch": stop_at_best_epoch,
    "pick the seed": pick_seed,
    "pick the data set": pick_data_set,
    "tune on the test set": tune_on_test,
    "add special rules": add_clauses,
}


def use_as_a_community(
    num_teams: int, num_rounds: int, num_test: int, *, change: float, num_trials: int, seed: int
) -> Tensor:
    """Many teams, one public test set: in each round every team varies the published best.

    Args:
        num_teams: variations a round; the best of them is published if it beats the record.
        num_rounds: publications.
        num_test, change, num_trials, seed: as in `climb`.

    Returns:
        float64 (rounds + 1, trials): the published test accuracy, at first of one predictor.
    """
    generator = torch.Generator().manual_seed(seed)
    hits = _coins((num_trials, num_test), generator)
    records = [hits.double().mean(1)]
    for _ in range(num_rounds):
        rivals = _redraw(hits[:, None].expand(-1, num_teams, -1), change, generator)
        rivals = torch.cat([hits[:, None], rivals], dim=1)  # (trials, teams + 1, cases)
        best = rivals.sum(2).argmax(1)
        hits = rivals[torch.arange(num_trials), best]
        records.append(hits.double().mean(1))
    return torch.stack(records)


def _coins(shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    return torch.rand(shape, generator=generator) < 0.5


def _redraw(hits: Tensor, fraction: float, generator: torch.Generator) -> Tensor:
    """`hits` with each entry thrown again with probability `fraction`."""
    chosen = torch.rand(hits.shape, generator=generator)
    return torch.where(chosen < fraction, chosen < fraction / 2, hits)


def _coin_scores(shape: tuple[int, ...], num_test: int, seed: int) -> Tensor:
    """Fractions of heads among `num_test` coins, float64."""
    generator = torch.Generator().manual_seed(seed)
    coins = torch.full(shape, float(num_test), dtype=torch.float64)
    half = torch.full_like(coins, 0.5)
    return torch.binomial(coins, half, generator=generator) / num_test


def _best_so_far(scores: Tensor) -> Tensor:
    return scores.cummax(dim=0).values
