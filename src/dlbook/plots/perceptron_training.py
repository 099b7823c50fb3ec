"""The figure of a perceptron in training: the arrow that turns, and the wedge of the proof."""

import numpy as np

from dlbook.plots import Figure
from dlbook.plots.decision_map import plane, waiting_points
from dlbook.plots.half_planes import polygon
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.pictures import words
from dlbook.plots.theme import BLUE, CLASS_COLORS, GRAY, GREEN, ORANGE, PURPLE, RED

WEDGE = np.array([0.5, 1e4])  # updates between which its lines are drawn, straight on log axes
NAMES = ("R√k", "kγ/2", "4R²/γ²")  # of its lines and its tip
UNLISTED = {"showlegend": False}


def perceptron_figure(limit: float, num_points: int) -> Figure:
    """The empty figure.

    Args:
        limit: points lie in [−limit, limit]².
        num_points: markers of each class.
    """
    return two_panels(
        [*_plane(num_points, -3 * limit), *_wedge()],
        plane(limit, limit),
        (axis("updates k", -0.1, 4, log=True), axis("length", -2, 2.2, log=True)),
        height=860,
        upper_share=0.62,
    )


def _plane(count: int, parking: float) -> list[dict]:
    """Both sides, the line, the arrows, the points and the rings around some of them."""
    corners, path, wait = [(0.0, 0.0)] * 4, [0.0] * 5, np.full(count, parking)
    circle = {"symbol": "circle-open", "line": {"width": 2.5}}
    return [
        *(polygon(corners, f"side {c}", CLASS_COLORS[c], 0.16) for c in (0, 1)),
        line([0, 0], [0, 0], "line", GRAY, width=3, **UNLISTED),
        line(path, path, "w before", GRAY),
        line(path, path, "± mistake", RED),
        line(path, path, "w", GREEN, width=4),
        *(trace | UNLISTED for trace in waiting_points(count, parking)),
        dots(wait, wait, "wrong now", RED, size=14, marker=circle),
        dots([parking], [parking], "the mistake", GRAY, size=24, marker=circle, **UNLISTED),
    ]


def _wedge() -> list[dict]:
    """The two lines of the proof and their tip, and the two curves between them."""
    low, lower = WEDGE * 1e-9, {"panel": 2} | UNLISTED
    labels = words([(1.0, 1e-9, name) for name in NAMES], None, 13)
    now = [dots([1e-9], [1e-9], f"{name} now", color, size=9, **lower)
           for name, color in (("‖w‖", GREEN), ("w·w*", PURPLE))]  # fmt: skip
    return [
        line(WEDGE, low, "above", ORANGE, line={"dash": "dot"}, **lower),
        line(WEDGE, low, "below", BLUE, line={"dash": "dot"}, **lower),
        dots([1e-9], [1e-9], "end", RED, size=11, **lower),
        labels | {"name": "names", "xaxis": "x2", "yaxis": "y2"} | UNLISTED,
        line([], [], "‖w‖", GREEN, width=2, panel=2),
        line([], [], "w·w*", PURPLE, width=2, panel=2),
        *now,
    ]
