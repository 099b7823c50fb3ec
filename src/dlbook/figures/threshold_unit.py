"""Explorer figures of a threshold unit: the gate its weights make, its geometry, a hidden pair."""

import itertools
import math
from functools import lru_cache

import torch

from dlbook.figures.gate_places import FONT_SIZE, LINES, WEIGHT_LIMIT, name_place
from dlbook.models.polygons import rectangle
from dlbook.models.shattering import separating_line
from dlbook.models.threshold_unit import GATE_NAMES, ThresholdUnit, all_inputs, find_unit
from dlbook.plots import Figure, with_status
from dlbook.plots.decision_map import plane
from dlbook.plots.half_planes import arrow, border, clipped, polygon, sides
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.pictures import words
from dlbook.plots.theme import CLASS_COLORS, GRAY, GREEN, PURPLE
from dlbook.plots.threshold_unit import corner_points, corner_words, weight_point
from dlbook.random import uniform

SHORT_NAMES = GATE_NAMES | {
    (0, 0, 1, 0): "x₁∧¬x₂",
    (0, 1, 0, 0): "x₂∧¬x₁",
    (1, 0, 1, 1): "x₁∨¬x₂",
    (1, 1, 0, 1): "x₂∨¬x₁",
}
LOW, HIGH = -0.6, 1.6  # of the picture of the inputs
CORNERS = all_inputs(2)
HIDDEN_GATES = ["OR", "AND", "NOR", "NAND", "x₁∧¬x₂", "x₂∧¬x₁", "x₁∨¬x₂", "x₂∨¬x₁", "x₁", "x₂"]
XOR = torch.tensor([0, 1, 1, 0])
APART = 0.16  # between points that arrive at the same place
NUM_POINTS, PLANE = 24, 2.2
NO_GRID = {"showgrid": False, "zeroline": False}


def gate_of_weights(w1: int, w2: int, b: float) -> Figure:
    """A unit over the square of its inputs, and the same unit as a point among all weights.

    Args:
        w1, w2: weights, −3 to 3.
        b: bias, a half integer, so that no corner lies on the line.
    """
    unit = ThresholdUnit((w1, w2), b)
    answers = unit(CORNERS)
    gate = tuple(answers.tolist())
    traces = [
        *sides((w1, w2), b, LOW, HIGH),
        border((w1, w2), b, LOW, HIGH, showlegend=False),
        *corner_points(CORNERS, answers),
        *_cells(b, gate),
        weight_point(w1, w2),
    ]
    figure = two_panels(
        traces,
        (_square("input x₁", "x"), _square("input x₂", "y")),
        (_weights("weight w₁", "x2"), _weights("weight w₂", "y2")),
        height=760,
        upper_share=0.45,
    )
    listed = ", ".join(f"{x}{y} → {a}" for (x, y), a in zip(CORNERS.tolist(), gate, strict=True))
    return with_status(figure, f"The gate is “{GATE_NAMES[gate]}”: {listed}.")


def hidden_square(first: str, second: str) -> Figure:
    """Where two units send the corners of the square, coloured by the XOR of the inputs.

    Args:
        first, second: two of `HIDDEN_GATES`.
    """
    units = [_unit(first), _unit(second)]
    hidden = torch.stack([unit(CORNERS) for unit in units], dim=1)
    separator = separating_line(hidden.double(), 2 * XOR - 1)
    w, b = ((0.0, 0.0), 0.0) if separator is None else (separator[0].tolist(), float(separator[1]))
    shades = sides(w, b, LOW, HIGH, panel=2) if separator else _nothing()
    colors = (PURPLE, GREEN)
    traces = [
        *(
            border(unit.weights, unit.bias, LOW, HIGH, f"unit {k + 1}", colors[k])
            for k, unit in enumerate(units)
        ),
        *corner_points(CORNERS, XOR),
        corner_words(CORNERS),
        *shades,
        border(w, b, LOW, HIGH, "third unit", GRAY, panel=2),
        *_sent(hidden),
    ]
    figure = two_panels(
        traces,
        (_square("input x₁", "x"), _square("input x₂", "y")),
        (_square("answer of unit 1", "x2"), _square("answer of unit 2", "y2")),
        height=760,
    )
    verdict = "a line parts" if separator else "no line parts"
    return with_status(
        figure,
        f"Units “{first}” and “{second}”: behind them {verdict} the two colours of XOR.",
    )


def plane_of_a_unit(angle: int, offset: float, length: float) -> Figure:
    """Points on both sides of w·x + b = 0, with their signed distances and their scores.

    Args:
        angle: of w, in degrees.
        offset: −b/‖w‖, where the line crosses the ray along w.
        length: ‖w‖.
    """
    u = torch.tensor([math.cos(math.radians(angle)), math.sin(math.radians(angle))])
    X = _points()
    distance = X @ u - offset
    foot = X - distance[:, None] * u
    answers = (distance >= 0).long()
    around = (foot @ torch.stack([-u[1], u[0]])).argsort()  # the path runs along the line
    ends = torch.stack([foot, X, foot], dim=1)[around].reshape(-1, 2)
    start = (offset * u).tolist()
    tip = ((offset + 0.45 * length) * u).tolist()
    score = length * distance
    traces = [
        *sides(u.tolist(), -offset, -PLANE, PLANE),
        line(ends[:, 0], ends[:, 1], "distance", GRAY, width=1, showlegend=False),
        border(u.tolist(), -offset, -PLANE, PLANE, showlegend=False),
        arrow(start, tip, "w", GREEN, size=2 * PLANE),
        line([0, start[0]], [0, start[1]], "offset −b/‖w‖", PURPLE, line={"dash": "dot"}),
        dots(X[:, 0], X[:, 1], "points", _colors(answers), size=9, showlegend=False),
        line([-4, 4], [-4 * length, 4 * length], "s", GRAY, panel=2, width=2, showlegend=False),
        dots(distance, score, "s", _colors(answers), size=9, panel=2, showlegend=False),
    ]
    figure = two_panels(
        traces,
        plane(PLANE, PLANE),
        (axis("signed distance (w·x + b) / ‖w‖", -4, 4), axis("score w·x + b", -8, 8)),
        height=720,
        upper_share=0.66,
    )
    b = f"{-offset * length:.2f}".replace("-", "−")
    return with_status(
        figure,
        f"‖w‖ = {length:g}, b = {b}: {int(answers.sum())} of {NUM_POINTS} points are on the side "
        f"of w; the largest score is {score.max():.2f}.".replace("-", "−"),
    )


@lru_cache
def _unit(name: str) -> ThresholdUnit:
    table = next(gate for gate, short in SHORT_NAMES.items() if short == name)
    return find_unit(table)


@lru_cache
def _points() -> torch.Tensor:
    return (2 * uniform((NUM_POINTS, 2), seed=5) - 1) * (PLANE - 0.3)


def _colors(answers: torch.Tensor) -> list[str]:
    return [CLASS_COLORS[answer] for answer in answers.tolist()]


def _cells(b: float, gate: tuple[int, ...]) -> list[dict]:
    """The three lines that cut the plane of weights, the cell of `gate`, and all cells' names."""
    whole = rectangle(-WEIGHT_LIMIT, WEIGHT_LIMIT)
    names, here = [], []
    for bits in itertools.product((0, 1), repeat=3):  # the answers to 10, 01, 11
        cell = whole
        for (u, v), bit in zip(LINES, bits, strict=True):
            sign = 2 * bit - 1
            cell = clipped(cell, (sign * u, sign * v), sign * b) if cell else []
        table = (int(b >= 0), bits[1], bits[0], bits[2])
        if table == gate:
            here = cell
        place = name_place(bits, b, SHORT_NAMES[table])
        names.append((*place, SHORT_NAMES[table]) if place else (0, 0, " "))
    walls = [
        border(w, b, -WEIGHT_LIMIT, WEIGHT_LIMIT, "wall", GRAY, panel=2, width=1.5)
        | {"showlegend": False}
        for w in LINES
    ]
    on_panel = {"xaxis": "x2", "yaxis": "y2", "showlegend": False}
    return [
        polygon(here, "cell", GREEN, 0.3) | on_panel,
        *walls,
        words(names, None, FONT_SIZE) | on_panel,
    ]


def _sent(hidden: torch.Tensor) -> list[dict]:
    """The four corners where the two units send them, one below the other where several meet."""
    meet = (hidden[:, None] == hidden).all(dim=-1)  # (4, 4): which inputs arrive at one place
    above = meet.tril(-1).sum(dim=1)
    places = hidden.double()
    places[:, 1] += APART * ((meet.sum(dim=1) - 1) / 2 - above)
    traces = [*corner_points(places, XOR, size=15), corner_words(places)]
    return [trace | {"xaxis": "x2", "yaxis": "y2"} for trace in traces]


def _nothing() -> list[dict]:
    return [polygon([], "side", GRAY, 0.1) | {"xaxis": "x2", "yaxis": "y2"} for _ in range(2)]


def _square(title: str, name: str) -> dict:
    more = NO_GRID | {"tickvals": [0, 1], "constrain": "domain"}
    if name.startswith("y"):
        more["scaleanchor"] = "x" + name[1:]
    return axis(title, LOW, HIGH, **more)


def _weights(title: str, name: str) -> dict:
    more = NO_GRID | {"dtick": 1, "constrain": "domain"}
    if name.startswith("y"):
        more["scaleanchor"] = "x" + name[1:]
    return axis(title, -WEIGHT_LIMIT, WEIGHT_LIMIT, **more)
