"""Pointwise operators: every element of the result from the elements at the same place.

They compute as torch does in its type: Python's numbers become float32 before a float32 operation,
and its result is rounded to float32, whether it is stored or goes into the next operation.
"""

from collections.abc import Callable

from dlbook.compile.buffers import Expression, Index, Tensor, Window, read
from dlbook.compile.lower_conversions import convert_scalar, number_of_kind
from dlbook.compile.lowering import Call
from dlbook.compile.nests import Gate
from dlbook.compile.ranges import whole
from dlbook.compile.scalars import Scalar, number, rounded
from dlbook.compile.sizes import product

# aten's name -> operation of a scalar, where both mean the same
UNARY = {
    name: name
    for name in (
        "neg", "exp", "log", "log1p", "expm1", "log2", "log10", "tanh", "sigmoid", "sin", "cos",
        "tan", "asin", "acos", "atan", "sinh", "cosh", "erf", "sqrt", "rsqrt", "abs", "sign",
        "floor", "ceil", "trunc", "round", "reciprocal", "isnan", "isinf",
    )
} | {"relu": "relu", "logical_not": "not", "bitwise_not": "not"}  # fmt: skip

BINARY = {
    "maximum": "max", "minimum": "min", "atan2": "atan2", "fmod": "%",
    "remainder": "remainder", "gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "==", "ne": "!=",
    "logical_and": "and", "logical_or": "or", "logical_xor": "xor",
    "bitwise_and": "and", "bitwise_or": "or", "bitwise_xor": "xor",
}  # fmt: skip
IN_FLOAT32 = {"tanh", "erf"}  # approximations, see static/functions.js
LOGICAL = {"bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_not"}  # of booleans only

ONE, TWO, THREE, HALF, MINUS_HALF = map(number, (1, 2, 3, 0.5, -0.5))


def pointwise(call: Call, compute: Callable[..., Scalar], *operands) -> Expression:
    """An expression: `compute` of the elements of the operands, broadcast, in their common kind."""
    kind = "boolean" if call.name.startswith("logical_") else call.computing
    reads = [_reader(call, operand, kind) for operand in operands]

    def at(index: Index) -> Scalar:
        return _result(compute(*(read_at(index) for read_at in reads)), call.kind)

    return Expression(call.shape, call.kind, at)


def _result(scalar: Scalar, kind: str) -> Scalar:
    """The result of an operation as a number of `kind`, which a program keeps exact."""
    return whole(scalar) if kind == "integer" else rounded(scalar, kind)


def _reader(call: Call, operand, kind: str) -> Callable[[Index], Scalar]:
    """Index -> the element of an operand as a number of `kind`; booleans count as 0 and 1."""
    if not isinstance(operand, (Window, Expression)):
        scalar = number_of_kind(call, operand, kind)
        return lambda index: scalar
    if operand.kind in (kind, "boolean"):
        return lambda index: read(operand, index)
    return lambda index: convert_scalar(read(operand, index), operand.kind, kind)


def unary(call: Call) -> Expression:
    _refuse_bits(call)
    if call.kind == "double" and call.name in IN_FLOAT32:
        call.refuse("pages have it in float32 only, and float64 is asked for")
    op = UNARY[call.name]
    return pointwise(call, lambda x: Scalar(op, x), call["self"])


def binary(call: Call) -> Expression:
    _refuse_bits(call)
    op = BINARY[call.name]
    return pointwise(call, lambda a, b: Scalar(op, a, b), call["self"], call["other"])


def _refuse_bits(call: Call):
    if call.name in LOGICAL and call.kind != "boolean":
        call.refuse("bits of integers are not there in JavaScript's numbers")


def multiply(call: Call) -> Expression:
    return pointwise(call, times, call["self"], call["other"])


def add(call: Call) -> Expression:
    if call.kind == "boolean":
        return pointwise(call, lambda a, b: Scalar("or", a, b), call["self"], call["other"])
    alpha = _alpha(call)
    return pointwise(call, lambda a, b: plus(a, times(b, alpha)), call["self"], call["other"])


def subtract(call: Call) -> Expression:
    alpha = _alpha(call)
    return pointwise(call, lambda a, b: minus(a, times(b, alpha)), call["self"], call["other"])


def subtract_reversed(call: Call) -> Expression:
    alpha = _alpha(call)
    return pointwise(call, lambda a, b: minus(b, times(a, alpha)), call["self"], call["other"])


def _alpha(call: Call) -> Scalar:
    return number_of_kind(call, call["alpha"], call.kind)


def plus(a: Scalar, b: Scalar) -> Scalar:
    """a + b, without what adds nothing."""
    if a == number(0):
        return b
    return a if b == number(0) else Scalar("+", a, b)


def minus(a: Scalar, b: Scalar) -> Scalar:
    return a if b == number(0) else Scalar("-", a, b)


def times(a: Scalar, b: Scalar) -> Scalar:
    """a · b, without what changes nothing."""
    if a == ONE:
        return b
    return a if b == ONE else Scalar("*", a, b)


def divide(call: Call) -> Expression:
    """a / b, rounded down ("floor") or towards 0 ("trunc") if that is asked for."""
    rounding = call.get("rounding_mode")
    if rounding == "floor":
        return floor_divide(call)

    def quotient(a, b):
        ratio = Scalar("/", a, b)
        return Scalar("trunc", rounded(ratio, call.kind)) if rounding else ratio

    return pointwise(call, quotient, call["self"], call["other"])


def floor_divide(call: Call) -> Expression:
    def quotient(a, b):
        if call.kind == "integer":
            return Scalar("floor", Scalar("/", a, b))
        return Scalar("floorDivide", a, b)

    return pointwise(call, quotient, call["self"], call["other"])


def power(call: Call) -> Expression:
    def compute(base, exponent):
        if exponent == ONE:
            return base
        square = Scalar("*", base, base)
        if exponent == TWO:
            return square
        if exponent == THREE:
            return Scalar("*", _result(square, call.kind), base)
        if exponent == HALF and call.kind != "integer":
            return Scalar("sqrt", base)
        if exponent == MINUS_HALF and call.kind != "integer":
            return Scalar("rsqrt", base)
        result = Scalar("power", base, exponent)
        return Scalar("round", result) if call.kind == "integer" else result

    return pointwise(call, compute, call["self"], call["exponent"])


def where(call: Call) -> Expression:
    return pointwise(
        call, lambda *operands: Scalar("select", *operands),
        call["condition"], call["self"], call["other"],
    )  # fmt: skip


def clamp(call: Call) -> Expression:
    low, high = call.get("min"), call.get("max")

    def compute(x, *bounds):
        bounds = list(bounds)
        if low is not None:
            x = Scalar("max", x, bounds.pop(0))
        return Scalar("min", x, bounds.pop(0)) if high is not None else x

    bounds = [bound for bound in (low, high) if bound is not None]
    return pointwise(call, compute, call["self"], *bounds)


def hardtanh(call: Call) -> Expression:
    return pointwise(
        call, lambda x, low, high: Scalar("min", Scalar("max", x, low), high),
        call["self"], call["min_val"], call["max_val"],
    )  # fmt: skip


def relu_backward(call: Call) -> Tensor:
    """threshold_backward: the gradient where self > threshold; by the kernel for whole buffers."""
    gradient, y, build = call["grad_output"], call["self"], call.build
    threshold = call["threshold"]
    whole = isinstance(y, Window) and y.is_contiguous() and y.buffer.length == product(y.shape)
    if whole and threshold == 0 and call.kind == "float":
        out = build.tensor(call.shape, "float")
        build.store(out, gradient)
        build.steps.append(Gate(y, out))
        return out

    def compute(slope, x, least):
        return Scalar("select", Scalar("<=", x, least), number(0), slope)

    return pointwise(call, compute, gradient, y, threshold)


def smooth_backward(call: Call) -> Expression:
    """The gradients of tanh and the sigmoid from their results y; rounded once, as by torch."""

    def compute(slope, y):
        if call.name == "tanh_backward":
            return Scalar("*", slope, Scalar("-", ONE, Scalar("*", y, y)))
        return Scalar("*", Scalar("*", slope, Scalar("-", ONE, y)), y)

    return pointwise(call, compute, call["grad_output"], call["output"])


LOWERINGS = {
    **dict.fromkeys(UNARY, unary),
    **dict.fromkeys(BINARY, binary),
    "mul": multiply, "add": add, "sub": subtract, "rsub": subtract_reversed, "div": divide,
    "floor_divide": floor_divide, "pow": power, "where": where, "hardtanh": hardtanh,
    "threshold_backward": relu_backward,
    **dict.fromkeys(("tanh_backward", "sigmoid_backward"), smooth_backward),
    **dict.fromkeys(("clamp", "clamp_min", "clamp_max"), clamp),
}  # fmt: skip
