"""One operator of a graph with its operands lowered; and what is said where that can't be done."""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch.fx import Node

from dlbook.compile.buffers import KINDS
from dlbook.compile.builder import Builder
from dlbook.compile.sizes import Size, SizeNames

# Arguments that no lowering has to look at.
TOLD_BY_SHAPE = {"size", "end", "keepdim", "repeats", "output_padding", "split_size",
                 "split_sizes"}  # fmt: skip
WITHOUT_EFFECT = {"layout", "device", "pin_memory", "memory_format", "non_blocking", "implicit",
                  "sparse_grad", "scale_grad_by_freq", "sparse", "padding_idx",
                  "count_include_pad"}  # fmt: skip


class CannotCompile(ValueError):
    """A function that can't be turned into a program: which operator, which line, why."""


def operator_name(node: Node) -> str:
    """aten's name of the operator: "add", "convolution"."""
    if node.target is operator.getitem:
        return "getitem"
    schema = getattr(node.target, "_schema", None)
    return schema.name.split("::")[-1] if schema else getattr(node.target, "__name__", "?")


def refuse(node: Node, reason: str):
    """Raise `CannotCompile` for a node of the graph."""
    line = node.meta.get("stack_trace") or "a line that is not known"
    raise CannotCompile(f"{operator_name(node)} can't be compiled: {reason}; used by {line}")


@dataclass
class Call:
    """An operator with its arguments, by the names of aten's schema."""

    name: str
    arguments: dict
    node: Node
    build: Builder
    sizes: SizeNames
    seen: set[str] = field(default_factory=set)  # arguments that the lowering looked at

    @classmethod
    def of(cls, node: Node, lowered: Callable, build: Builder, sizes: SizeNames) -> "Call":
        """`lowered` gives the lowered value of an argument."""
        names = [argument.name for argument in node.target._schema.arguments]
        defaults = {
            argument.name: argument.default_value
            for argument in node.target._schema.arguments
            if argument.has_default_value()
        }
        given = dict(zip(names, node.args, strict=False)) | dict(node.kwargs)
        arguments = defaults | {name: lowered(value) for name, value in given.items()}
        return cls(operator_name(node), arguments, node, build, sizes)

    def __getitem__(self, name: str):
        self.seen.add(name)
        return self.arguments[name]

    def get(self, name: str, default=None):
        self.seen.add(name)
        value = self.arguments.get(name)
        return default if value is None else value

    def read(self, *names: str):
        """Say that arguments are followed: what is traced tells what they do."""
        self.seen.update(names)

    def check_arguments(self):
        """Refuse arguments that the lowering did not look at and that change the result."""
        for argument in self.node.target._schema.arguments:
            name = argument.name
            if name not in self.arguments or name in self.seen | TOLD_BY_SHAPE | WITHOUT_EFFECT:
                continue
            if not argument.has_default_value() or self.arguments[name] != argument.default_value:
                self.refuse(f"its argument {name} is not supported")

    @property
    def value(self) -> torch.Tensor:
        """The traced result."""
        return self.node.meta["val"]

    @property
    def shape(self) -> list[Size]:
        """The shape of the result."""
        return self.sizes.shape(self.value)

    @property
    def kind(self) -> str:
        """The kind of numbers of the result."""
        return self.kind_of(self.value)

    @property
    def computing(self) -> str:
        """The kind of numbers that a pointwise operator computes with: a comparison has its own."""
        if self.kind != "boolean":
            return self.kind
        values = [a.meta["val"] if isinstance(a, Node) else a for a in self.node.args[:2]]
        values = [1 if isinstance(v, torch.SymInt) else v for v in values]
        values = [1.0 if isinstance(v, torch.SymFloat) else v for v in values]
        dtype = torch.result_type(*values) if len(values) > 1 else values[0].dtype
        return KINDS.get(dtype, self.kind)

    def kind_of(self, tensor: torch.Tensor) -> str:
        if tensor.dtype not in KINDS:
            self.refuse(f"a page has no numbers of type {tensor.dtype}")
        return KINDS[tensor.dtype]

    def axis(self, name: str = "dim", rank: int | None = None) -> int:
        """An axis counted from the front."""
        rank = len(self["self"].shape) if rank is None else rank
        return self[name] % max(1, rank)

    def axes(self, name: str = "dim") -> list[int]:
        """Axes counted from the front; all of them if none is named."""
        rank, dims = len(self["self"].shape), self.get(name)
        if dims is None or dims == [] or rank == 0:
            return list(range(rank))
        return [dim % max(1, rank) for dim in ([dims] if isinstance(dims, int) else dims)]

    def refuse(self, reason: str):
        """Raise `CannotCompile`."""
        refuse(self.node, reason)
