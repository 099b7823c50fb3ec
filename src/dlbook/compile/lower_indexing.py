"""Indexing: elements read and written at places that other tensors give."""

from collections.abc import Sequence

from dlbook.compile.buffers import Expression, Index, Window, read
from dlbook.compile.lower_conversions import number_of_kind
from dlbook.compile.lower_pointwise import plus, times
from dlbook.compile.lower_views import from_front, part
from dlbook.compile.lowering import Call
from dlbook.compile.nests import Nest, Store
from dlbook.compile.ranges import inside, whole
from dlbook.compile.scalars import Linear, Scalar, number, place, rounded
from dlbook.compile.sizes import Size


def gather(call: Call) -> Expression:
    """out[i, j] = self[i, index[i, j]] for dim = 1."""
    x, indices, axis = call["self"], call["index"], call.axis()

    def at(index: Index) -> Scalar:
        return x.at(_moved(index, axis, read(indices, index), x.shape[axis]))

    return Expression(call.shape, call.kind, at)


def _moved(index: Index, axis: int, to: Scalar, length: Size) -> list[Linear]:
    """`index` with another place along one axis, which has this length."""
    return [place(inside(to, length)) if k == axis else i for k, i in enumerate(index)]


def index_select(call: Call) -> Expression:
    x, indices, axis = call["self"], call["index"], call.axis()

    def at(index: Index) -> Scalar:
        return x.at(_moved(index, axis, read(indices, [index[axis]]), x.shape[axis]))

    return Expression(call.shape, call.kind, at)


def embedding(call: Call) -> Expression:
    """Rows of a table."""
    table, indices = call["weight"], call["indices"]

    def at(index: Index) -> Scalar:
        row = inside(read(indices, index[:-1]), table.shape[0])
        return table.at([place(row), index[-1]])

    return Expression(call.shape, call.kind, at)


def index(call: Call) -> Expression:
    """self[a, b, :, ...] with integer tensors a, b; one next to the other."""
    x = call["self"]
    where = Places(call, x.shape)

    def at(index_: Index) -> Scalar:
        return x.at(where.full(index_))

    return Expression(call.shape, call.kind, at)


class Places:
    """The index tensors of `index` and `index_put`, and where their axes stand in the result."""

    def __init__(self, call: Call, shape: Sequence[Size]):
        self.lengths = shape
        self.indices = {k: t for k, t in enumerate(call["indices"]) if t is not None}
        if any(t.kind in ("boolean", "byte") for t in self.indices.values()):
            call.refuse("a mask chooses a number of elements that is not known; use torch.where")
        axes = list(self.indices)
        if axes != list(range(axes[0], axes[0] + len(axes))):
            call.refuse("indexed axes must stand next to one another")
        self.first, self.rank = axes[0], max(len(t.shape) for t in self.indices.values())

    def full(self, index_: Index) -> list[Linear]:
        """The place in the indexed tensor for a place in the result."""
        given = index_[self.first : self.first + self.rank]
        rest = iter([*index_[: self.first], *index_[self.first + self.rank :]])
        return [
            place(self.wrapped(axis, given)) if axis in self.indices else next(rest)
            for axis in range(len(self.lengths))
        ]

    def wrapped(self, axis: int, given: Index) -> Scalar:
        """An index along an axis; negative ones count from the end."""
        found, length = read(self.indices[axis], given), self.lengths[axis]
        if found.op == "number":
            at = int(found.args[0])
            return inside(number(at + length if at < 0 else at), length)
        if found.op != "variable":
            from_end = plus(found, number(length))
            found = Scalar("select", Scalar("<", found, number(0)), from_end, found)
        return inside(found, length)


def scatter(call: Call) -> Window:
    """scatter, scatter_add: self[i, index[i, j]] = (+=) src[i, j] for dim = 1."""
    if call.get("reduce") is not None:
        call.refuse("scatter with a reduction is not supported, except scatter_add")
    source = call["src"] if "src" in call.arguments else call["value"]
    out, axis, indices = call.build.copied(call["self"]), call.axis(), call["index"]
    loops, index_ = call.build.loops(indices.shape)
    target = out.place(_moved(index_, axis, indices.at(index_), out.shape[axis]))
    value = source.at(index_) if isinstance(source, (Window, Expression)) else number(source)
    _write(call, loops, Store(out.buffer, target, value, add=call.name == "scatter_add"))
    return out


def _write(call: Call, loops: list, store: Store):
    if store.add and store.buffer.kind in ("boolean", "byte"):
        call.refuse("booleans and bytes can't be added up in place; use an integer")
    call.build.steps.append(Nest(loops, [store], ordered=True))


def index_put(call: Call) -> Window:
    """self[a, b, ...] = (+=) values."""
    out = call.build.copied(call["self"])
    where = Places(call, out.shape)
    shapes = [[1] * (where.rank - len(t.shape)) + t.shape for t in where.indices.values()]
    broadcast = [max(lengths, key=lambda n: n != 1) for lengths in zip(*shapes, strict=True)]
    rest = [n for axis, n in enumerate(out.shape) if axis not in where.indices]
    shape = [*rest[: where.first], *broadcast, *rest[where.first :]]
    loops, index_ = call.build.loops(shape)
    value = read(call["values"], index_)
    target = out.place(where.full(index_))
    _write(call, loops, Store(out.buffer, target, value, add=call["accumulate"]))
    return out


def slice_scatter(call: Call) -> Window:
    """self with a slice of it replaced."""
    source, axis = call["src"], call.axis()
    out, length = call.build.copied(call["self"]), call["self"].shape[axis]
    start = from_front(call.get("start", 0), length)
    place_ = part(call, out, axis, start, source.shape[axis], call["step"])
    call.build.store(place_, source)
    return out


def select_scatter(call: Call) -> Window:
    """self with one place of an axis replaced."""
    axis, source = call.axis(), call["src"]
    out, at = call.build.copied(call["self"]), call["index"]
    row = part(call, out, axis, from_front(at, out.shape[axis]), 1)
    shape, strides = (v[:axis] + v[axis + 1 :] for v in (row.shape, row.strides))
    call.build.store(Window(row.buffer, shape, strides, row.offset), source)
    return out


def diagonal_scatter(call: Call) -> Window:
    """self with the diagonal of two axes replaced."""
    out, source = call.build.copied(call["self"]), call["src"]
    rank, offset = len(out.shape), call["offset"]
    a, b = call["dim1"] % rank, call["dim2"] % rank
    others = [axis for axis in range(rank) if axis not in (a, b)]
    strides = [*(out.strides[axis] for axis in others), out.strides[a] + out.strides[b]]
    start = out.strides[b] * max(offset, 0) + out.strides[a] * max(-offset, 0)
    call.build.store(Window(out.buffer, source.shape, strides, start + out.offset), source)
    return out


def index_add(call: Call) -> Window:
    """self[index[i]] += alpha · source[i] along an axis."""
    out, source, axis = call.build.copied(call["self"]), call["source"], call.axis()
    loops, index_ = call.build.loops(source.shape)
    target = out.place(_moved(index_, axis, read(call["index"], [index_[axis]]), out.shape[axis]))
    value = times(source.at(index_), number_of_kind(call, call["alpha"], call.kind))
    value = whole(value) if call.kind == "integer" else rounded(value, call.kind)
    _write(call, loops, Store(out.buffer, target, value, add=True))
    return out


LOWERINGS = {
    "gather": gather, "index_select": index_select, "embedding": embedding,
    **dict.fromkeys(("index", "_unsafe_index"), index),
    **dict.fromkeys(("index_put", "_unsafe_index_put"), index_put),
    **dict.fromkeys(("scatter", "scatter_add"), scatter),
    "slice_scatter": slice_scatter, "select_scatter": select_scatter, "index_add": index_add,
    "diagonal_scatter": diagonal_scatter,
}  # fmt: skip
