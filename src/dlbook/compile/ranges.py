"""Whole numbers that stay whole: where a result may leave 32 bits, the program looks and stops.

Pages keep whole numbers in 32 bits; torch has 64. Between which numbers a scalar lies follows from
its operations; only what may lie outside is looked at while the program runs: by `whole`, `cut` and
`inside` of `page/static/functions.js`, which throw an error that says so.
"""

import math
from collections.abc import Callable
from weakref import WeakKeyDictionary

import sympy

from dlbook.compile.scalars import Linear, Scalar, number, operands
from dlbook.compile.sizes import Size

LEAST, MOST = -(2**31), 2**31 - 1
Bounds = tuple[float, float]  # least, most
ANY, TRUTH, LENGTH = (-math.inf, math.inf), (0, 1), (0, MOST)
OF_KIND = {"boolean": TRUTH, "byte": (0, 255), "integer": (LEAST, MOST)}
TRUTHS = {"<", "<=", ">", ">=", "==", "!=", "and", "or", "xor", "not", "isnan", "isinf"}
CHECKS = {"whole", "cut", "inside"}

_stopping: WeakKeyDictionary[Scalar, bool] = WeakKeyDictionary()
_known: WeakKeyDictionary[Scalar, Bounds] = WeakKeyDictionary()


def whole(scalar: Scalar) -> Scalar:
    """A result of whole numbers; the program looks at it where it may be no number of 32 bits."""
    return scalar if within(bounds(scalar)) else Scalar("whole", scalar)


def inside(index: Scalar, length: Size) -> Scalar:
    """A place along an axis; the program looks at it where it may lie beyond the axis."""
    low, high = bounds(index)
    known = isinstance(length, int) and low >= 0 and high < length
    return index if known else Scalar("inside", index, number(length))


def whole_sum(total: Scalar, element: Scalar, count: Size) -> Scalar:
    """The next value of a sum of `count` whole numbers that began at 0."""
    low, high = bounds(element)
    if isinstance(count, int):
        safe = within((low * count, high * count))
    else:
        safe = low >= -1 and high <= 1  # a count: exact; whether it fits is asked at the end
    result = Scalar("+", total, element)
    return result if safe else Scalar("whole", result)


def whole_product(total: Scalar, element: Scalar) -> Scalar:
    """The next value of a product of whole numbers that began at 1."""
    low, high = bounds(element)
    result = Scalar("*", total, element)
    return result if low >= -1 and high <= 1 else Scalar("whole", result)


def may_stop(scalar: Scalar) -> bool:
    """Whether computing a scalar may stop the program with an error."""
    if scalar not in _stopping:
        _stopping[scalar] = scalar.op in CHECKS or any(map(may_stop, operands(scalar)))
    return _stopping[scalar]


def within(range_: Bounds) -> bool:
    """Whether all numbers between the bounds have 32 bits."""
    return range_[0] >= LEAST and range_[1] <= MOST


def bounds(scalar: Scalar) -> Bounds:
    """Between which numbers a scalar lies; `ANY` where nothing is known."""
    if scalar not in _known:
        low, high = _bounds(scalar)
        _known[scalar] = (low, high) if low <= high else ANY  # not so if one is NaN
    return _known[scalar]


def _bounds(scalar: Scalar) -> Bounds:
    if scalar.op in TRUTHS:
        return TRUTH
    return BOUNDS.get(scalar.op, lambda *_: ANY)(*scalar.args)


def _of_number(text: str) -> Bounds:
    if text.startswith("fround"):
        return ANY
    value = float(text.replace("Infinity", "inf"))
    return value, value


def _of_place(index: Linear) -> Bounds:
    low = high = index.constant
    for scalar, stride in index.terms.items():
        if not isinstance(stride, int):
            return ANY
        ends = [stride * end for end in bounds(scalar)]
        low, high = low + min(ends), high + max(ends)
    return (low, high) if isinstance(low, int | float) else ANY


def _of_corners(operation: Callable[[float, float], float]) -> Callable[[Scalar, Scalar], Bounds]:
    """Of an operation whose extremes lie where both operands have theirs."""

    def of(a: Scalar, b: Scalar) -> Bounds:
        corners = [operation(x, y) for x in bounds(a) for y in bounds(b)]
        return ANY if any(map(math.isnan, corners)) else (min(corners), max(corners))

    return of


def _of_quotient(a: Scalar, b: Scalar) -> Bounds:
    low, high = bounds(b)
    return _of_corners(lambda x, y: x / y)(a, b) if low == high != 0 else ANY


def _of_rest(a: Scalar, b: Scalar) -> Bounds:
    """Of remainder and %: below the divisor, whichever sign."""
    low, high = bounds(b)
    return (-abs(low), abs(low)) if low == high != 0 else ANY


def _of_rounded(a: Scalar) -> Bounds:
    low, high = bounds(a)
    return low - 1, high + 1


def _of_either(*scalars: Scalar) -> Bounds:
    ends = [bounds(scalar) for scalar in scalars]
    return min(low for low, _ in ends), max(high for _, high in ends)


BOUNDS: dict[str, Callable[..., Bounds]] = {
    "number": _of_number,
    "size": lambda size: LENGTH if isinstance(size, sympy.Symbol) else ANY,
    "variable": lambda _: LENGTH,
    "place": _of_place,
    "load": lambda buffer, _: OF_KIND.get(buffer.kind, ANY),
    "+": _of_corners(lambda x, y: x + y),
    "-": _of_corners(lambda x, y: x - y),
    "*": _of_corners(lambda x, y: x * y),
    "max": _of_corners(max),
    "min": _of_corners(min),
    "/": _of_quotient,
    **dict.fromkeys(("%", "remainder"), _of_rest),
    **dict.fromkeys(("floor", "ceil", "trunc", "round"), _of_rounded),
    "neg": lambda a: (-bounds(a)[1], -bounds(a)[0]),
    "abs": lambda a: (0, max(map(abs, bounds(a)))),
    "sign": lambda _: (-1, 1),
    "select": lambda _, a, b: _of_either(a, b),
    **dict.fromkeys(("whole", "cut"), lambda _: (LEAST, MOST)),
    "inside": lambda _, length: (0, bounds(length)[1] - 1),
}  # fmt: skip
