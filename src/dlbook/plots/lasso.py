"""Plots of weights that shrink as a penalty grows."""

from collections.abc import Sequence

from torch import Tensor

from dlbook.plots.panels import axis, dots, line
from dlbook.plots.theme import GRAY, GREEN, ORANGE, PURPLE

WEIGHT_RANGE = (-4.5, 5.0)


def path_axes(penalties: Sequence[float], num_features: int) -> dict:
    """The axes of weights over the penalty (panel 1) and of single weights (panel 2)."""
    weight = axis("weight", *WEIGHT_RANGE)
    return {
        "upper": (axis("penalty λ", -2.05, 1.05, log=True), weight),
        "lower": (axis("feature", 0.4, num_features + 0.6, tick0=2, dtick=2), weight),
    }


def weight_paths(
    penalties: Sequence[float], weights: Tensor, matters: Tensor, penalty: float
) -> list[dict]:
    """Every weight over the penalty: those of features that matter, then the others.

    Args:
        penalties: (num_penalties,).
        weights: (num_penalties, num_features).
        matters: (num_features,) bool.
        penalty: the present one, marked by a vertical line.
    """
    low, high = WEIGHT_RANGE
    here = line([penalty, penalty], [low, high], "present λ", GREEN, width=2)
    others, relevant = (
        to_and_fro(penalties, weights[:, columns].T) for columns in (~matters, matters)
    )
    return [
        line(*others, "features that do not matter", GRAY, width=1),
        line(*relevant, "features that matter", PURPLE, width=3),
        here,
    ]


def to_and_fro(penalties: Sequence[float], paths: Tensor) -> tuple[list, list]:
    """Many paths as one line that runs there and back, with its turns far outside the axis."""
    x = [penalties[0] / 10, *penalties, penalties[-1] * 10]
    xs, ys = [], []
    for number, path in enumerate(paths.tolist()):
        direction = 1 if number % 2 == 0 else -1
        xs += x[::direction]
        ys += [path[0], *path, path[-1]][::direction]
    return xs, ys


def weight_bars(weights: Tensor, truth: Tensor, *, panel: int = 1) -> list[dict]:
    """Bars of the fitted weights and marks at the true ones that are not zero.

    Args:
        weights: (num_features,).
        truth: (num_features,).
        panel: 1 or 2.
    """
    features = list(range(1, len(weights) + 1))
    colors = [PURPLE if value != 0 else GRAY for value in truth.tolist()]
    bars = line(features, weights, "fitted weight", PURPLE, panel=panel, showlegend=False)
    bars = {k: v for k, v in bars.items() if k not in ("mode", "line")}
    bars |= {"type": "bar", "marker": {"color": colors}}
    style = {"symbol": "line-ew", "line": {"width": 3, "color": ORANGE}}
    places = [feature for feature in features if truth[feature - 1] != 0]
    true = dots(
        places, truth[truth != 0], "true weight", ORANGE, size=12, panel=panel, marker=style
    )
    return [bars, true]
