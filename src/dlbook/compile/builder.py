"""The list of steps while it grows: new buffers, new loops, tensors put into memory."""

from collections.abc import Callable, Sequence
from itertools import count

from dlbook.compile.buffers import (
    Buffer,
    Expression,
    Index,
    Tensor,
    Window,
    constant_of,
    read,
)
from dlbook.compile.nests import Accumulator, Copy, Fill, InPlace, Loop, Nest, Step, Store
from dlbook.compile.scalars import ZERO, Scalar, number, place
from dlbook.compile.sizes import Size, product

MOST_AXES_OF_A_COPY = 6  # of the kernel


class Builder:
    """The steps of a program and the buffers they need."""

    def __init__(self):
        self.steps: list[Step] = []
        self.buffers: list[Buffer] = []
        self.needed: dict[Size, None] = {}  # must not be negative; a program says so if one is
        self._numbers = count()
        self.matrices: dict[tuple, Window] = {}  # images padded and as matrices, by their origin

    def buffer(self, length: Size, kind: str, values: list | None = None) -> Buffer:
        """A new buffer."""
        self.buffers.append(Buffer(length, kind, values))
        return self.buffers[-1]

    def tensor(self, shape: Sequence[Size], kind: str, values: list | None = None) -> Window:
        """A new buffer as a contiguous tensor."""
        return Window(self.buffer(product(shape), kind, values), list(shape))

    def require(self, *sizes: Size):
        """The program holds only where these are 0 or more; what is known to be is left out."""
        self.needed |= {
            size: None for size in sizes if not isinstance(size, int) and not size.is_nonnegative
        }

    def loops(self, shape: Sequence[Size]) -> tuple[list[Loop], list]:
        """A loop for every axis that is longer than 1, and the index they make together."""
        loops, index = [], []
        for length in shape:
            if length == 1:
                index.append(ZERO)
                continue
            variable = Scalar("variable", f"i{next(self._numbers)}")
            loops.append(Loop(variable, length))
            index.append(place(variable))
        return loops, index

    def accumulator(self) -> Scalar:
        """A new variable for sums and the like."""
        return Scalar("accumulator", f"a{next(self._numbers)}")

    def in_memory(self, tensor: Tensor) -> Window:
        """The tensor as a window on a buffer; computed now if it was an expression."""
        if isinstance(tensor, Window):
            return tensor
        out, constant = self.tensor(tensor.shape, tensor.kind), constant_of(tensor)
        if constant is not None:
            self.steps.append(Fill(out, constant.args[0]))
        else:
            self.store(out, tensor)
        return out

    def through_kernel(self, tensor: Expression) -> Window:
        """An expression whose last operation is a function that a kernel computes in place."""

        def function(index: Index) -> Scalar:
            scalar = tensor.at(index)
            return scalar.args[0] if scalar.op == "float32" else scalar

        out = self.tensor(tensor.shape, "float")
        self.store(out, Expression(tensor.shape, "float", lambda index: function(index).args[0]))
        self.steps.append(InPlace(function(self.loops(tensor.shape)[1]).op, out))
        return out

    def contiguous(self, tensor: Tensor) -> Window:
        """The tensor as a contiguous window; copied if it is not one."""
        window = self.in_memory(tensor)
        return window if window.is_contiguous() else self.copied(window)

    def copied(self, tensor: Tensor) -> Window:
        """The tensor in a new contiguous buffer."""
        if isinstance(tensor, Expression):
            return self.in_memory(tensor)
        out = self.tensor(tensor.shape, tensor.kind)
        axes = sum(length != 1 for length in tensor.shape)
        if tensor.kind == "float" and axes <= MOST_AXES_OF_A_COPY:
            self.steps.append(Copy(tensor, out))
        else:
            self.store(out, tensor)
        return out

    def store(self, out: Window, value, add: bool = False):
        """A nest that writes every element of `value`, broadcast, into `out`."""
        loops, index = self.loops(out.shape)
        store = Store(out.buffer, out.place(index), read(value, index), add)
        self.steps.append(Nest(loops, [store], ordered=add))

    def reduce(
        self,
        out: Window,
        shape: Sequence[Size],
        turn: Callable[[Index, Index, Scalar], Scalar],
        initial: float,
        finish: Callable[[Scalar], Scalar] = lambda total: total,
    ):
        """A nest that runs over `shape` for every element of `out` and updates one accumulator.

        turn(index of out, index in shape, accumulator) is its next value.
        """
        loops, index = self.loops(out.shape)
        inner_loops, inner = self.loops(shape)
        place, start = out.place(index), number(initial)
        if not inner_loops:
            only = finish(turn(index, inner, start))
            self.steps.append(Nest(loops, [Store(out.buffer, place, only)]))
            return
        total = self.accumulator()
        update = Accumulator(total, start, turn(index, inner, total))
        stores = [Store(out.buffer, place, finish(total))]
        self.steps.append(Nest(loops, stores, inner_loops, [update]))
