"""Operators that rearrange elements in ways that no window can: flips, repeats, borders, joins."""

from dlbook.compile.buffers import Expression, Index, Window
from dlbook.compile.lower_conversions import number_of_kind
from dlbook.compile.lower_views import sliced
from dlbook.compile.lowering import Call
from dlbook.compile.scalars import Scalar, number, place, value_of
from dlbook.compile.sizes import Size, equal


def flip(call: Call) -> Expression:
    x = call["self"]
    axes = [dim % max(1, len(x.shape)) for dim in call["dims"]]

    def at(index: Index):
        return x.at(
            [i * -1 + (n - 1) if k in axes else i
             for k, (i, n) in enumerate(zip(index, x.shape, strict=True))]
        )  # fmt: skip

    return Expression(x.shape, x.kind, at)


def repeat(call: Call) -> Expression:
    """Every axis several times over."""
    x, new = call["self"], len(call.shape) - len(call["self"].shape)

    def at(index: Index):
        own = zip(index[new:], x.shape, strict=True)
        return x.at([place(Scalar("%", value_of(i), number(n))) for i, n in own])

    return Expression(call.shape, x.kind, at)


def diagonal(call: Call) -> Expression:
    """The places of two axes that are equal, or `offset` apart, as a last axis."""
    x, rank = call["self"], len(call["self"].shape)
    a, b = call["dim1"] % rank, call["dim2"] % rank
    down, along = max(-call["offset"], 0), max(call["offset"], 0)
    others = [axis for axis in range(rank) if axis not in (a, b)]

    def at(index: Index):
        full = dict(zip(others, index, strict=False))
        full[a], full[b] = index[-1] + down, index[-1] + along
        return x.at([full[axis] for axis in range(rank)])

    return Expression(call.shape, x.kind, at)


def concatenate(call: Call) -> Window:
    """cat: every piece stored into its part."""
    pieces, axis = call["tensors"], call.axis(rank=len(call.shape))
    out, start = call.build.tensor(call.shape, call.kind), 0
    for piece in pieces:
        if len(piece.shape) != len(call.shape):  # torch leaves out empty tensors of one axis
            continue
        length = piece.shape[axis]
        call.build.store(sliced(out, axis, start, length), piece)
        start = start + length
    return out


def pad(call: Call) -> Expression:
    """constant_pad_nd: a fixed value around; a negative width cuts."""
    widths, x = call["pad"], call["self"]
    before = [0] * len(x.shape)
    for k in range(len(widths) // 2):
        before[-1 - k] = widths[2 * k]
    padded = [
        k for k, (n, m) in enumerate(zip(x.shape, call.shape, strict=True))
        if before[k] != 0 or not equal(n, m)
    ]  # fmt: skip
    outside = number_of_kind(call, call["value"], call.kind)

    def at(index: Index):
        inner = [i + -before[k] for k, i in enumerate(index)]
        result = x.at(inner)
        for k in padded:
            result = Scalar("select", _inside(value_of(inner[k]), x.shape[k]), result, outside)
        return result

    return Expression(call.shape, call.kind, at)


def _inside(i: Scalar, length: Size) -> Scalar:
    return Scalar("and", Scalar(">=", i, number(0)), Scalar("<", i, number(length)))


LOWERINGS = {
    "flip": flip, "repeat": repeat, "diagonal": diagonal, "cat": concatenate,
    "constant_pad_nd": pad,
}  # fmt: skip
