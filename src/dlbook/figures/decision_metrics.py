"""Explorer figures of a two-class decision: threshold, curves, prevalence, costs."""

import torch

from dlbook.models.binormal import Binormal
from dlbook.plots import Figure, with_status
from dlbook.plots.decision_metrics import (
    cost_and_tangent,
    curve_with_point,
    four_panels,
    hills,
    matrix,
)
from dlbook.plots.panels import axis, two_panels

NUM_PEOPLE = 10_000
SCORES = (-3.5, 6.5)
TOP = 0.42  # of the density axis, above 0.99 · 1/√(2π)
THRESHOLDS = torch.linspace(-7, 8, 121, dtype=torch.float64)


def threshold_on_scores(threshold: float, distance: float, prevalence: float) -> Figure:
    """Everything a threshold decides: areas, counts, and points on both curves.

    Args:
        threshold: scores from there on are called sick.
        distance: between the mean scores of the two groups, in standard deviations.
        prevalence: fraction of sick people.
    """
    model, t = Binormal(distance, prevalence), torch.tensor(threshold, dtype=torch.float64)
    scores = torch.linspace(*SCORES, 101, dtype=torch.float64)
    beyond = torch.linspace(threshold, SCORES[1], 33, dtype=torch.float64)
    counts = model.confusion(threshold, NUM_PEOPLE)
    rates = model.fpr(THRESHOLDS), model.tpr(THRESHOLDS)
    fpr, tpr, precision = (v(t).item() for v in (model.fpr, model.tpr, model.precision))
    tails = (beyond, *model.densities(beyond))
    traces = [
        *hills(scores, model.densities(scores), tails, threshold, TOP),
        *matrix(counts),
        *curve_with_point(*rates, fpr, tpr, chance=(0, 1), panel=3),
        *curve_with_point(
            rates[1], model.precision(THRESHOLDS), tpr, precision,
            chance=(prevalence, prevalence), panel=4,
        ),
    ]  # fmt: skip
    alarms = counts.tp + counts.fp
    return with_status(
        four_panels(traces, SCORES, TOP),
        f"{counts.tp:,} of {counts.positives:,} sick people are found (TPR {counts.tpr:.3f}) and "
        f"{counts.fp:,} of {counts.negatives:,} healthy ones alarmed (FPR {counts.fpr:.3f}): "
        f"{counts.tp:,} of {alarms:,} alarms are right. "
        f"Accuracy {1 - counts.error_rate:.3f}, AUC {model.auc:.3f}.",
    )


def cheapest_threshold(miss: float, distance: float, prevalence: float) -> Figure:
    """The expected cost of every threshold, and the cheapest point of the ROC curve.

    Args:
        miss: cost of a missed sick person, in costs of one false alarm.
        distance: between the mean scores of the two groups, in standard deviations.
        prevalence: fraction of sick people.
    """
    model = Binormal(distance, prevalence)
    trivial = min(miss * prevalence, 1 - prevalence)  # nobody or everybody is called sick
    costs = model.cost(THRESHOLDS, cost_fp=1, cost_fn=miss) / trivial
    best = model.best_threshold(cost_fp=1, cost_fn=miss)
    t = torch.tensor(best, dtype=torch.float64)
    lowest = (model.cost(t, cost_fp=1, cost_fn=miss) / trivial).item()
    at_best = model.fpr(t).item(), model.tpr(t).item()
    rates = model.fpr(THRESHOLDS), model.tpr(THRESHOLDS)
    slope = (1 - prevalence) / (prevalence * miss)
    figure = two_panels(
        cost_and_tangent(THRESHOLDS, costs.clamp_max(3), (best, lowest), rates, at_best, slope),
        upper=(axis("threshold", -7, 8), axis("cost / cheaper trivial rule", 0, 2)),
        lower=(axis("false-positive rate", -0.04, 1.04), axis("true-positive rate", -0.04, 1.04)),
        height=600,
    )
    return with_status(
        figure,
        f"A miss costs as much as {miss:g} false alarm{'s' * (miss != 1)}: the cheapest threshold "
        f"is {best:.2f} (TPR {at_best[1]:.2f}, FPR {at_best[0]:.2f}); it costs {lowest:.0%} of "
        f"what calling {'nobody' if miss * prevalence < 1 - prevalence else 'everybody'} sick "
        "would.",
    )
