"""What a tensor becomes: a strided window on a buffer, or an expression not yet computed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch

from dlbook.compile.scalars import ZERO, Linear, Scalar, number
from dlbook.compile.sizes import Size, contiguous_strides

Index = Sequence[Linear]  # one place an axis

# What pages have of torch's types: of int64 what fits 32 bits (`ranges`), of uint8 no arithmetic.
KINDS = {
    torch.float32: "float",
    torch.float64: "double",
    torch.int64: "integer",
    torch.int32: "integer",
    torch.bool: "boolean",
    torch.uint8: "byte",
}


@dataclass(eq=False)
class Buffer:
    """Numbers of one kind side by side in memory."""

    length: Size
    kind: str  # "float", "double", "integer", "boolean", "byte"
    values: list | None = None  # what it holds from the start; zeros otherwise
    name: str = field(default="", init=False)  # given when the program is written

    def __repr__(self):
        return f"buffer[{self.length}]"


@dataclass(eq=False)
class Window:
    """A tensor whose elements lie in a buffer: element i at offset + Σ i_k · stride_k."""

    buffer: Buffer
    shape: list[Size]
    strides: list[Size] | None = None  # contiguous if not given
    offset: Size = 0

    def __post_init__(self):
        self.shape = list(self.shape)
        if self.strides is None:
            self.strides = contiguous_strides(self.shape)

    @property
    def kind(self) -> str:
        return self.buffer.kind

    def place(self, index: Index) -> Linear:
        """Where in the buffer an element lies."""
        result = Linear(self.offset)
        for along, stride in zip(index, self.strides, strict=True):
            result += along * stride
        return result

    def at(self, index: Index) -> Scalar:
        """The element at `index`."""
        return Scalar("load", self.buffer, self.place(index))

    def is_contiguous(self) -> bool:
        """Whether the elements fill a piece of the buffer in their order."""
        expected = contiguous_strides(self.shape)
        return all(
            length == 1 or stride == wanted
            for length, stride, wanted in zip(self.shape, self.strides, expected, strict=True)
        )


@dataclass(eq=False)
class Expression:
    """A tensor whose elements are computed where they are needed."""

    shape: list[Size]
    kind: str
    at: Callable[[Index], Scalar]


Tensor = Window | Expression


def read(value, index: Index) -> Scalar:
    """An element of a tensor broadcast to the axes of `index`, or a number."""
    if not isinstance(value, (Window, Expression)):
        return number(value)
    own = list(index)[len(index) - len(value.shape) :]
    return value.at(
        [ZERO if length == 1 else i for length, i in zip(value.shape, own, strict=True)]
    )


def constant_of(tensor: Tensor) -> Scalar | None:
    """The number that all elements of an expression are, if it is one."""
    if isinstance(tensor, Window):
        return None
    somewhere = [Linear(0, {Scalar("variable", f"c{k}"): 1}) for k in range(len(tensor.shape))]
    element = tensor.at(somewhere)
    return element if element.op == "number" else None
