"""A stacked step as a flat graph of torch operations: traced once, rewritten, then run or compiled.

Running the graph leaves out what autograd and `torch.vmap` do around every operation. The rewriting
rules are in modules of their own; each keeps the values, up to rounding.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.fx import GraphModule, Node
from torch.fx.experimental.proxy_tensor import make_fx
from torch.fx.node import map_aggregate

from dlbook.optimizers.trees import Tree, leaves, map_trees
from dlbook.sweep.step import Advance

aten = torch.ops.aten
Flat = Callable[..., Sequence[Tensor]]  # state, hyper, extra, X, y as a list -> state, loss


@dataclass(frozen=True)
class Arguments:
    """The structure of what an `Advance` takes, so that lists can stand for it."""

    state: Tree
    hyper: Tree
    extra: Tree

    def flat(self, advance: Advance) -> Flat:
        """`advance` with lists of tensors in place of dicts."""

        def step(*tensors: Tensor) -> list[Tensor]:
            rest = iter(tensors)
            parts = [rebuilt(tree, rest) for tree in (self.state, self.hyper, self.extra)]
            state, loss = advance(*parts, *rest)
            return [*leaves(state), loss]

        return step

    def nested(self, step: Flat) -> Advance:
        """The other way round."""

        def advance(state: Tree, hyper: Mapping, extra: Mapping, X: Tensor, y: Tensor):
            with torch.no_grad():
                *tensors, loss = step(*leaves(state), *leaves(hyper), *leaves(extra), X, y)
            return rebuilt(self.state, iter(tensors)), loss

        return advance


def rebuilt(tree: Tree, tensors: Iterator[Tensor]) -> Tree:
    """A tree of the structure of `tree` with the next of `tensors` in its places."""
    return map_trees(lambda _: next(tensors), tree)


def trace(step: Flat, example: Sequence[Tensor]) -> GraphModule:
    """The operations of `step` at the sizes of `example`, gradients included."""
    graph = make_fx(step, tracing_mode="fake")(*example)
    for node in graph.graph.nodes:
        if node.target in (aten.view.default, aten._unsafe_view.default):
            node.target = aten.reshape.default  # the layout may be changed by a rule
    return graph


class Rewriting(ABC):
    """A walk over a graph that puts new operations in the place of old ones.

    Subclasses say in `rewrite` what to put in the place of a node; None leaves it.
    """

    def __init__(self, graph: GraphModule):
        self.module, self.graph = graph, graph.graph

    @abstractmethod
    def rewrite(self, node: Node) -> Node | None:
        """What to put in the place of `node`."""

    def run(self) -> GraphModule:
        """The rewritten graph."""
        for node in list(self.graph.nodes):
            if node.op != "call_function":
                continue
            with self.graph.inserting_before(node):
                new = self.rewrite(node)
            if new is not None:
                node.replace_all_uses_with(new)
                self.graph.erase_node(node)
        self.graph.eliminate_dead_code()
        self.module.recompile()
        return self.module

    def call(self, operation, *arguments, **named) -> Node:
        """A new node, with the shape and kind of its value."""
        node = self.graph.call_function(operation, arguments, named)
        given, keywords = map_aggregate((arguments, named), _value)
        mode = next(
            v.fake_mode
            for v in torch.utils._pytree.tree_leaves((given, keywords))
            if isinstance(v, torch._subclasses.FakeTensor)
        )
        with mode:
            node.meta["val"] = operation(*given, **keywords)
        return node


def shape_of(node: object) -> tuple[int, ...] | None:
    """The shape of a node's tensor; None for what is none."""
    value = node.meta.get("val") if isinstance(node, Node) else None
    return tuple(value.shape) if isinstance(value, Tensor) else None


def _value(argument: object) -> object:
    return argument.meta["val"] if isinstance(argument, Node) else argument
