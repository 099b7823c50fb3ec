"""A torch function as one functional graph of core-ATen operators.

The function may compute gradients (`torch.autograd.grad`): forward, backward and update end up in
one graph. Sizes that are declared stay symbols; all others are numbers.
"""

import inspect
from collections.abc import Callable, Iterable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor
from torch._dispatch.python import enable_python_dispatcher
from torch._subclasses.fake_tensor import (
    DataDependentOutputException,
    DynamicOutputShapeException,
)
from torch.fx import GraphModule, Interpreter, Node
from torch.fx import traceback as fx_traceback
from torch.fx.experimental.proxy_tensor import make_fx
from torch.fx.experimental.symbolic_shapes import GuardOnDataDependentSymNode
from torch.nn.attention import SDPBackend, sdpa_kernel

from dlbook.compile.decompositions import decompositions
from dlbook.compile.draws import Draw, TracedInt, recorded_draws
from dlbook.compile.lines import LineRecorder
from dlbook.compile.lowering import CannotCompile
from dlbook.compile.names import flatten, unflatten
from dlbook.compile.open_sizes import FakeInputs, Squeezes
from dlbook.compile.sizes import SizeNames

aten = torch.ops.aten
DEPENDS_ON_DATA = (
    GuardOnDataDependentSymNode,
    DataDependentOutputException,
    DynamicOutputShapeException,
)
NOTHING_DONE = (aten.alias.default, aten.detach.default, aten.lift_fresh_copy.default)


@dataclass
class Trace:
    """A traced function: its graph and what the graph's inputs and outputs are called."""

    graph: GraphModule
    inputs: dict[str, Node]
    outputs: dict[str, Node]
    draws: list[Draw]
    names: SizeNames  # torch's symbols -> declared names


def trace(
    function: Callable, arguments: tuple, sizes: dict[str, int], ints: Iterable[str]
) -> Trace:
    """Trace `function` at example arguments; the arguments are those of `compile_program`."""
    parameters = list(inspect.signature(function).parameters)
    if len(arguments) > len(parameters):
        raise ValueError(
            f"{len(arguments)} arguments, but the function takes {len(parameters)}:"
            f" {', '.join(parameters)}"
        )
    named = dict(zip(parameters, arguments, strict=False))
    inputs = dict(flatten(named))
    _check(inputs, sizes)
    free = parameters[len(arguments) :]
    for name in ints:
        if name not in free:
            raise ValueError(f"the function has no parameter {name} besides its tensors")
    fakes = FakeInputs(sizes)
    carriers = fakes.carriers()
    leaves = [fakes.make(tensor, name) for name, tensor in inputs.items()]
    by_name = {name: TracedInt.named(name) for name in ints}
    output_names: list[str] = []

    def flat(*tensors):
        known = {name: tensor.shape[0] for name, tensor in zip(sizes, tensors, strict=False)}
        given = unflatten(named, iter(tensors[len(sizes) :]))
        known = {name: length for name, length in known.items() if name in free}
        outputs = dict(flatten(function(*given.values(), **by_name, **known)))
        output_names[:] = outputs
        return list(outputs.values())

    with recorded_draws() as draws, fakes.mode, _conditions():
        graph = _functional_graph(flat, [*carriers, *leaves])
    fakes.check_open()
    placeholders = [node for node in graph.graph.nodes if node.op == "placeholder"]
    (output,) = (node for node in graph.graph.nodes if node.op == "output")
    return Trace(
        graph,
        dict(zip(inputs, placeholders[len(sizes) :], strict=True)),
        dict(zip(output_names, output.args[0], strict=True)),
        draws,
        fakes.names(),
    )


@contextmanager
def _conditions():
    """What the tracing needs: attention in plain operators, lines kept, sizes as symbols."""
    with ExitStack() as stack:
        stack.enter_context(sdpa_kernel(SDPBackend.MATH))
        stack.enter_context(fx_traceback.preserve_node_meta())
        stack.enter_context(enable_python_dispatcher())
        yield


def _functional_graph(flat: Callable, leaves: list[Tensor]) -> GraphModule:
    """Trace, trace again without mutations if there are any, and drop what does nothing."""

    def with_lines(*tensors):
        lines = LineRecorder()
        try:
            with lines, Squeezes():
                return flat(*tensors)
        except DEPENDS_ON_DATA as error:
            raise CannotCompile(
                f"what is computed depends on the data; use torch.where; used by {lines.line}"
            ) from error
        except CannotCompile as error:  # from a decomposition
            raise CannotCompile(f"{error}; used by {lines.line}") from None

    table = decompositions()
    graph = make_fx(with_lines, decomposition_table=table)(*leaves)
    if any(_mutates(node) for node in graph.graph.nodes):
        again = torch.func.functionalize(Interpreter(graph).run, remove="mutations")
        graph = make_fx(again, decomposition_table=table)(*leaves)
    for node in list(graph.graph.nodes):
        if node.target in NOTHING_DONE:
            node.replace_all_uses_with(node.args[0])
            graph.graph.erase_node(node)
    graph.graph.eliminate_dead_code()
    return graph


def _mutates(node: Node) -> bool:
    schema = getattr(node.target, "_schema", None)
    return schema is not None and schema.is_mutable


def _check(inputs: dict[str, Tensor], sizes: dict[str, int]):
    for name, tensor in inputs.items():
        if not isinstance(tensor, Tensor):
            raise TypeError(f"{name} is {tensor!r}; every input must be a tensor")
    for name, length in sizes.items():
        others = [other for other in sizes if other != name and sizes[other] == length]
        if others:
            raise ValueError(f"{name} and {others[0]} are both {length}; give them other lengths")
        if length < 3:
            raise ValueError(f"{name} is {length}; give the example a length that stands out, >= 3")
