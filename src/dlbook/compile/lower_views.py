"""Views: the same elements under other indices. Windows get new strides, expressions new
indices."""

import sympy

from dlbook.compile.buffers import Expression, Index, Tensor, Window, constant_of, read
from dlbook.compile.builder import Builder
from dlbook.compile.lowering import Call
from dlbook.compile.scalars import ZERO
from dlbook.compile.sizes import Size, equal, plain


def view(call: Call) -> Tensor:
    call.read("dim")  # of squeeze and unsqueeze
    return reshaped(call.build, call["self"], call.shape)


def reshaped(build: Builder, x: Tensor, shape: list[Size]) -> Tensor:
    """The elements in their order under a new shape."""
    if _same(x.shape, shape):
        return x
    if _same(_long(x.shape), _long(shape)):
        return _with_other_ones(x, shape)
    if constant_of(x) is not None:
        return Expression(shape, x.kind, lambda index: constant_of(x))
    if isinstance(x, Window) and not x.is_contiguous():
        strides = _strides_under(x, shape)
        if strides is not None:
            return Window(x.buffer, shape, strides, x.offset)
    whole = build.contiguous(x)
    return Window(whole.buffer, shape, None, whole.offset)


def _same(a: list[Size], b: list[Size]) -> bool:
    return len(a) == len(b) and all(equal(m, n) for m, n in zip(a, b, strict=True))


def _long(shape: list[Size]) -> list[Size]:
    return [length for length in shape if length != 1]


def _with_other_ones(x: Tensor, shape: list[Size]) -> Tensor:
    """Only axes of length 1 come or go."""
    if isinstance(x, Window):
        kept = iter([s for n, s in zip(x.shape, x.strides, strict=True) if n != 1])
        strides = [0 if length == 1 else next(kept) for length in shape]
        return Window(x.buffer, shape, strides, x.offset)

    def at(index: Index):
        kept = iter([i for i, length in zip(index, shape, strict=True) if length != 1])
        return x.at([ZERO if length == 1 else next(kept) for length in x.shape])

    return Expression(shape, x.kind, at)


def _strides_under(x: Window, shape: list[Size]) -> list[Size] | None:
    """The strides of a new shape, where old axes are only split or neighbours joined."""
    strides: list[Size] = []
    old = [(n, s) for n, s in zip(x.shape, x.strides, strict=True) if n != 1]
    new = [n for n in shape if n != 1]
    while old:
        length, stride = old.pop()
        got, group = 1, []
        while new and (not group or not equal(got, length)):
            if group and old and not _divides(got, length):  # join the neighbour in front
                if not equal(old[-1][1], stride * length):
                    return None
                length = length * old.pop()[0]
                continue
            group.append(stride * got)
            got = got * new.pop()
        while not equal(got, length):
            if not old or not equal(old[-1][1], stride * length):
                return None
            length = length * old.pop()[0]
        strides += group
    kept = iter(reversed(strides))
    return None if new else [0 if length == 1 else next(kept) for length in shape]


def _divides(part: Size, whole: Size) -> bool:
    """Whether `part` is known to divide `whole`."""
    if isinstance(part, int) and isinstance(whole, int):
        return whole % part == 0 and part < whole
    quotient = whole / part
    return quotient != 1 and quotient.is_integer is True


def permute(call: Call) -> Tensor:
    rank = len(call["self"].shape)
    return permuted(call["self"], [dim % max(1, rank) for dim in call["dims"]])


def transpose(call: Call) -> Tensor:
    x = call["self"]
    order = list(range(len(x.shape)))
    a, b = (call["dim0"], call["dim1"]) if "dim0" in call.arguments else (0, len(order) - 1)
    if order:
        order[a], order[b] = order[b], order[a]
    return permuted(x, order)


def permuted(x: Tensor, order: list[int]) -> Tensor:
    """The axes in another order."""
    shape = [x.shape[axis] for axis in order]
    if isinstance(x, Window):
        return Window(x.buffer, shape, [x.strides[axis] for axis in order], x.offset)
    back = [order.index(axis) for axis in range(len(order))]
    return Expression(shape, x.kind, lambda index: x.at([index[k] for k in back]))


def expand(call: Call) -> Tensor:
    return expanded(call["self"], call.shape)


def expanded(x: Tensor, shape: list[Size]) -> Tensor:
    """Axes of length 1 repeated, new ones in front."""
    if isinstance(x, Expression):
        return Expression(shape, x.kind, lambda index: read(x, index))
    new = len(shape) - len(x.shape)
    strides = [0] * new + [0 if n == 1 else s for n, s in zip(x.shape, x.strides, strict=True)]
    return Window(x.buffer, shape, strides, x.offset)


def slice_(call: Call) -> Tensor:
    x, axis = call["self"], call.axis()
    start = from_front(call.get("start", 0), x.shape[axis])
    return part(call, x, axis, start, call.shape[axis], call["step"])


def from_front(start: Size, length: Size) -> Size:
    if isinstance(start, int) and start < 0:
        start = length + start
        return max(start, 0) if isinstance(start, int) else start
    return min(start, length) if isinstance(start, int) and isinstance(length, int) else start


def part(call: Call, x: Tensor, axis: int, start: Size, length: Size, step: int = 1) -> Tensor:
    """`sliced`, in a program that says so where an open axis is shorter than that."""
    last = start + (length - 1) * step
    call.build.require(plain(sympy.expand(start)), plain(sympy.expand(x.shape[axis] - 1 - last)))
    return sliced(x, axis, start, length, step)


def sliced(x: Tensor, axis: int, start: Size, length: Size, step: int = 1) -> Tensor:
    """Every `step`-th place of an axis, `length` of them."""
    shape = [*x.shape[:axis], length, *x.shape[axis + 1 :]]
    if isinstance(x, Window):
        strides = list(x.strides)
        offset = start * strides[axis] + x.offset
        strides[axis] = strides[axis] * step
        return Window(x.buffer, shape, strides, offset)

    def at(index: Index):
        moved = list(index)
        moved[axis] = index[axis] * step + start
        return x.at(moved)

    return Expression(shape, x.kind, at)


def select(call: Call) -> Tensor:
    axis = call.axis()
    start = from_front(call["index"], call["self"].shape[axis])
    return _dropped(part(call, call["self"], axis, start, 1), axis)


def _dropped(x: Tensor, axis: int) -> Tensor:
    """Without an axis of length 1."""
    shape = x.shape[:axis] + x.shape[axis + 1 :]
    if isinstance(x, Window):
        return Window(x.buffer, shape, x.strides[:axis] + x.strides[axis + 1 :], x.offset)
    return Expression(shape, x.kind, lambda index: x.at([*index[:axis], ZERO, *index[axis:]]))


def split(call: Call) -> list[Tensor]:
    """split, split_with_sizes: pieces along an axis."""
    axis, start, pieces = call.axis(), 0, []
    for piece in call.value:
        length = call.sizes(piece.shape[axis])
        pieces.append(part(call, call["self"], axis, start, length))
        start = start + length
    return pieces


def unbind(call: Call) -> list[Tensor]:
    axis = call.axis()
    return [_dropped(sliced(call["self"], axis, k, 1), axis) for k in range(len(call.value))]


LOWERINGS = {
    **dict.fromkeys(("view", "_unsafe_view", "reshape", "unsqueeze", "squeeze"), view),
    "permute": permute, "transpose": transpose, "t": transpose, "expand": expand,
    "slice": slice_, "select": select, "split": split, "split_with_sizes": split,
    "unbind": unbind,
}  # fmt: skip
