"""How a tensor lies in memory: one flat storage, and a shape, strides and an offset to read it.

Element (i_1, ..., i_d) is at position  offset + i_1 stride_1 + ... + i_d stride_d  of the storage.
The operations here change only these numbers, as PyTorch's views do: no element moves.
"""

from dataclasses import dataclass, replace
from math import prod

import torch

Index = tuple[int, ...]


@dataclass(frozen=True)
class Layout:
    """The numbers that turn a flat storage into a tensor: sizes, strides (elements) and offset."""

    shape: tuple[int, ...]
    stride: tuple[int, ...]
    offset: int = 0

    def position(self, index: Index) -> int:
        """Where in the storage element `index` is: offset + sum over axes of index times stride.

        Raises IndexError where `index` has another number of axes or lies outside the shape.
        """
        inside = len(index) == len(self.shape) and all(
            0 <= i < size for i, size in zip(index, self.shape, strict=False)
        )
        if not inside:
            raise IndexError(f"index {index} is outside the shape {self.shape}")
        return self.offset + sum(i * s for i, s in zip(index, self.stride, strict=True))

    def positions(self) -> torch.Tensor:
        """The storage position of every element, as an int64 tensor of this shape."""
        positions = torch.tensor(self.offset)
        for size, step in zip(self.shape, self.stride, strict=True):
            positions = positions.unsqueeze(-1) + step * torch.arange(size)
        return positions

    def transpose(self, dim0: int, dim1: int) -> "Layout":
        """Two axes change places: their sizes and their strides are swapped."""
        order = list(range(len(self.shape)))
        order[dim0], order[dim1] = order[dim1], order[dim0]
        return replace(
            self,
            shape=tuple(self.shape[k] for k in order),
            stride=tuple(self.stride[k] for k in order),
        )

    def narrow(self, dim: int, start: int, length: int) -> "Layout":
        """`length` slices of axis `dim` from `start` on: a smaller size and a larger offset.

        Raises IndexError where these slices are not all there.
        """
        if not (start >= 0 and length >= 0 and start + length <= self.shape[dim]):
            raise IndexError(
                f"slices {start} to {start + length} of axis {dim}, which has {self.shape[dim]}"
            )
        return replace(
            self,
            shape=_with(self.shape, dim, length),
            offset=self.offset + start * self.stride[dim],
        )

    def every(self, dim: int, step: int) -> "Layout":
        """Every `step`-th slice of axis `dim`: the stride is multiplied."""
        return replace(
            self,
            shape=_with(self.shape, dim, -(-self.shape[dim] // step)),
            stride=_with(self.stride, dim, step * self.stride[dim]),
        )

    def expand(self, dim: int, size: int) -> "Layout":
        """Axis `dim` of size 1 repeated `size` times: stride 0, every step lands on one element.

        Raises ValueError where the axis has another size than 1.
        """
        if self.shape[dim] != 1:
            raise ValueError(f"only an axis of size 1 is expanded, not {self.shape[dim]}")
        return replace(self, shape=_with(self.shape, dim, size), stride=_with(self.stride, dim, 0))

    @property
    def is_contiguous(self) -> bool:
        """Whether the elements, read row by row, are at consecutive places of the storage."""
        expected = contiguous(self.shape).stride
        return 0 in self.shape or all(
            size == 1 or step == want
            for size, step, want in zip(self.shape, self.stride, expected, strict=True)
        )


def contiguous(shape: tuple[int, ...]) -> Layout:
    """The layout of a new tensor: the last axis has stride 1, each one before it skips a block.

    stride_k = shape_{k+1} * ... * shape_d

    Example:
        >>> contiguous((2, 3, 4)).stride
        (12, 4, 1)
    """
    stride = tuple(prod(max(size, 1) for size in shape[k + 1 :]) for k in range(len(shape)))
    return Layout(tuple(shape), stride)


def layout_of(tensor: torch.Tensor) -> Layout:
    """The layout with which `tensor` reads its storage."""
    return Layout(tuple(tensor.shape), tuple(tensor.stride()), tensor.storage_offset())


def shares_storage(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Whether `a` and `b` read the same storage, so that writing into one can change the other."""
    return a.untyped_storage().data_ptr() == b.untyped_storage().data_ptr()


def _with(values: tuple[int, ...], position: int, value: int) -> tuple[int, ...]:
    changed = list(values)
    changed[position] = value
    return tuple(changed)
