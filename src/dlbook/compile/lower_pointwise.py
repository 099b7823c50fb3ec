"""Pointwise operators: every element of the result from the elements at the same place."""

from collections.abc import Callable

from dlbook.compile.buffers import Expression, Tensor, Window, read
from dlbook.compile.lowering import Call
from dlbook.compile.nests import Gate
from dlbook.compile.scalars import Scalar, number, value_of
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
# Computed in float32, see javascript_scalars.py.
ROUNDED = {"exp", "expm1", "tanh", "sigmoid", "sinh", "cosh", "erf", "pow"}
LOGICAL = {"bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_not"}  # of booleans only

ONE, TWO, HALF = number(1), number(2), number(0.5)


def pointwise(call: Call, compute: Callable[..., Scalar], *operands) -> Expression:
    """An expression: `compute` of the elements of the operands, broadcast."""
    return Expression(
        call.shape, call.kind, lambda index: compute(*(read(x, index) for x in operands))
    )


def unary(call: Call) -> Expression:
    _refuse_bits(call)
    _refuse_rounding(call)
    op = UNARY[call.name]
    return pointwise(call, lambda x: Scalar(op, x), call["self"])


def binary(call: Call) -> Expression:
    _refuse_bits(call)
    op = BINARY[call.name]
    return pointwise(call, lambda a, b: Scalar(op, a, b), call["self"], call["other"])


def _refuse_rounding(call: Call):
    if call.kind == "double" and call.name in ROUNDED:
        call.refuse("its results are rounded to float32, and float64 is asked for")


def _refuse_bits(call: Call):
    if call.name in LOGICAL and call.kind != "boolean":
        call.refuse("bits of integers are not there in JavaScript's numbers")


def multiply(call: Call) -> Expression:
    return pointwise(call, times, call["self"], call["other"])


def add(call: Call) -> Expression:
    return pointwise(call, lambda a, b: plus(a, scaled(b, call)), call["self"], call["other"])


def subtract(call: Call) -> Expression:
    return pointwise(call, lambda a, b: minus(a, scaled(b, call)), call["self"], call["other"])


def subtract_reversed(call: Call) -> Expression:
    return pointwise(call, lambda a, b: minus(b, scaled(a, call)), call["self"], call["other"])


def scaled(scalar: Scalar, call: Call) -> Scalar:
    """`scalar` times the operator's alpha."""
    return times(scalar, number(call["alpha"]))


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
    rounding = call.get("rounding_mode")

    def quotient(a, b):
        ratio = Scalar("/", a, b)
        return Scalar(rounding, ratio) if rounding else ratio  # "floor" or "trunc"

    return pointwise(call, quotient, call["self"], call["other"])


def floor_divide(call: Call) -> Expression:
    return pointwise(
        call, lambda a, b: Scalar("floor", Scalar("/", a, b)), call["self"], call["other"]
    )


def power(call: Call) -> Expression:
    _refuse_rounding(call)

    def compute(base, exponent):
        if exponent == ONE:
            return base
        if exponent == TWO:
            return Scalar("*", base, base)
        if exponent == number(3):
            return Scalar("*", Scalar("*", base, base), base)
        if exponent == HALF:
            return Scalar("sqrt", base)
        return Scalar("power", base, exponent)

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
    low, high = number(call["min_val"]), number(call["max_val"])
    return pointwise(call, lambda x: Scalar("min", Scalar("max", x, low), high), call["self"])


def constant(call: Call) -> Expression:
    """full, zeros, ones, scalar_tensor and the like."""
    value = 0 if "zeros" in call.name else 1 if "ones" in call.name else None
    if value is None:
        value = call["s"] if call.name == "scalar_tensor" else call["fill_value"]
    if isinstance(value, (bool, int, float)):
        value = {"boolean": bool, "integer": int}.get(call.kind, float)(value)
    return pointwise(call, lambda x: x, value)


def relu_backward(call: Call) -> Tensor:
    """threshold_backward: the gradient where self > threshold; by the kernel for whole buffers."""
    gradient, y, build = call["grad_output"], call["self"], call.build
    whole = isinstance(y, Window) and y.is_contiguous() and y.buffer.length == product(y.shape)
    if whole and call["threshold"] == 0 and call.kind == "float":
        out = build.tensor(call.shape, "float")
        build.store(out, gradient)
        build.steps.append(Gate(y, out))
        return out

    def compute(slope, x):
        small = Scalar("<=", x, number(call["threshold"]))
        return Scalar("select", small, number(0), slope)

    return pointwise(call, compute, gradient, y)


def arange(call: Call) -> Expression:
    start, step = call.get("start", 0), call.get("step", 1)

    def compute(index):
        steps = value_of(index[0])
        return plus(times(steps, number(step)), number(start))

    return Expression(call.shape, call.kind, compute)


def convert(call: Call):
    """A tensor of another kind; copies of the same kind are the tensor itself."""
    x = call["self"] if "self" in call.arguments else call["a"]
    return converted(x, call.kind)


def converted(x, kind: str):
    """`x` as numbers of `kind`."""
    if x.kind == kind:
        return x
    return Expression(x.shape, kind, lambda index: convert_scalar(x.at(index), x.kind, kind))


def convert_scalar(scalar: Scalar, source: str, target: str) -> Scalar:
    """A number of one kind as torch converts it to another."""
    if target == "boolean":
        return Scalar("!=", scalar, number(0))
    if source == "boolean":
        return Scalar("select", scalar, ONE, number(0))
    if target == "integer" and source in ("float", "double"):
        return Scalar("trunc", scalar)
    if target == "float" and source == "double":
        return Scalar("float32", scalar)
    return scalar


def copy(call: Call):
    """copy(self, src): src broadcast and converted."""
    source = converted(call["src"], call.kind)
    return Expression(call.shape, call.kind, lambda index: read(source, index))


LOWERINGS = {
    **dict.fromkeys(UNARY, unary),
    **dict.fromkeys(BINARY, binary),
    "mul": multiply, "add": add, "sub": subtract, "rsub": subtract_reversed, "div": divide,
    "floor_divide": floor_divide, "pow": power, "where": where, "copy": copy,
    "hardtanh": hardtanh, "threshold_backward": relu_backward, "arange": arange,
    **dict.fromkeys(("clamp", "clamp_min", "clamp_max"), clamp),
    **dict.fromkeys(("_to_copy", "convert_element_type", "clone"), convert),
    **dict.fromkeys(
        ("full", "full_like", "new_full", "scalar_tensor", "zeros", "zeros_like", "new_zeros",
         "ones", "ones_like", "new_ones"), constant
    ),
}  # fmt: skip
