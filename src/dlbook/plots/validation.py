"""Plots of splits and folds: which case serves what, and how far the resulting scores scatter."""

from collections.abc import Sequence

import torch

from dlbook.plots.panels import axis, dots, line, one_panel, two_panels
from dlbook.plots.theme import BLUE, GRAY, ORANGE, PURPLE, RED

NO_GRID = {"showgrid": False, "zeroline": False}
SHORTEST = 0.012  # half an interval of length 0, which would not be seen
OUTSIDE = -9.0  # where a line begins that may have nothing else to show
ROLE_COLORS = {"training": BLUE, "validation": PURPLE, "test": ORANGE}


def three_sets(sizes: tuple[int, int, int], scores: dict[str, Sequence]):
    """Upper panel: the three sets as parts of a bar. Lower: the scores of many repetitions.

    Args:
        sizes: cases for training, validation and test.
        scores: "validation" and "test", one accuracy a repetition.
    """
    traces, start, names = [], 0, list(ROLE_COLORS)
    for name, size in zip(names, sizes, strict=True):
        end = start + size
        corners = [start, start, end, end], [0, 1, 1, 0]
        traces.append(line(*corners, name, ROLE_COLORS[name], width=1, fill="tozeroy", opacity=0.9))
        start = end
    for row, name in enumerate(("test", "validation")):
        traces += strip(scores[name], row, "", ROLE_COLORS[name], panel=2, showlegend=False)
    rows = {"tickvals": [0, 1], "ticktext": ["test", "validation"]} | NO_GRID
    nothing = {"showticklabels": False} | NO_GRID
    return two_panels(
        traces,
        upper=(axis("patients", 0, sum(sizes)), axis("", 0, 1) | nothing),
        lower=(axis("accuracy of the chosen K", 0.82, 1.01), axis("", -0.6, 1.6) | rows),
        height=460,
        upper_share=0.22,
    )


def strip(values: Sequence, row: float, name: str, color: str, **more) -> list[dict]:
    """One dot a value, spread around the height `row`, and a thick line at the mean."""
    values = torch.as_tensor(values)
    heights = row + 0.6 * (torch.arange(len(values)) / (len(values) - 1) - 0.5)
    mean = values.mean().item()
    bar = more | {"showlegend": False}
    return [
        dots(values, heights, name, color, size=7, **more),
        line([mean, mean], [row - 0.4, row + 0.4], "", color, width=4, **bar),
    ]


def wrong_and_right(wrong: Sequence, right: Sequence, truth: float):
    """Cross-validated accuracies of many data sets, done wrongly (above) and rightly (below)."""
    rows = {"tickvals": [0, 1], "ticktext": ["inside folds", "before folds"]} | NO_GRID
    return one_panel(
        [
            line([truth, truth], [-0.6, 1.6], "true accuracy", GRAY, line={"dash": "dot"}),
            *strip(wrong, 1, "chosen before folding", RED),
            *strip(right, 0, "chosen inside each fold", BLUE),
        ],
        axis("cross-validated accuracy", 0.15, 1.05),
        axis("", -0.6, 1.6) | rows,
        height=340,
    )


def intervals_and_truth(means: Sequence, half_widths: Sequence, truth: Sequence):
    """Each data set's estimate with its interval, red and ringed where it misses the truth."""
    hit = (means - truth).abs() <= half_widths
    rows = torch.arange(len(means)).double()
    traces = []
    for chosen, name, color in (
        (hit, "interval holds the truth", GRAY),
        (~hit, "interval misses it", RED),
    ):
        drawn = half_widths.clamp_min(SHORTEST)[chosen]
        low, high = means[chosen] - drawn, means[chosen] + drawn
        more = {"showlegend": color == GRAY}  # the ring stands for a miss
        traces.append(line(*_bars(low, high, rows[chosen]), name, color, width=4, **more))
    ring = {"symbol": "circle-open", "line": {"width": 2.5}}
    missed = torch.where(hit, OUTSIDE, means)
    return one_panel(
        [
            *traces,
            dots(missed, rows, "interval misses it", RED, size=15, marker=ring),
            dots(means, rows, "cross-validation", PURPLE, size=7),
            dots(truth, rows, "true accuracy", ORANGE, size=8, marker={"symbol": "diamond"}),
        ],
        axis("accuracy", -0.02, 1.02),
        axis("data set", -1, len(means)) | {"showticklabels": False} | NO_GRID,
        height=560,
    )


def _bars(low, high, rows) -> tuple[list, list]:
    """Horizontal pieces of one line; `None` lifts the pen between them."""
    x, y = [OUTSIDE, OUTSIDE], [OUTSIDE, OUTSIDE]
    for left, right, row in zip(low.tolist(), high.tolist(), rows.tolist(), strict=True):
        x += [None, max(left, 0.0), min(right, 1.0)]
        y += [None, row, row]
    return x, y
