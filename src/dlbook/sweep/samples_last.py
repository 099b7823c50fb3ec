"""Layout (member, feature, sample) in place of (member, sample, feature).

The axis of the samples is long, that of the features short: with the samples side by side in
memory, work on each number runs in wide vectors, and weights enter products as they are stored.
"""

from torch.fx import GraphModule, Node
from torch.fx.node import map_arg

from dlbook.sweep.graph import Rewriting, aten, shape_of

NAMES = """add sub mul div neg tanh tanh_backward sigmoid sigmoid_backward relu threshold_backward
    gelu gelu_backward silu silu_backward exp log log1p sqrt rsqrt reciprocal pow abs sin cos
    maximum minimum clamp clamp_min clamp_max where eq ne lt le gt ge logical_not logical_and
    bitwise_and bitwise_not elu elu_backward leaky_relu leaky_relu_backward softplus
    softplus_backward hardtanh square erf _to_copy clone detach zeros_like ones_like full_like
    rsub"""
POINTWISE = {getattr(aten, name) for name in NAMES.split()}
SOFTMAX = (aten._log_softmax.default, aten._softmax.default)
SOFTMAX_BACKWARD = (
    aten._log_softmax_backward_data.default,
    aten._softmax_backward_data.default,
)
FLIPPED = {0: 0, 1: 2, 2: 1}  # where an axis goes


class SamplesLast(Rewriting):
    """Products that are wider in samples are computed transposed, and what follows them too.

    `self.turned[node]` is a node whose value is that of `node` with axes 1 and 2 exchanged.
    """

    def __init__(self, graph: GraphModule):
        super().__init__(graph)
        self.turned: dict[Node, Node] = {}

    def rewrite(self, node: Node) -> Node | None:
        """The operation in the other layout, if its input is there or it makes the product."""
        shape = shape_of(node)
        if shape is None or isinstance(node.target, str):
            return None
        first = node.args[0] if node.args else None
        if _is_turn(node):
            return self._turn_of(node, first)
        if node.target is aten.bmm.default and shape[1] > shape[2]:
            return self._made(node.target, self._turn(node.args[1]), self._turn(node.args[0]))
        if node.target in (aten.reshape.default, aten.expand.default) and shape_of(first) == shape:
            return first  # nothing changes
        if len(shape) == 3 and getattr(node.target, "overloadpacket", None) in POINTWISE:
            return self._pointwise(node)
        return self._reduction(node, first, shape) if first in self.turned else None

    def _turn(self, node: Node) -> Node:
        """A node with axes 1 and 2 of `node` exchanged."""
        return self.turned.get(node) or self.call(aten.transpose.int, node, 1, 2)

    def _made(self, operation, *arguments, **named) -> Node:
        """The operation in the new layout, and a node that shows it in the old one."""
        new = self.call(operation, *arguments, **named)
        old = self.call(aten.transpose.int, new, 1, 2)
        self.turned[old] = new
        return old

    def _turn_of(self, node: Node, first: Node) -> Node | None:
        if first in self.turned:
            return self.turned[first]
        self.turned[node] = first
        return None

    def _pointwise(self, node: Node) -> Node | None:
        tensors = [a for a in node.all_input_nodes if shape_of(a)]
        if not any(a in self.turned for a in tensors):
            return None
        arguments = map_arg(node.args, self._broadcast)
        return self._made(node.target, *arguments, **node.kwargs)

    def _broadcast(self, node: Node) -> Node:
        """An argument of three axes, turned; numbers as they are."""
        shape = shape_of(node)
        if not shape:
            return node
        if len(shape) < 3:
            node = self.call(aten.reshape.default, node, [1] * (3 - len(shape)) + list(shape))
        return self._turn(node)

    def _reduction(self, node: Node, first: Node, shape: tuple[int, ...]) -> Node | None:
        turned, target = self.turned[first], node.target
        if target in SOFTMAX:
            return self._made(target, turned, FLIPPED[node.args[1] % 3], node.args[2])
        if target in SOFTMAX_BACKWARD:
            axis = FLIPPED[node.args[2] % 3]
            return self._made(target, turned, self._turn(node.args[1]), axis, node.args[3])
        if target is not aten.sum.dim_IntList:
            return None
        axes = [FLIPPED[axis % 3] for axis in node.args[1]]
        if len(shape) == 3:
            return self._made(target, turned, axes, True)
        return self.call(target, turned, axes) if len(axes) == 1 and axes != [0] else None


def _is_turn(node: Node) -> bool:
    """Whether a node exchanges axes 1 and 2 of three."""
    if node.target is not aten.transpose.int:
        return False
    shape = shape_of(node.args[0])
    return len(shape) == 3 and sorted(axis % 3 for axis in node.args[1:]) == [1, 2]
