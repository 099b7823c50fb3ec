"""Broadcasting: how tensors of different shapes are matched, axis by axis from the right."""

from dataclasses import dataclass
from itertools import zip_longest

Shape = tuple[int, ...]


@dataclass(frozen=True)
class AxisMatch:
    """How one axis of two shapes is matched.

    `axis` counts from the right (-1 is the last); `a` and `b` are the two sizes, None where a shape
    has no such axis; `size` is the size of the result, None where the two do not go together;
    `reason` says why, in words.
    """

    axis: int
    a: int | None
    b: int | None
    size: int | None
    reason: str


def match_axes(a: Shape, b: Shape) -> tuple[AxisMatch, ...]:
    """Every axis of the broadcast of shapes `a` and `b`, the last axis first.

    Raises ValueError where a size is negative.
    """
    for size in (*a, *b):
        if size < 0:
            raise ValueError(f"a size can't be negative, but {size} is among {a} and {b}")
    pairs = zip_longest(reversed(a), reversed(b))
    return tuple(_match(-1 - i, *pair) for i, pair in enumerate(pairs))


def broadcast_shapes(a: Shape, b: Shape) -> Shape:
    """The shape of an element-wise operation between tensors of shapes `a` and `b`.

    The shapes are written one above the other, aligned on the right. Two sizes go together if they
    are equal, if one of them is 1, or if one is missing; an axis of size 1 or a missing one is
    stretched to the other's size.

    Raises:
        ValueError: the message names the first axis from the right that does not match.

    Example:
        >>> broadcast_shapes((4, 1), (5,))
        (4, 5)
    """
    matches = match_axes(a, b)
    for match in matches:
        if match.size is None:
            raise ValueError(f"{a} and {b} do not broadcast: at axis {match.axis}, {match.reason}")
    return tuple(match.size for match in reversed(matches))


def _match(axis: int, a: int | None, b: int | None) -> AxisMatch:
    if a is None or b is None:
        size = b if a is None else a
        return AxisMatch(
            axis, a, b, size, f"missing on one side, taken as 1 and stretched to {size}"
        )
    if a == b:
        return AxisMatch(axis, a, b, a, f"both are {a}")
    if 1 in (a, b):
        size = b if a == 1 else a
        return AxisMatch(axis, a, b, size, f"1 is stretched to {size}")
    return AxisMatch(axis, a, b, None, f"{a} meets {b} and neither is 1")
