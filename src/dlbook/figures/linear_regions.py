"""Into how many pieces do ReLU networks cut the plane: pictures, counts and bounds."""

from functools import lru_cache

import numpy as np
from torch import Tensor, nn

from dlbook.models.linear_regions import (
    creased_network,
    most_cells,
    num_pieces,
    patterns,
    upper_bound,
)
from dlbook.models.mlp import num_parameters
from dlbook.plots import Figure, with_status
from dlbook.plots.decision_map import map_grid
from dlbook.plots.linear_regions import (
    color_number,
    counts_over_size,
    map_with_counts,
    with_borders,
)
from dlbook.plots.theme import BLUE, GREEN, ORANGE, PURPLE

LIMIT, SIZE = 1.6, 140  # of the map: half its side, and cells a side
UNITS = (2, 3, 4, 5, 8, 16)
DEPTHS = (1, 2, 3, 4)
TOTALS = (12, 24, 36, 48, 60, 72, 84, 96)  # hidden units
COLORS = dict(zip(DEPTHS, (BLUE, ORANGE, GREEN, PURPLE), strict=True))
BOUNDS = ("bound of the slide", "bound min(|x|, widths)", "counted")
SIZES = ("hidden units", "parameters")
LARGEST_COUNTED = 48  # hidden units; a count takes too long beyond


def coloured_pieces(units: int, layers: int, seed: int) -> Figure:
    """The plane coloured by activation pattern; the number of pieces beside its bounds.

    Args:
        units: of each hidden layer.
        layers: hidden layers, 1 to 3.
        seed: of the network.
    """
    model = creased_network([2, *[units] * layers, 1], seed)
    numbers = pattern_colors(model, units)
    counts = all_counts(units, layers, seed)
    return with_status(map_with_counts(numbers, LIMIT, counts), _sentence(units, layers, counts))


def bounds_over_size(depth: int, shown: str, size: str) -> Figure:
    """Pieces over the size of the network, for one to four hidden layers of equal width.

    Args:
        depth: of the network of 24 units that has a ring.
        shown: one of `BOUNDS`.
        size: one of `SIZES`.
    """
    curves = []
    for other, color in COLORS.items():
        x, y = _sizes(other, size), _counts(other, shown)
        style = {"width": 2, "mode": "lines+markers"}
        curves.append((f"{other} hidden layer{'s'[: other > 1]}", x, y, color, style))
    here = _sizes(depth, size)[1], _counts(depth, shown)[1]  # 24 units
    counted, title = shown == "counted", "hidden units, or parameters"
    figure = counts_over_size(curves, here, title, (0.98, 3.5), counted=counted)
    return with_status(figure, _size_sentence(depth, shown))


def pattern_colors(model: nn.Sequential, first_units: int) -> np.ndarray:
    """Colour numbers (SIZE, SIZE) of the pieces over the map, with borders between them."""
    found = patterns(model, _cells())  # (cells, units)
    first, others = _code(found[:, :first_units], 7), _code(found[:, first_units:], 5)
    numbers = color_number(first, others).reshape(SIZE, SIZE)
    pieces = (first * 1_000_003 + others).reshape(SIZE, SIZE)
    return with_borders(numbers, pieces)


@lru_cache(maxsize=256)
def all_counts(units: int, layers: int, seed: int) -> tuple[int, int, int]:
    """Pieces of the whole plane, the tighter bound, the slide's bound."""
    widths = [units] * layers
    counted = num_pieces(creased_network([2, *widths, 1], seed))
    return counted, upper_bound(2, widths), upper_bound(2, widths, tight=False)


def widths_of(total: int, depth: int) -> list[int]:
    """⌈P / D⌉ units in each of D hidden layers."""
    return [-(-total // depth)] * depth


@lru_cache(maxsize=1)
def _cells() -> Tensor:
    return map_grid(LIMIT, SIZE)[1].double()


def _code(bits: Tensor, stream: int) -> np.ndarray:
    """A whole number for each row of bits, different for different rows (almost surely)."""
    weights = np.random.default_rng(stream).integers(1, 2**31, bits.shape[1])
    return bits.numpy().astype(np.int64) @ weights % 1_000_003


def _sizes(depth: int, size: str) -> list[int]:
    if size == SIZES[0]:
        return [sum(widths_of(total, depth)) for total in TOTALS]
    return [num_parameters([2, *widths_of(total, depth), 1]) for total in TOTALS]


def _counts(depth: int, shown: str) -> list[float]:
    if shown == "counted":
        return [median_count(total, depth) for total in TOTALS]
    tight = shown == BOUNDS[1]
    return [upper_bound(2, widths_of(total, depth), tight=tight) for total in TOTALS]


@lru_cache(maxsize=64)
def median_count(total: int, depth: int) -> float:
    """Median over three seeds of the pieces of random networks; NaN above 48 units."""
    if total > LARGEST_COUNTED:
        return float("nan")
    sizes = [2, *widths_of(total, depth), 1]
    return float(np.median([num_pieces(creased_network(sizes, seed)) for seed in range(3)]))


def _sentence(units: int, layers: int, counts: tuple[int, int, int]) -> str:
    counted, tight, loose = counts
    if layers == 1:
        return (
            f"{units} lines in general position: 1 + {units} + {most_cells(units, 2) - units - 1} "
            f"= {counted} pieces of the plane (some outside of the map)."
        )
    return (
        f"{layers} layers of {units} units: {counted:,} pieces of the plane, at most {tight:,} "
        f"(bound of the slide: {loose:,})."
    )


def _size_sentence(depth: int, shown: str) -> str:
    widths = widths_of(24, depth)
    count = _counts(depth, shown)[1]
    return (
        f"24 hidden units in {depth} layer{'s'[: depth > 1]} of {widths[0]}: "
        f"{num_parameters([2, *widths, 1])} parameters; {shown}: {count:,.0f} pieces."
    )
