"""Loop nests: what a program does, one after the other, between its buffers.

A graph is lowered to a list of steps. Most are a `Nest`: loops around stores. The heavy ones call
the kernels: `MatrixProduct` and `Copy`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from dlbook.compile.buffers import Buffer, Window
from dlbook.compile.scalars import Linear, Scalar, everything_in
from dlbook.compile.sizes import Size


@dataclass(frozen=True)
class Loop:
    """for (variable = 0; variable < length; variable++)"""

    variable: Scalar
    length: Size


@dataclass(frozen=True)
class Store:
    """buffer[place] = value, or += value."""

    buffer: Buffer
    place: Linear
    value: Scalar
    add: bool = False


@dataclass(frozen=True)
class Accumulator:
    """A variable of the inner loops: starts as `initial`, becomes `update` at every turn."""

    variable: Scalar
    initial: Scalar
    update: Scalar


@dataclass(eq=False)
class Nest:
    """Outer loops; in them inner loops that update accumulators; after these the stores.

    `inner_stores` happen at every turn of the inner loops, after the update. A nest without inner
    loops is pointwise: its turns may run in any order unless `ordered` says that places repeat.
    """

    loops: list[Loop]
    stores: list[Store]
    inner_loops: list[Loop] = field(default_factory=list)
    accumulators: list[Accumulator] = field(default_factory=list)
    inner_stores: list[Store] = field(default_factory=list)
    ordered: bool = False

    def scalars(self) -> list[Scalar]:
        """Everything that is computed."""
        roots = [store.value for store in self.all_stores()]
        roots += [scalar for a in self.accumulators for scalar in (a.initial, a.update)]
        for store in self.all_stores():
            roots += store.place.terms
        return everything_in(roots)

    def all_stores(self) -> list[Store]:
        return [*self.inner_stores, *self.stores]

    def loads(self) -> Iterator[tuple[Buffer, Linear]]:
        """What is read, and where."""
        for scalar in self.scalars():
            if scalar.op == "load":
                yield scalar.args

    def reads(self) -> set[Buffer]:
        added = {store.buffer for store in self.all_stores() if store.add}
        return added | {buffer for buffer, _ in self.loads()}

    def writes(self) -> set[Buffer]:
        return {store.buffer for store in self.all_stores()}

    @property
    def is_pointwise(self) -> bool:
        return not (self.accumulators or self.ordered)


@dataclass(eq=False)
class Kernel:
    """A call of a kernel, in loops over leading axes."""

    def reads(self) -> set[Buffer]:
        return {window.buffer for window in self.inputs()}

    def writes(self) -> set[Buffer]:
        return {self.out.buffer}


@dataclass(eq=False)
class MatrixProduct(Kernel):
    """out[..., n, m] = left[..., n, k] @ right[..., k, m]; rows of `right` and `out` are whole."""

    left: Window
    right: Window
    out: Window

    def inputs(self) -> list[Window]:
        return [self.left, self.right]


@dataclass(eq=False)
class Copy(Kernel):
    """The elements of a window, in their order, into a contiguous one."""

    source: Window
    out: Window

    def inputs(self) -> list[Window]:
        return [self.source]


@dataclass(eq=False)
class InPlace(Kernel):
    """A function of every element of a whole buffer."""

    function: str  # "exp", "tanh", "sigmoid", "relu"
    out: Window

    def inputs(self) -> list[Window]:
        return [self.out]


@dataclass(eq=False)
class Gate(Kernel):
    """Zeros in a whole buffer where another one is not positive: the gradient of relu."""

    by: Window
    out: Window

    def inputs(self) -> list[Window]:
        return [self.by, self.out]


@dataclass(eq=False)
class Fill(Kernel):
    """A whole buffer filled with one number."""

    out: Window
    number: str

    def inputs(self) -> list[Window]:
        return []


Step = Nest | Kernel
