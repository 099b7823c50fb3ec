"""Results that take the memory of what is no longer needed, for graphs that are run as they are.

A new array of some megabytes is memory that the operating system has to hand out and clear first,
at each step again; one that was just read is in the processor's cache.
"""

from torch.fx import GraphModule, Node

from dlbook.sweep.graph import Rewriting, aten

NAMES = """add sub mul div neg tanh sigmoid relu gelu silu exp log log1p sqrt rsqrt reciprocal pow
    abs sin cos clamp clamp_min clamp_max elu leaky_relu hardtanh square erf addcmul lerp"""
IN_PLACE = {  # addition -> addition to the first argument
    getattr(getattr(aten, name), kind): getattr(getattr(aten, f"{name}_"), kind)
    for name in NAMES.split()
    for kind in getattr(aten, name).overloads()
    if kind in getattr(aten, f"{name}_", aten.detach).overloads()
}
INTO_GRADIENT = {
    aten.threshold_backward.default: aten.threshold_backward.grad_input,
    aten.tanh_backward.default: aten.tanh_backward.grad_input,
    aten.sigmoid_backward.default: aten.sigmoid_backward.grad_input,
}
NEW = {
    *IN_PLACE, *INTO_GRADIENT, aten.bmm.default, aten.baddbmm.default, aten.convolution.default,
    aten.where.self, aten.cat.default, aten.sum.dim_IntList, aten._log_softmax.default,
    aten._log_softmax_backward_data.default, aten._softmax.default,
    aten._softmax_backward_data.default, aten.max_pool2d_with_indices_backward.default,
    aten.avg_pool2d.default, aten.avg_pool2d_backward.default,
}  # fmt: skip
VIEWS = {
    aten.reshape.default, aten.permute.default, aten.transpose.int, aten.unsqueeze.default,
    aten.squeeze.dims, aten.contiguous.default, aten.t.default,
}  # fmt: skip


class Reuse(Rewriting):
    """Operations on each number by itself, in place where nobody reads their argument afterwards.

    `self.owners[node]` are the nodes in whose memory the value of `node` may lie, and
    `self.sharing[owner]` all nodes that may lie there. What is not in `NEW` or `VIEWS` may lie in
    memory of its own or of any argument.
    """

    def __init__(self, graph: GraphModule):
        super().__init__(graph)
        self.place = {node: i for i, node in enumerate(self.graph.nodes)}
        self.owners: dict[Node, set[Node]] = {}
        self.sharing: dict[Node, list[Node]] = {}
        self.made: set[Node] = set()
        for node in self.graph.nodes:
            if node.op == "placeholder":
                self._owned(node, {node})

    def rewrite(self, node: Node) -> Node | None:
        """The operation in place, if it has such a form and its first argument ends with it."""
        new = self._in_place(node)
        if new is not None:
            self.place[new] = self.place[node]
            self._owned(new, self.owners[node.args[0]])
        elif node.target in NEW:
            self.made.add(node)
            self._owned(node, {node})
        else:
            inputs = set().union(*(self.owners[a] for a in node.all_input_nodes))
            self._owned(node, inputs if node.target in VIEWS else inputs | {node})
        return new

    def _owned(self, node: Node, owners: set[Node]) -> None:
        self.owners[node] = owners
        for owner in owners:
            self.sharing.setdefault(owner, []).append(node)

    def _in_place(self, node: Node) -> Node | None:
        if node.target not in IN_PLACE and node.target not in INTO_GRADIENT:
            return None
        first = node.args[0]
        if not isinstance(first, Node) or not self._ends_with(first, node):
            return None
        if node.target in INTO_GRADIENT:
            return self.call(INTO_GRADIENT[node.target], *node.args, grad_input=first)
        return self.call(IN_PLACE[node.target], *node.args, **node.kwargs)

    def _ends_with(self, first: Node, node: Node) -> bool:
        """Whether `node` is the last to read `first` and the memory that it lies in."""
        before, after = first.meta["val"], node.meta["val"]
        if before.shape != after.shape or before.dtype != after.dtype:
            return False
        owners = self.owners[first]
        if not owners <= self.made:
            return False
        others = set(node.all_input_nodes) - {first}
        if any(self.owners[other] & owners for other in others):
            return False
        readers = {user for owner in owners for n in self.sharing[owner] for user in n.users}
        return all(self.place[reader] <= self.place[node] for reader in readers)
