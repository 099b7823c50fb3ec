"""The figure of an SVM in training: street and points, points on the hinge, the objective."""

import numpy as np
import torch

from dlbook import losses
from dlbook.plots import Figure
from dlbook.plots.decision_map import plane, waiting_points
from dlbook.plots.half_planes import polygon
from dlbook.plots.losses import LOSS_COLORS
from dlbook.plots.panels import axis, dots, line
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, RED, template

HEIGHT = 960  # in pixels
STREET, HINGE, OBJECTIVE = (0.46, 1.0), (0.23, 0.39), (0.0, 0.15)  # shares of the height
MARGINS = (-2.5, 3.5)  # that are shown
UNLISTED = {"showlegend": False}


def street_figure(limit: float, num_points: int) -> Figure:
    """The empty figure.

    Args:
        limit: points lie in [−limit, limit]².
        num_points: markers of each class.
    """
    x1, x2 = plane(limit, limit)
    layout = {
        "template": template(),
        "height": HEIGHT,
        "xaxis": x1 | {"anchor": "y"},
        "yaxis": x2 | {"domain": STREET},
        "xaxis2": axis("margin α = y (w·x + b)", *MARGINS, anchor="y2"),
        "yaxis2": axis("loss", -0.15, 3.6, domain=HINGE, anchor="x2"),
        "xaxis3": axis("steps", 0, 5, log=True, anchor="y3"),
        "yaxis3": axis("objective", -3, 0.7, log=True, domain=OBJECTIVE, anchor="x3"),
    }
    traces = [*_street(), *_points(num_points, -3 * limit), *_losses(num_points), *_objective()]
    return Figure(data=traces, layout=layout)


def _street() -> list[dict]:
    edges = [line([0, 0], [0, 0], f"edge {s}", GREEN, width=1.5, **UNLISTED) for s in (-1, 1)]
    middle = line([0, 0], [0, 0], "middle of the street", GRAY, width=3)
    return [polygon([(0.0, 0.0)] * 4, "street", GREEN, 0.25), *edges, middle]


def _points(count: int, parking: float) -> list[dict]:
    circle = {"symbol": "circle-open", "line": {"width": 2.5}}
    wait = np.full(count, parking)
    rings = dots(wait, wait, "support vectors", RED, size=18, marker=circle)
    return [*(trace | UNLISTED for trace in waiting_points(count, parking, size=8)), rings]


def _losses(count: int) -> list[dict]:
    """Four losses over the margin, and markers for the points of each class on the hinge."""
    alpha = torch.linspace(*MARGINS, 121)
    curves = {
        "hinge": losses.hinge(alpha),
        "zero-one": losses.misclassification(alpha),
        "logistic": losses.logistic(alpha),
        "perceptron": losses.perceptron(alpha),
    }
    traces = [
        line(alpha, curve, name, LOSS_COLORS[name], panel=2, width=3 if name == "hinge" else 1.5,
             line={"dash": "solid" if name == "hinge" else "dot"})
        for name, curve in curves.items()
    ]  # fmt: skip
    on_hinge = waiting_points(count, -9.0, size=8)
    for label, trace in enumerate(on_hinge):
        trace |= {"name": f"on the hinge {label}", "xaxis": "x2", "yaxis": "y2"} | UNLISTED
    return [*traces, *on_hinge]


def _objective() -> list[dict]:
    kinds = (
        ("objective", RED, "solid"), ("λ‖w‖²", BLUE, "dash"), ("mean hinge", ORANGE, "dot")
    )  # fmt: skip
    return [
        line([], [], name, color, width=2, panel=3, line={"dash": dash})
        for name, color, dash in kinds
    ]
