"""Sizes of tensors: integers, or sympy expressions of the symbols that a program leaves open."""

import math
from collections.abc import Iterable, Sequence

import sympy
import torch

Size = int | sympy.Expr


def plain(value: int | float | sympy.Expr) -> int | float | sympy.Expr:
    """A constant sympy number as Python's own; everything else as it is."""
    if isinstance(value, sympy.Integer):
        return int(value)
    if isinstance(value, sympy.Float):
        return float(value)
    return value


def product(sizes: Iterable[Size]) -> Size:
    """The product of sizes; 1 if there are none."""
    return plain(sympy.expand(math.prod(sizes, start=1)))


def contiguous_strides(shape: Sequence[Size]) -> list[Size]:
    """How far apart neighbours along each axis lie when the last axis runs fastest."""
    strides, step = [], 1
    for length in reversed(shape):
        strides.insert(0, step)
        step = product((step, length))
    return strides


def equal(a: Size, b: Size) -> bool:
    """Whether two sizes are equal whatever the symbols stand for."""
    return a == b or sympy.expand(a - b) == 0


class SizeNames:
    """Reads the sizes that torch traced, written in the names that the program declares."""

    def __init__(self, names: dict[sympy.Symbol, sympy.Symbol]):
        self.names = names
        self.known: dict[sympy.Expr, Size] = {}

    def __call__(self, value) -> int | float | sympy.Expr:
        """`value` (a number, or torch's symbolic one) in the declared names."""
        if isinstance(value, (torch.SymInt, torch.SymFloat, torch.SymBool)):
            value = value.node.expr
        if not isinstance(value, sympy.Basic):
            return value
        if value not in self.known:
            self.known[value] = plain(sympy.expand(value.xreplace(self.names)))
        return self.known[value]

    def shape(self, tensor: torch.Tensor) -> list[Size]:
        """The shape of a traced tensor."""
        return [self(length) for length in tensor.shape]


def typical(size: Size) -> int:
    """A size where every symbol stands for 97; only to put sizes into an order."""
    if isinstance(size, int):
        return size
    return int(size.xreplace(dict.fromkeys(size.free_symbols, sympy.Integer(97))))
