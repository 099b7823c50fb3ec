"""The same numbers with fewer or quicker operations, for graphs that are run as they are."""

import torch
from torch.fx import GraphModule, Node

from dlbook.sweep.graph import Rewriting, aten, shape_of

CONSTANTS = {aten.full_like.default: None, aten.zeros_like.default: 0, aten.ones_like.default: 1}


class Cheaper(Rewriting):
    """Rules on single operations, each with its reason.

    A W + b as one operation; tanh x = 2 σ(2x) − 1, of which torch computes the right side five
    times faster on a CPU (2e-7 off); factors 1 and conversions to the kind that is there already
    are left out; numbers that only look like another tensor are made once (`Once`).
    """

    def rewrite(self, node: Node) -> Node | None:
        """The rule that fits `node`."""
        value = node.meta.get("val")
        if node.target is aten.mul.Scalar and node.args[1] == 1:
            return node.args[0]
        if node.target is aten.tanh.default and _is_quick(value):
            return self._tanh(node.args[0])
        if node.target is aten.add.Tensor and not node.kwargs:
            return self._affine(node)
        if node.target in CONSTANTS and value.device.type == "cpu":
            return self._constant(node, value)
        return None

    def _tanh(self, x: Node) -> Node:
        sigmoid = self.call(aten.sigmoid.default, self.call(aten.mul.Tensor, x, 2.0))
        return self.call(aten.sub.Tensor, self.call(aten.mul.Tensor, sigmoid, 2.0), 1.0)

    def _affine(self, node: Node) -> Node | None:
        """b + A B, where the product is used nowhere else."""
        for product, other in (node.args[:2], node.args[1::-1]):
            if _is_product(product, node) and len(shape_of(other) or ()) == 3:
                return self.call(aten.baddbmm.default, other, *product.args)
        return None

    def _constant(self, node: Node, value) -> Node:
        number = node.args[1] if CONSTANTS[node.target] is None else CONSTANTS[node.target]
        new = self.graph.call_function(
            aten.full.default, (list(value.shape), number), {"dtype": value.dtype}
        )
        new.meta["val"] = value
        return new


def _is_quick(value: torch.Tensor) -> bool:
    """Whether a sigmoid is quicker than tanh and close enough."""
    return value.dtype == torch.float32 and value.device.type == "cpu"


def _is_product(node: object, total: Node) -> bool:
    """Whether `node` is a product that only the sum `total` uses, of the same shape."""
    if not isinstance(node, Node) or node.target is not aten.bmm.default:
        return False
    return len(node.users) == 1 and shape_of(node) == shape_of(total)


class Once:
    """A graph whose operations on the batch alone are done once, while the batch is the same.

    Args:
        graph: its last two inputs are X and y.
    """

    def __init__(self, graph: GraphModule):
        self.step, self.before = _split(graph)
        self._kept = None  # a batch and what was made of it: one reference, for other threads

    def __call__(self, *tensors):
        """What the graph gives."""
        batch, kept = tensors[-2:], self._kept
        if kept is None or any(a is not b for a, b in zip(batch, kept[0], strict=True)):
            kept = self._kept = (batch, self.before(*batch))
        return self.step(*tensors, *kept[1])


def _split(graph: GraphModule) -> tuple[GraphModule, GraphModule]:
    """The graph with further inputs, and the graph that gives those from the last two inputs."""
    nodes = list(graph.graph.nodes)
    inputs = [node for node in nodes if node.op == "placeholder"]
    early = set(inputs[-2:])
    for node in nodes:
        if node.op == "call_function" and set(node.all_input_nodes) <= early:
            early.add(node)
    handed_over = [
        node
        for node in nodes
        if node in early and not set(node.users) <= early and node.op != "placeholder"
    ]
    before = torch.fx.Graph()
    copies = {node: before.node_copy(node) for node in inputs[-2:]}
    for node in nodes:
        if node in early and node.op == "call_function":
            copies[node] = before.node_copy(node, lambda n: copies[n])
    before.output([copies[node] for node in handed_over])
    for node in handed_over:
        with graph.graph.inserting_after(inputs[-1]):
            given = graph.graph.placeholder(f"made_{node.name}")
        node.replace_all_uses_with(given)
        inputs.append(given)
    graph.graph.eliminate_dead_code()
    graph.recompile()
    return graph, GraphModule(graph, before)
