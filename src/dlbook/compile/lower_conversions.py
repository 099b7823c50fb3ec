"""Tensors of one number, ranges, and numbers of one kind turned into another."""

from dlbook.compile.buffers import Expression, read
from dlbook.compile.lowering import Call
from dlbook.compile.ranges import whole, within
from dlbook.compile.scalars import Scalar, number, rounded, single, value_of

BYTES = 256  # values of a byte


def constant(call: Call) -> Expression:
    """full, zeros, ones, scalar_tensor and the like."""
    call.read("dtype", "self")
    value = 0 if "zeros" in call.name else 1 if "ones" in call.name else None
    if value is None:
        value = call["s"] if call.name == "scalar_tensor" else call["fill_value"]
    if isinstance(value, (bool, int, float)):
        value = {"boolean": bool, "integer": int}.get(call.kind, float)(value)
    filled = number_of_kind(call, value, call.kind)
    return Expression(call.shape, call.kind, lambda index: filled)


def number_of_kind(call: Call, value, kind: str) -> Scalar:
    """A number among tensors of `kind`."""
    if kind == "float":
        return single(value)
    if kind != "integer":
        return number(value)
    if not isinstance(value, (int, float)):
        return whole(number(value))
    if not within((value, value)):
        call.refuse(f"the whole numbers of a page lie below 2³¹, and {value} does not")
    return number(int(value))


def arange(call: Call) -> Expression:
    """start + step · i, in float64 as torch does it, then rounded."""
    call.read("dtype")
    if call.kind == "byte" and not (isinstance(call["end"], int) and 0 <= call["end"] <= BYTES):
        call.refuse("pages don't compute in uint8, which wraps around at 256")
    start, step = number(call.get("start", 0)), number(call.get("step", 1))

    def at(index) -> Scalar:
        steps = Scalar("*", value_of(index[0]), step) if step != number(1) else value_of(index[0])
        found = Scalar("+", steps, start) if start != number(0) else steps
        return whole(found) if call.kind == "integer" else rounded(found, call.kind)

    return Expression(call.shape, call.kind, at)


def convert(call: Call):
    """A tensor of another kind; copies of the same kind are the tensor itself."""
    call.read("dtype")
    x = call["self"] if "self" in call.arguments else call["a"]
    return converted(x, call.kind)


def converted(x, kind: str):
    """`x` as numbers of `kind`."""
    if x.kind == kind:
        return x
    return Expression(x.shape, kind, lambda index: convert_scalar(x.at(index), x.kind, kind))


def convert_scalar(scalar: Scalar, source: str, target: str) -> Scalar:
    """A number of one kind as torch converts it to another."""
    if source == target:
        return scalar
    if target == "boolean":
        return Scalar("!=", scalar, number(0))
    if source == "boolean":
        return Scalar("select", scalar, number(1), number(0))
    if target == "integer" and source in ("float", "double"):
        return Scalar("cut", scalar)
    if scalar.op in ("number", "size", "variable", "place"):
        return scalar
    if source == "integer" and scalar.op != "load":
        scalar = Scalar("+", scalar, number(0))  # JavaScript's whole numbers have a -0
    return Scalar("float32", scalar) if target == "float" else scalar


def copy(call: Call):
    """copy(self, src): src broadcast and converted."""
    call.read("self")
    source = converted(call["src"], call.kind)
    return Expression(call.shape, call.kind, lambda index: read(source, index))


LOWERINGS = {
    "arange": arange, "copy": copy,
    **dict.fromkeys(("_to_copy", "convert_element_type", "clone"), convert),
    **dict.fromkeys(
        ("full", "full_like", "new_full", "scalar_tensor", "zeros", "zeros_like", "new_zeros",
         "ones", "ones_like", "new_ones"), constant
    ),
}  # fmt: skip
