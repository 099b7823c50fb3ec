"""A creased plane: what two ReLU units make of it, and the straight line that cuts the result."""

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.color_numbers import see_through
from dlbook.plots.decision_map import POINT_OUTLINE
from dlbook.plots.panels import axis, dots, line, one_panel
from dlbook.plots.theme import CLASS_COLORS, GRAY, GREEN, PURPLE, RED, template

CREASE_COLORS = (GREEN, PURPLE)
INPUT_RANGE = (-0.5, 1.5)
HIDDEN_RANGE = (-0.45, 3.15)
MOVING_RANGE = (-1.45, 2.45)  # of the plane on its way


def joined(pieces: Sequence[Tensor]) -> np.ndarray:
    """Paths (k, 2) one after the other as coordinates (2, n), parted by gaps.

    Without a path a gap alone: plotly leaves a trace without points out of the legend.
    """
    gap = np.full((1, 2), np.nan)
    rows = [part for piece in pieces for part in (piece.numpy(), gap)]
    return np.concatenate(rows or [gap]).T


def _closed(pieces: Sequence[Tensor]) -> np.ndarray:
    """As `joined`, each path brought back to its start."""
    gap = np.full((1, 2), np.nan)
    rows = [part for piece in pieces for part in (piece.numpy(), piece[:1].numpy(), gap)]
    return np.concatenate(rows).T if rows else np.empty((2, 0))


def area(pieces: Sequence[Tensor], name: str, label: int, panel: int) -> dict:
    """Polygons in the colour of a class."""
    fill = {"fill": "toself", "fillcolor": see_through(CLASS_COLORS[label], 0.28)}
    more = {"hoverinfo": "skip", "showlegend": False, **fill}
    return line(*_closed(pieces), name, CLASS_COLORS[label], width=0, panel=panel, **more)


def paper(lines: Sequence[Tensor], panel: int, *, width: float = 1) -> dict:
    """The grid that is drawn on the plane."""
    color = see_through(GRAY, 0.6)
    more = {"hoverinfo": "skip", "showlegend": False}
    return line(*joined(lines), "grid", color, width=width, panel=panel, **more)


def path(pieces: Sequence[Tensor], name: str, color: str, panel: int, **more) -> dict:
    """A straight line in pieces."""
    return line(*joined(pieces), name, color, width=3, panel=panel, hoverinfo="skip", **more)


def corner_points(places: Tensor, labels: Sequence[int], words: Sequence[str], panel: int) -> list:
    """The points of both classes, of unequal size so that two in one place are both seen."""
    traces = []
    for label, (size, symbol) in enumerate(((17, "circle"), (12, "diamond"))):
        x, y = places[[k for k, own in enumerate(labels) if own == label]].numpy().T
        marker = {"symbol": symbol} | POINT_OUTLINE
        name, more = f"target {label}", {"showlegend": panel == 1, "hoverinfo": "skip"}
        traces.append(
            dots(x, y, name, CLASS_COLORS[label], size=size, marker=marker, panel=panel, **more)
        )
    text = {"text": list(words), "textposition": "top right", "showlegend": False}
    x, y = (places + (0.05, 0.1)[panel - 1]).numpy().T  # beside the markers
    own = dots(x, y, "corner", GRAY, panel=panel, hoverinfo="skip")
    return [*traces, own | {"mode": "text"} | text]


def two_spaces(traces: list[dict], *, height: int = 390) -> Figure:
    """Input space on the left (panel 1), hidden space on the right (panel 2), square units."""
    square = {"showgrid": False, "zeroline": False, "constrain": "domain", "fixedrange": True}
    hidden = {"showgrid": False, "zeroline": True, "constrain": "domain", "fixedrange": True}
    ticks = {"tickvals": [0, 1, 2, 3]}
    layout = {
        "template": template(),
        "height": height,
        "margin": {"l": 36, "r": 6, "t": 60, "b": 44},
        "xaxis": axis("input x₁", *INPUT_RANGE, **square, **ticks) | {"domain": [0, 0.44]},
        "yaxis": axis("x₂", *INPUT_RANGE, **square, **ticks) | {"scaleanchor": "x"},
        "xaxis2": axis("hidden unit h₁", *HIDDEN_RANGE, **hidden, **ticks)
        | {"domain": [0.57, 1], "anchor": "y2"},
        "yaxis2": axis("h₂", *HIDDEN_RANGE, **hidden, **ticks)
        | {"scaleanchor": "x2", "anchor": "x2"},
    }
    return Figure(traces, layout)


def one_space(traces: list[dict], *, height: int = 460) -> Figure:
    """The plane on its way from input to hidden space."""
    square = {"showgrid": False, "constrain": "domain", "fixedrange": True}
    return one_panel(
        traces,
        axis("x₁, then h₁", *MOVING_RANGE, **square),
        axis("x₂, then h₂", *MOVING_RANGE, **square, scaleanchor="x"),
        height=height,
    )


def readout_traces(sides: tuple[list, list], cut: list, panel: int) -> list[dict]:
    """Both sides of the decision and the line between them."""
    return [
        area(sides[0], "answer 0", 0, panel),
        area(sides[1], "answer 1", 1, panel),
        path(cut, "o = 0.5", RED, panel, showlegend=panel == 1),
    ]
