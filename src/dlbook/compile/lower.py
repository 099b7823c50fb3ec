"""A graph as a list of steps over buffers: every operator in turn, then what is written back.

Pointwise operators and views become expressions that are computed where they are needed. An
expression is put into a buffer where computing it again would cost more: it is used several times,
or read several times by a broadcast.
"""

import operator
from dataclasses import dataclass, replace

import torch
from torch.fx import Node
from torch.utils import _pytree as pytree

from dlbook.compile import (
    lower_conversions,
    lower_convolution,
    lower_indexing,
    lower_matmul,
    lower_pointwise,
    lower_pooling,
    lower_rearranging,
    lower_reductions,
    lower_views,
)
from dlbook.compile.buffers import Expression, Tensor, Window
from dlbook.compile.builder import Builder
from dlbook.compile.draws import Draw
from dlbook.compile.lowering import Call, operator_name, refuse
from dlbook.compile.ranges import within
from dlbook.compile.sizes import Size, product
from dlbook.compile.trace import Trace
from dlbook.compile.uses import VIEWS, Uses

LOWERINGS = (
    lower_pointwise.LOWERINGS
    | lower_conversions.LOWERINGS
    | lower_views.LOWERINGS
    | lower_rearranging.LOWERINGS
    | lower_reductions.LOWERINGS
    | lower_matmul.LOWERINGS
    | lower_convolution.LOWERINGS
    | lower_pooling.LOWERINGS
    | lower_indexing.LOWERINGS
)
OWN_NUMBERS = "it draws its own random numbers; draw them with dlbook.random"
REASONS = dict.fromkeys(
    ("native_dropout", "bernoulli", "rand", "randn", "randint", "rand_like", "randn_like",
     "randperm", "uniform", "normal", "normal_functional", "multinomial"), OWN_NUMBERS
) | {"mkldnn_rnn_layer": "nn.LSTM is one closed operator; use nn.LSTMCell"}  # fmt: skip
# What gives only bytes that are there already, or 0 and 1, or sees to it itself.
KEEPS_BYTES = VIEWS | set(lower_rearranging.LOWERINGS) | {
    "gather", "index", "_unsafe_index", "index_select", "embedding", "where", "amax", "amin",
    "any", "all", "arange",
}  # fmt: skip
CHEAP = 2  # operations that are rather computed again than kept
IN_PLACE = {"exp", "tanh", "sigmoid", "relu"}  # kernels are four and more times faster at these
LARGE = 64  # elements; calling a kernel for fewer is not worth it
TOO_LONG = 60  # operations in one expression


@dataclass
class Lowered:
    """The steps of a program, and where its inputs, outputs and draws lie."""

    build: Builder
    inputs: dict[str, Window]
    outputs: dict[str, Window]
    draws: list[tuple[Draw, Window]]


def lower(traced: Trace) -> Lowered:
    """Steps for all operators of a traced function."""
    return Lowering(traced).run()


class Lowering:
    """Walks a graph; `values` holds what every node became."""

    def __init__(self, traced: Trace):
        self.traced = traced
        self.names = traced.names
        self.build = Builder()
        self.values: dict[Node, Tensor | list | int | None] = {}
        self.draws: list[tuple[Draw, Window]] = []

    def run(self) -> Lowered:
        inputs = {name: self.input(node) for name, node in self.traced.inputs.items()}
        constants: dict[str, Window] = {}
        for node in self.traced.graph.graph.nodes:
            if node.op == "get_attr":
                if node.target not in constants:
                    constants[node.target] = self.constant(node)
                self.values[node] = constants[node.target]
            elif node.op == "call_function":
                self.values[node] = self.kept(node, self.lower_node(node))
        outputs = self.write_outputs(inputs)
        return Lowered(self.build, inputs, outputs, self.draws)

    def input(self, node: Node) -> Window:
        example = node.meta["val"]
        window = self.build.tensor(
            self.names.shape(example), Call("input", {}, node, self.build, self.names).kind
        )
        self.values[node] = window
        return window

    def constant(self, node: Node) -> Window:
        """A tensor that the function made or found outside."""
        tensor = getattr(self.traced.graph, node.target)
        kind = Call("constant", {}, node, self.build, self.names).kind_of(tensor)
        whole = kind not in ("float", "double")
        values = [int(v) if whole else float(v) for v in tensor.flatten().tolist()]
        if whole and any(not within((v, v)) for v in values):
            refuse(node, "the whole numbers of a page lie below 2³¹")
        return self.build.tensor(list(tensor.shape), kind, values)

    def lower_node(self, node: Node):
        """What an operator becomes: a tensor, several, or a size."""
        value, name = node.meta.get("val"), operator_name(node)
        if name == "_local_scalar_dense":
            refuse(node, "what is computed depends on the data")
        if not isinstance(value, (torch.Tensor, list, tuple)):
            return self.names(value)
        if node.target is operator.getitem:
            return self.lowered(node.args[0])[node.args[1]]
        if name == "draw":
            return self.drawn(node)
        lowering = LOWERINGS.get(name)
        if lowering is None:
            refuse(node, REASONS.get(name, "no program is known for it"))
        for tensor in pytree.tree_leaves(value):
            self.build.require(*self.names.shape(tensor))
            if tensor.dtype == torch.uint8 and name not in KEEPS_BYTES:
                refuse(node, "pages don't compute in uint8, which wraps around at 256")
        call = Call.of(node, self.lowered, self.build, self.names)
        result = lowering(call)
        call.check_arguments()
        return result

    def lowered(self, argument):
        """An argument with its nodes replaced by what they became."""
        if isinstance(argument, Node):
            return self.values[argument]
        if isinstance(argument, (list, tuple)):
            return pytree.tree_map(
                lambda a: self.values[a] if isinstance(a, Node) else a, list(argument)
            )
        return argument

    def drawn(self, node: Node) -> Window:
        _, number, dtype = node.args
        kind = "float" if dtype == torch.float32 else "integer"
        window = self.build.tensor(self.names.shape(node.meta["val"]), kind)
        draw = self.traced.draws[number]
        self.draws.append((replace(draw, high=self.names(draw.high)), window))
        return window

    def kept(self, node: Node, value):
        """`value`, in memory if it will be needed several times."""
        if not isinstance(value, Expression):
            return value
        if operator_name(node) in IN_PLACE and value.kind == "float" and _is_large(value.shape):
            return self.build.through_kernel(value)
        cost = value.at(self.build.loops(value.shape)[1]).cost
        uses = Uses.of(node)
        if cost == 0 or not uses.count:
            return value
        worth = (uses.count > 1 or uses.repeated) and cost > CHEAP
        if worth or (uses.count > 1 and uses.in_memory) or cost > TOO_LONG:
            return self.build.in_memory(value)
        return value

    def write_outputs(self, inputs: dict[str, Window]) -> dict[str, Window]:
        """Put the outputs into buffers of their own; those of an input's name back into it."""
        outputs, returned = {}, []
        own = {window.buffer for window in inputs.values()}
        for name, node in self.traced.outputs.items():
            value = self.values[node]
            if name in inputs and isinstance(value, Window) and value is inputs[name]:
                outputs[name] = value
                continue
            fresh = isinstance(value, Expression)
            window = self.build.in_memory(value)
            whole = window.is_contiguous() and window.buffer.length == product(window.shape)
            if not fresh and (window.buffer in own or window.buffer.values or not whole):
                window = self.build.copied(window)
            outputs[name] = window
            own.add(window.buffer)
            if name in inputs:
                returned.append(name)
        for name in returned:
            self.check_return(name, inputs[name], outputs[name])
            self.build.store(inputs[name], outputs[name])
            outputs[name] = inputs[name]
        return outputs

    def check_return(self, name: str, into: Window, value: Window):
        if into.shape != value.shape or into.kind != value.kind:
            raise ValueError(
                f"output {name} is {value.kind} {value.shape}, but the input of that name, which"
                f" it is written back to, is {into.kind} {into.shape}"
            )


def _is_large(shape: list[Size]) -> bool:
    """Whether a tensor is large, or of a size that is not known."""
    size = product(shape)
    return not isinstance(size, int) or size >= LARGE
