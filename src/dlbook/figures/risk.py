"""Explorer figures of expected and empirical risk: of a fixed rule, and of a chosen one."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.heights import basketball_heights
from dlbook.models.finite_family import resampled_risks, risks_of_the_chosen, selection_bound
from dlbook.models.gaussian_classifier import GaussianClassifier
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.panels import axis, dots, line, one_panel
from dlbook.plots.risk import mean_line, risk_histogram
from dlbook.plots.theme import GRAY, PURPLE, TEST_COLOR, TRAIN_COLOR

NUM_REPEATS = 2_000
FAMILY_SIZES = [1, 10, 100, 1000]
FAMILY_DIMENSION = 10
FAMILY_REPEATS = 200
FIXED_TOP, CHOSEN_TOP = 0.6, 1.0  # of the axes of shares


def fixed_rule_risks(num_points: int, threshold: int) -> Figure:
    """The empirical risk of one fixed rule on 2,000 different samples, as a histogram.

    Players are drawn from the two bell curves of the heights, women and men equally often; the
    rule calls players of at least `threshold` cm men.

    Args:
        num_points: players in each sample.
        threshold: of the rule (cm).
    """
    risk = _heights_model().error_above(threshold)
    risks = resampled_risks(risk, num_points, NUM_REPEATS, seed=num_points)
    mean, spread = risks.mean().item(), risks.std().item()
    figure = one_panel(
        [
            risk_histogram(risks, "empirical risk of each sample", TRAIN_COLOR),
            mean_line(mean, FIXED_TOP, "their mean", TRAIN_COLOR, dash="dash"),
            mean_line(risk, FIXED_TOP, "expected risk R", GRAY, dash="dot"),
        ],
        axis("risk (share of wrong answers)", -0.02, 0.92),
        axis("share of the samples", 0, FIXED_TOP),
    )
    return with_status(
        figure,
        f"The expected risk of the cut at {threshold} cm is {risk:.3f}. Over 2,000 samples of "
        f"{num_points} players the empirical risk has mean {mean:.3f} and standard deviation "
        f"{spread:.3f}.",
    )


def chosen_rule_risks(num_points: int, num_rules: int, signal: float) -> Figure:
    """Empirical and expected risk of the best of `num_rules` random rules, over 200 repeats.

    Args:
        num_points: samples on which the rule is chosen.
        num_rules: |F|, one of 1, 10, 100, 1000.
        signal: distance of each class from the middle along the only coordinate of ten that
            depends on the class; 0 means that no rule is better than a coin.
    """
    seen, true = (
        risks[:, FAMILY_SIZES.index(num_rules)] for risks in chosen_risks(num_points, signal)
    )
    figure = one_panel(
        [
            risk_histogram(seen, "empirical risk of the chosen rule", TRAIN_COLOR),
            risk_histogram(true, "its expected risk", TEST_COLOR),
            mean_line(seen.mean().item(), CHOSEN_TOP, "mean empirical", TRAIN_COLOR),
            mean_line(true.mean().item(), CHOSEN_TOP, "mean expected", TEST_COLOR),
        ],
        axis("risk (share of wrong answers)", -0.02, 0.92),
        axis("share of the repeats", 0, CHOSEN_TOP),
    ).update_layout(barmode="overlay")
    gap = (true - seen).mean().item()
    return with_status(
        figure,
        f"Best of {num_rules:,} on {num_points} points: mean empirical risk "
        f"{seen.mean().item():.3f}, mean expected risk {true.mean().item():.3f}, gap {gap:.3f}.",
    )


def gap_by_family_size(num_points: int, signal: float) -> Figure:
    """Expected minus empirical risk of the chosen rule against |F|, and its bound."""
    seen, true = chosen_risks(num_points, signal)
    sizes = torch.tensor(FAMILY_SIZES)
    return one_panel(
        [
            *curve_with_spread(FAMILY_SIZES, true - seen, "gap R − R̂ of the chosen rule", PURPLE),
            dots(FAMILY_SIZES, (true - seen).mean(dim=0).numpy(), "mean gap", PURPLE),
            line(
                FAMILY_SIZES,
                selection_bound(sizes, num_points).numpy(),
                "√(ln|F| / (2N))",
                GRAY,
                line={"dash": "dot"},
            ),
        ],
        axis("number of rules |F|", -0.1, 3.1, log=True),
        axis("gap", -0.15, 0.42),
        height=330,
    )


@lru_cache
def _heights_model() -> GaussianClassifier:
    women, men = (group.float() for group in basketball_heights())
    y = torch.cat([torch.zeros(len(women)), torch.ones(len(men))]).long()
    return GaussianClassifier.fit(torch.cat([women, men]), y, prior=0.5)


@lru_cache(maxsize=16)
def chosen_risks(num_points: int, signal: float) -> tuple[Tensor, Tensor]:
    """Empirical and expected risk of the best of 1, 10, 100, 1,000 rules, each (200 repeats, 4)."""
    return risks_of_the_chosen(
        FAMILY_SIZES,
        num_points,
        signal=signal,
        dimension=FAMILY_DIMENSION,
        num_repeats=FAMILY_REPEATS,
        seed=0,
    )
