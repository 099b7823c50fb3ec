"""Scalar expressions: what one element of a tensor is computed from.

A `Scalar` is an operation and its arguments. Equal ones are the same object, so that what occurs
twice in a loop is found and computed once. A `Linear` is a place in a buffer: a sum of scalars
(loop variables, mostly) times strides.
"""

import math
from collections.abc import Iterable, Iterator
from weakref import WeakValueDictionary

import sympy
import torch

from dlbook.compile.sizes import Size, plain

_known: WeakValueDictionary[tuple, "Scalar"] = WeakValueDictionary()


class Scalar:
    """An operation on other scalars.

    `op` is one of
    - "number" (text), "size" (a size), "variable" (name), "accumulator" (name): no computation;
    - "place" (a `Linear`): its value as a number;
    - "load" (buffer, `Linear`);
    - the name of an operation that `emit_js` can write, with scalars as arguments.
    """

    __slots__ = ("__weakref__", "args", "cost", "op")

    op: str
    args: tuple
    cost: int  # operations it takes, roughly; 8 for a function such as exp

    def __new__(cls, op: str, *args):
        known = _known.get((op, args))
        if known is None:
            known = super().__new__(cls)
            known.op, known.args = op, args
            known.cost = COSTS.get(op, 1) + sum(scalar.cost for scalar in operands(known))
            _known[op, args] = known
        return known

    def __repr__(self):
        return f"{self.op}({', '.join(map(repr, self.args))})"


FREE = dict.fromkeys(
    ("number", "size", "variable", "accumulator", "place", "load", "float32"), 0
)  # fmt: skip
FUNCTIONS = dict.fromkeys(
    ("exp", "log", "log1p", "expm1", "log2", "log10", "tanh", "sigmoid", "sin", "cos", "tan",
     "asin", "acos", "atan", "atan2", "sinh", "cosh", "erf", "power", "sqrt", "rsqrt"), 8
)  # fmt: skip
COSTS = FREE | FUNCTIONS
INEXACT = {"+", "-", "*", "/", "reciprocal", "remainder", "floorDivide", *FUNCTIONS}


def rounded(scalar: "Scalar", kind: str) -> "Scalar":
    """The result of an operation as a number of `kind`: torch's float32 is rounded every time."""
    inexact = kind == "float" and scalar.op in INEXACT
    return Scalar("float32", scalar) if inexact else scalar


class Linear:
    """constant + Σ stride · scalar, with sizes as constant and strides."""

    __slots__ = ("_hash", "constant", "terms")

    def __init__(self, constant: Size = 0, terms: dict[Scalar, Size] | None = None):
        self.constant = constant
        self.terms = {s: stride for s, stride in (terms or {}).items() if stride != 0}
        self._hash = hash((constant, frozenset(self.terms.items())))

    def __add__(self, other: "Linear | Size") -> "Linear":
        if not isinstance(other, Linear):
            return Linear(_sum(self.constant, other), self.terms)
        terms = dict(self.terms)
        for scalar, stride in other.terms.items():
            terms[scalar] = _sum(terms.get(scalar, 0), stride)
        return Linear(_sum(self.constant, other.constant), terms)

    def __mul__(self, factor: Size) -> "Linear":
        return Linear(
            _times(self.constant, factor), {s: _times(n, factor) for s, n in self.terms.items()}
        )

    def __eq__(self, other) -> bool:
        return self.constant == other.constant and self.terms == other.terms

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self):
        return " + ".join([str(self.constant), *(f"{n}*{s!r}" for s, n in self.terms.items())])


def _sum(a: Size, b: Size) -> Size:
    return a + b if isinstance(a, int) and isinstance(b, int) else plain(sympy.expand(a + b))


def _times(a: Size, b: Size) -> Size:
    return a * b if isinstance(a, int) and isinstance(b, int) else plain(sympy.expand(a * b))


ZERO = Linear()


def number(value: int | float | sympy.Expr) -> Scalar:
    """A constant, or a number that follows from the sizes."""
    value = plain(value)
    if isinstance(value, sympy.Basic):
        return Scalar("size", value)
    if isinstance(value, bool):
        return Scalar("number", str(int(value)))
    if value != value:
        return Scalar("number", "NaN")
    if value in (float("inf"), float("-inf")):
        return Scalar("number", "Infinity" if value > 0 else "-Infinity")
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 and value != 0:
        value = int(value)
    return Scalar("number", repr(value).replace("-0.0", "-0") if value == 0 else repr(value))


def single(value: int | float | sympy.Expr) -> Scalar:
    """A constant, or a number that follows from the sizes, as float32 has it."""
    value = plain(value)
    if isinstance(value, sympy.Basic):
        return Scalar("size", value) if value.is_integer else Scalar("float32", number(value))
    near = torch.tensor(value, dtype=torch.float32)
    if near.item() == value or not math.isfinite(near):
        return number(near.item())
    return Scalar("number", f"fround({near.numpy()[()]!s})")


def place(scalar: Scalar) -> Linear:
    """A scalar as a place along an axis."""
    if scalar.op == "place":
        return scalar.args[0]
    if scalar == Scalar("number", "0"):
        return ZERO
    return Linear(0, {scalar: 1})


def value_of(index: Linear) -> Scalar:
    """A place along an axis as a number."""
    if not index.terms:
        return number(index.constant)
    if index.constant == 0 and len(index.terms) == 1:
        ((scalar, stride),) = index.terms.items()
        if stride == 1:
            return scalar
    return Scalar("place", index)


def operands(scalar: Scalar) -> Iterator[Scalar]:
    """The scalars that a scalar is computed from, those of its places included."""
    if scalar.op in ("number", "size", "variable", "accumulator"):
        return
    for arg in scalar.args:
        if isinstance(arg, Linear):
            yield from arg.terms
        elif isinstance(arg, Scalar):
            yield arg


def everything_in(roots: Iterable[Scalar]) -> list[Scalar]:
    """Every scalar that the roots are computed from, operands first, each once."""
    found: dict[Scalar, None] = {}

    def visit(scalar: Scalar):
        if scalar not in found:
            for operand in operands(scalar):
                visit(operand)
            found[scalar] = None

    for root in roots:
        visit(root)
    return list(found)


def replace(scalar: Scalar, known: dict[Scalar, Scalar]) -> Scalar:
    """`scalar` with some scalars replaced; `known` says by what, and remembers what was met."""
    if scalar not in known:
        args = [
            replace_in_place(arg, known)
            if isinstance(arg, Linear)
            else replace(arg, known)
            if isinstance(arg, Scalar)
            else arg
            for arg in scalar.args
        ]
        new = Scalar(scalar.op, *args)
        known[scalar] = value_of(new.args[0]) if new.op == "place" else new
    return known[scalar]


def replace_in_place(index: Linear, known: dict[Scalar, Scalar]) -> Linear:
    """`replace` in a place."""
    result = Linear(index.constant)
    for scalar, stride in index.terms.items():
        result += place(replace(scalar, known)) * stride
    return result
