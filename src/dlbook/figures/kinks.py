"""A curve drawn unit by unit, and the error of the finished drawing inside and outside."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.models.curves import CURVES, LIMIT
from dlbook.models.kinks import (
    bent_knots,
    best_convex,
    error_bound,
    even_knots,
    growing_sum,
    kink_network,
    largest_error,
    slope_changes,
)
from dlbook.plots import Figure, with_status
from dlbook.plots import kinks as plots
from dlbook.plots.panels import axis, line
from dlbook.plots.theme import BLUE, GREEN, ORANGE
from dlbook.plots.words import in_words

NUM_UNITS = 16
LEFT_ONLY = "plain sum: Σ relu(w x + b)"
OUTPUTS = ("with output weights: Σ α relu(w x + b)", LEFT_ONLY)
PLACES = {"evenly": even_knots, "where it bends": bent_knots}
PIECES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
NO_TURN = 1e-9  # what rounding leaves where a unit does not turn the line
LARGEST_TURN = 1.6  # on the axis; the chirp goes beyond


def unit_by_unit(curve: str, outputs: str, units: int) -> Figure:
    """The sum of the first `units` of 16 units, and the turn that each of them makes.

    Args:
        curve: a key of `CURVES`.
        outputs: one of `OUTPUTS`; without output weights the best convex function is drawn.
        units: 0 to 16.
    """
    f, knots, x = CURVES[curve], even_knots(NUM_UNITS), _inside()
    values = _values(curve, outputs)
    sums = growing_sum(knots, values, x)
    changes = slope_changes(knots, values)
    shown = torch.where(torch.arange(NUM_UNITS) < units, changes, 0.0)
    before = sums[max(units - 1, 0)]
    figure = plots.curve_above(
        [
            plots.target(x, f(x)),
            line(x, before, "without the last unit", ORANGE, width=1.5, line={"dash": "dot"}),
            plots.drawn(x, sums[units], "sum so far"),
            plots.kinks(*_turned(knots, values, shown)),
            plots.turns(knots[:-1], shown),
        ],
        plots.inside_axis(),
        axis("turn α", -LARGEST_TURN, LARGEST_TURN, zeroline=True),
        share=0.68,
    )
    final = float((sums[-1] - f(x)).abs().max())
    return with_status(figure, _turn_sentence(changes, outputs, units, final))


def drawing_and_error(curve: str, pieces: int, placed: str) -> Figure:
    """The network of `pieces` units on [−2π, 2π], and its error on a scale of powers of ten.

    Args:
        curve: a key of `CURVES`.
        pieces: straight pieces between −π and π.
        placed: a key of `PLACES`, where the knots are.
    """
    f, knots = CURVES[curve], _knots(curve, pieces, placed)
    x, model = _around(), kink_network(f, knots)
    drawn = model(x[:, None])[:, 0]
    error = (drawn - f(x)).abs().clamp(min=1e-9).log10()
    level = _bound_power(curve, pieces)
    figure = plots.curve_above(
        [
            plots.target(x, f(x)),
            plots.drawn(x, drawn),
            plots.kinks(*_slots(knots, f(knots)), "knots", size=6),
            plots.border(),
            line(x, error, "error", BLUE, width=1.5, panel=2, showlegend=False),
            line([-LIMIT, LIMIT], [level] * 2, "bound h²/8 · max |f″|, even knots", GREEN, panel=2),
        ],
        plots.around_axis(),
        plots.power_axis("|f̂ − f|"),
    )
    return with_status(figure, _error_sentence(curve, model, knots, placed))


@lru_cache
def _values(curve: str, outputs: str) -> Tensor:
    knots = even_knots(NUM_UNITS)
    values = CURVES[curve](knots)
    return best_convex(knots, values) if outputs == LEFT_ONLY else values


@lru_cache
def _knots(curve: str, pieces: int, placed: str) -> Tensor:
    return even_knots(pieces) if placed == "evenly" else bent_knots(CURVES[curve], pieces)


def _inside() -> Tensor:
    return torch.linspace(-LIMIT, LIMIT, 193, dtype=torch.float64)


def _around() -> Tensor:
    return torch.linspace(-2 * LIMIT, 2 * LIMIT, 1_153, dtype=torch.float64)


def _turned(knots: Tensor, values: Tensor, turns: Tensor) -> tuple[Tensor, Tensor]:
    """The knots at which the sum so far is turned; the others wait above the axes."""
    return knots[:-1], torch.where(turns.abs() > NO_TURN, values[:-1], 1e3)


def _slots(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Coordinates of 65 markers, of which those that are not needed wait above the axes."""
    room = PIECES[-1] + 1 - len(x)
    return torch.cat([x, torch.zeros(room)]), torch.cat([y, torch.full((room,), 1e3)])


def _bound_power(curve: str, pieces: int) -> float:
    bound = error_bound(even_knots(pieces), CURVES[curve].curvature)
    return float(torch.tensor(bound).log10().clamp(max=3))  # off the axes where there is none


def _turn_sentence(changes: Tensor, outputs: str, units: int, final: float) -> str:
    if not units:
        return "No unit yet: a constant. Each unit will change the slope from its knot on."
    turn = float(changes[units - 1])
    way = "up" if turn > 0 else "down"
    end = f" All 16 units end {in_words(final)} from the curve." if units == NUM_UNITS else ""
    if abs(turn) < NO_TURN:
        return f"Unit {units} does not turn the line.{end}"
    if outputs == LEFT_ONLY and units == 1 and turn < 0:
        return f"The line starts with the slope −{in_words(-turn)}, that of a unit with w < 0."
    return f"Unit {units} turns the line {way} by {in_words(abs(turn))}, from its knot on.{end}"


def _error_sentence(curve: str, model, knots: Tensor, placed: str) -> str:
    f, pieces = CURVES[curve], len(knots) - 1
    inside, outside = largest_error(f, model), largest_error(f, model, 2 * LIMIT)
    bound = error_bound(even_knots(pieces), f.curvature)
    promise = f"promised for even knots: {in_words(bound)}" if bound < 1e9 else "nothing promised"
    return (
        f"{pieces} units: largest error {in_words(inside)} between −π and π ({promise}), "
        f"{in_words(outside)} out to ±2π."
    )
