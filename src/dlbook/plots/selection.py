"""Plots of choosing the best by a noisy score: distributions, and clouds of score and truth."""

from collections.abc import Sequence

from dlbook.plots.color_numbers import see_through
from dlbook.plots.panels import dots, line
from dlbook.plots.theme import GRAY, ORANGE, PURPLE, RED

OUTSIDE = -1.0  # markers that are not shown wait outside every axis, so that none comes or goes
CLOUD_SIZE = 200  # markers of a cloud; more would only hide each other


def bar_line(x: Sequence, heights: Sequence, width: float, name: str, color: str, **more) -> dict:
    """Bars of one `width` as a single filled line, so that their number may change quickly."""
    xs, ys = [], []
    for center, height in zip(x, heights, strict=True):
        left, right = float(center) - width / 2, float(center) + width / 2
        xs += [left, left, right, right]
        ys += [0.0, float(height), float(height), 0.0]
    return line(xs, ys, name, color, width=1.2, fill="tozeroy", **more)


def score_and_skill(
    scores: tuple[Sequence, Sequence, Sequence], skills: tuple[Sequence, Sequence, Sequence], gap
) -> list[dict]:
    """Upper panel: one score and the best score. Lower: all skills and the skill of the best.

    Args:
        scores: values, probabilities for one candidate, probabilities for the best.
        skills: values, probabilities in the pool, probabilities for the one with the best score.
        gap: mean skill and mean score of the best, joined by a line in the lower panel.
    """
    width = min(0.04, 0.7 / (len(scores[0]) - 1))
    return [
        bar_line(scores[0], scores[1], width, "one candidate", GRAY),
        bar_line(scores[0], scores[2], width, "best score", PURPLE),
        bar_line(skills[0], skills[1], 0.04, "", GRAY, panel=2, showlegend=False),
        bar_line(skills[0], skills[2], 0.04, "skill of the best", ORANGE, panel=2),
        line(gap, [0.97, 0.97], "promised in vain", RED, width=4, panel=2),
    ]


def cloud_with_winner(
    x: Sequence, y: Sequence, winner: int, limits: tuple[float, float], *, what: str
) -> list[dict]:
    """Every candidate's selection score (x) and fresh score (y), the winner ringed.

    Shows at most `CLOUD_SIZE` candidates and the winner; `limits` are the ends of the diagonal on
    which both scores agree; `what` names a candidate.
    """
    missing = [OUTSIDE] * max(0, CLOUD_SIZE - len(x))
    shown_x, shown_y = ([*map(float, v[:CLOUD_SIZE]), *missing] for v in (x, y))
    here = [float(x[winner])], [float(y[winner])]
    ring = {"symbol": "circle-open", "line": {"width": 3}}
    return [
        line(limits, limits, "both equal", GRAY, width=1.5, line={"dash": "dot"}),
        dots(shown_x, shown_y, f"one {what}", GRAY, size=5, marker={"opacity": 0.6}),
        dots(*here, "the winner", RED, size=15, marker=ring),
    ]


def parting_curves(
    counts: Sequence, chosen: tuple, fresh: tuple, count: int, names: tuple[str, str]
) -> list[dict]:
    """Lower panel: the winner's selection score and fresh score over how many were compared.

    Args:
        counts: numbers of candidates (log axis).
        chosen, fresh: each a low, middle and high curve over `counts`.
        count: the present number of candidates, marked.
        names: of the two curves.
    """
    traces = []
    index = list(counts).index(count)
    for (low, middle, high), name, color in ((chosen, names[0], PURPLE), (fresh, names[1], ORANGE)):
        soft = {"panel": 2, "width": 0, "showlegend": False}
        traces += [
            line(counts, low, "", color, **soft),
            line(
                counts, high, "", color, fill="tonexty", fillcolor=see_through(color, 0.25), **soft
            ),
            line(counts, middle, name, color, panel=2),
            dots([count], [float(middle[index])], "", color, size=12, panel=2, showlegend=False),
        ]
    return traces
