"""Explorer figures of flattering numbers: the best seed, and tricks where nothing is learned."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook import random
from dlbook.datasets.digits import load_digits
from dlbook.evaluation.cheating import TRICKS
from dlbook.figures.digit_runs import predicted_digits
from dlbook.plots import Figure, with_status
from dlbook.plots.cheating import reported_over_looks
from dlbook.plots.panels import axis, two_panels
from dlbook.plots.selection import cloud_with_winner, parting_curves

NUM_RUNS = 100
NUM_TRAIN = 797  # leaves 1,000 images, halved into reported and fresh ones
RUN_COUNTS = (1, 2, 5, 10, 20, 50, 100)
NUM_HALVINGS = 200
LOOKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
NUM_TRIALS = 40
PERCENT = {"dtick": 0.01, "tickformat": ".0%"}


def best_seed(runs: int, halving: int) -> Figure:
    """Networks that differ in their seed only: error on the reported and on fresh digits.

    Args:
        runs: how many seeds are tried, one of `RUN_COUNTS`.
        halving: which random half of the test images is the reported one.
    """
    reported, fresh = (errors[:runs] for errors in _errors_on_halves(halving))
    winner = int(reported.argmin())
    nudge = 0.0006 * random.normal((2, NUM_RUNS), seed=0).double()[:, :runs]  # parts equal counts
    shown = reported + nudge[0], fresh + nudge[1]
    chosen, honest = _winners_over_halvings()
    figure = two_panels(
        [
            *cloud_with_winner(*shown, winner, (0.01, 0.06), what="seed"),
            *parting_curves(
                RUN_COUNTS, chosen, honest, runs, ("best seed, reported", "best seed, fresh")
            ),
        ],
        upper=(
            axis("reported error", 0.0075, 0.06, **PERCENT),
            axis("error on fresh images", 0.0075, 0.06, **PERCENT),
        ),
        lower=(
            axis("seeds tried", -0.05, 2.05, log=True, exponentformat="none"),
            axis("error", 0.015, 0.05, **PERCENT),
        ),
    )
    index = RUN_COUNTS.index(runs)
    return with_status(
        figure,
        f"The best of {runs} seeds reports {reported[winner]:.1%} error and makes "
        f"{fresh[winner]:.1%} on the other half. Over {NUM_HALVINGS} halvings: "
        f"{chosen[1][index]:.1%} reported, {honest[1][index]:.1%} on fresh images.",
    )


def flattered(trick: str, cases: int, looks: int) -> Figure:
    """What each way of cheating reports when the labels are coin flips.

    Args:
        trick: a key of `dlbook.evaluation.cheating.TRICKS`.
        cases: in the test set.
        looks: how often it is looked at, one of `LOOKS`.
    """
    curves = {name: _reported(name, cases) for name in TRICKS}
    medians = {name: values.median(dim=1).values for name, values in curves.items()}
    band = curves[trick].quantile(torch.tensor([0.1, 0.9], dtype=torch.float64), dim=1)
    now = medians[trick][LOOKS.index(looks)].item()
    return with_status(
        reported_over_looks(LOOKS, medians, tuple(band), trick, looks, 0.5),
        f"{trick.capitalize()}, {looks:,} looks at {cases:,} cases: reported {now:.1%}, "
        f"{100 * (now - 0.5):.1f} points more than on fresh cases.",
    )


@lru_cache(maxsize=1)
def mistakes_of_seeds() -> Tensor:
    """Which of 1,000 held-out digits each of 100 networks gets wrong, bool (runs, images)."""
    X, y = load_digits()
    order = random.permutation(len(y), seed=0)
    train, test = order[:NUM_TRAIN], order[NUM_TRAIN:]
    predicted = predicted_digits(
        lambda seed: (X[train] / 16, y[train]), lambda seed: X[test] / 16, seeds=range(NUM_RUNS)
    )
    return predicted[-1] != y[test]


def _errors_on_halves(halving: int) -> tuple[Tensor, Tensor]:
    mistakes = mistakes_of_seeds()
    order = random.permutation(mistakes.shape[1], seed=halving, stream=1)
    return tuple(mistakes[:, half].double().mean(1) for half in order.chunk(2))


@lru_cache(maxsize=1)
def _winners_over_halvings() -> tuple[tuple, tuple]:
    """Over the number of seeds: 10th percentile, mean and 90th percentile, over random halvings,
    of the winner's reported error and of its error on the other half."""
    places = torch.tensor(RUN_COUNTS) - 1
    chosen, honest = [], []
    for halving in range(NUM_HALVINGS):
        order = random.permutation(NUM_RUNS, seed=halving, stream=2)
        reported, fresh = (errors[order] for errors in _errors_on_halves(halving))
        best, winner = reported.cummin(0)
        chosen.append(best[places])
        honest.append(fresh[winner[places]])
    return tuple(
        (v.quantile(0.1, dim=0), v.mean(0), v.quantile(0.9, dim=0))
        for v in (torch.stack(chosen), torch.stack(honest))
    )


@lru_cache(maxsize=32)
def _reported(trick: str, cases: int) -> Tensor:
    """Reported accuracy at each of `LOOKS`, (looks, trials)."""
    curve = TRICKS[trick](LOOKS[-1], cases, num_trials=NUM_TRIALS, seed=0)
    return curve[torch.tensor(LOOKS) - 1]
