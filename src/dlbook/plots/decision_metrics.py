"""Plots of a threshold on scores: the two hills, the confusion matrix, ROC and precision-recall."""

from collections.abc import Sequence

from plotly.graph_objects import Figure

from dlbook.metrics import Confusion
from dlbook.plots.panels import axis, dots, line
from dlbook.plots.theme import BLUE, CLASS_COLORS, GRAY, ORANGE, PURPLE, RED, template

NEGATIVE, POSITIVE = CLASS_COLORS[:2]
CELL_SCALE = [[0.0, "rgba(128,132,135,0.06)"], [1.0, "rgba(184,104,156,0.6)"]]
NAMES = ("healthy", "sick")  # what class 0 and class 1 are called in these plots


def hills(scores, densities: tuple, tails: tuple, threshold: float, top: float) -> list[dict]:
    """The densities of both classes, the parts beyond the threshold filled, and the threshold.

    `tails` holds the scores from the threshold on and both densities there.
    """
    beyond, *areas = tails
    traces = []
    for name, color, density, area in zip(
        NAMES, (NEGATIVE, POSITIVE), densities, areas, strict=True
    ):
        traces += [
            line(scores, density, name, color),
            line(beyond, area, "", color, width=0, fill="tozeroy", showlegend=False),
        ]
    return [*traces, line([threshold] * 2, [0, top], "threshold", RED)]


def matrix(counts: Confusion) -> list[dict]:
    """The four counts as a 2×2 table; a cell's colour is its share of its row."""
    cells = {"TP": counts.tp, "FN": counts.fn, "FP": counts.fp, "TN": counts.tn}
    words = [f"{name} {count:,}" for name, count in cells.items()]
    shares = [[counts.fpr, counts.tnr], [counts.tpr, counts.fnr]]  # drawn from the bottom up
    place = {"xaxis": "x2", "yaxis": "y2"}
    colors = {"colorscale": CELL_SCALE, "zmin": 0, "zmax": 1, "showscale": False}
    return [
        {"type": "heatmap", "x": [0, 1], "y": [0, 1], "z": shares, "hoverinfo": "skip"}
        | colors
        | place,
        {"type": "scatter", "mode": "text", "x": [0, 1, 0, 1], "y": [1, 1, 0, 0], "text": words}
        | {"textfont": {"size": 15}, "showlegend": False, "hoverinfo": "skip"}
        | place,
    ]


def curve_with_point(x, y, x_now, y_now, *, chance: tuple, panel: int) -> list[dict]:
    """A curve of all thresholds, the present one on it, and the line of scores without knowledge.

    `chance` holds the heights of that line at x = 0 and x = 1.
    """
    plain = {"showlegend": False, "panel": panel}
    return [
        line([0, 1], chance, "", GRAY, width=1.5, line={"dash": "dot"}, **plain),
        line(x, y, "", PURPLE, **plain),
        dots([x_now], [y_now], "", RED, size=12, **plain),
    ]


def four_panels(traces: Sequence[dict], scores: tuple[float, float], top: float) -> Figure:
    """Hills above the confusion matrix above the ROC curve (left) and precision-recall (right)."""
    flat = {"showgrid": False, "zeroline": False, "tickvals": [0, 1]}
    left, right = {"domain": [0, 0.39]}, {"domain": [0.63, 1]}
    share = [-0.04, 1.04]
    layout = {
        "template": template(),
        "height": 690,
        "xaxis": axis("score", *scores) | {"anchor": "y"},
        "yaxis": axis("share of people", 0, top) | {"domain": [0.71, 1]},
        "xaxis2": axis("", -0.5, 1.5) | flat | {"ticktext": ["called sick", "called healthy"]},
        "yaxis2": axis("", -0.5, 1.5) | flat | {"ticktext": NAMES, "domain": [0.46, 0.6]},
        "xaxis3": axis("false-positive rate", *share, dtick=0.5) | left | {"anchor": "y3"},
        "yaxis3": axis("true-positive rate", *share, dtick=0.5) | {"domain": [0, 0.36]},
        "xaxis4": axis("recall", *share, dtick=0.5) | right | {"anchor": "y4"},
        "yaxis4": axis("precision", *share, dtick=0.5) | {"domain": [0, 0.36]},
    }
    layout["xaxis2"] |= {"anchor": "y2", "showline": False}
    for panel in (2, 3, 4):
        layout[f"yaxis{panel}"] |= {"anchor": f"x{panel}"}
    return Figure(data=list(traces), layout=layout)


def cost_and_tangent(
    thresholds, costs, best: tuple[float, float], rates: tuple, at_best: tuple, slope: float
) -> list[dict]:
    """Upper panel: cost over the threshold. Lower: ROC with the line of equal cost at the best.

    Args:
        thresholds, costs: the curve.
        best: threshold and cost of its lowest point.
        rates: false- and true-positive rates of all thresholds.
        at_best: both rates at the best threshold.
        slope: of the lines of equal cost, rise of the true- for each false-positive rate.
    """
    across = 0.4 / (1 + slope**2) ** 0.5  # half of the tangent's width; it is 0.8 long
    x, y = at_best
    return [
        line(thresholds, costs, "expected cost", PURPLE),
        dots([best[0]], [best[1]], "cheapest threshold", RED, size=12),
        line(*rates, "ROC curve", BLUE, panel=2),
        line(
            [x - across, x + across],
            [y - slope * across, y + slope * across],
            "equal cost",
            ORANGE,
            panel=2,
        ),
        dots([x], [y], "", RED, size=12, panel=2, showlegend=False),
    ]
