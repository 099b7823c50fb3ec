"""Picking one number a row, by comparing instead of by index: a loop that can be vectorised."""

import torch
from torch.fx import Node

from dlbook.sweep.graph import Rewriting, aten, shape_of


class OneHot(Rewriting):
    """gather and scatter along an axis with a single index, as in cross-entropy and its gradient.

    x[i, index_i] = Σ_j x_ij [j = index_i]
    """

    def rewrite(self, node: Node) -> Node | None:
        """Both operations with a comparison."""
        if node.target is aten.gather.default and shape_of(node.args[2])[node.args[1]] == 1:
            x, axis, index = node.args[:3]
            picked = self.call(aten.where.self, self._hit(x, axis, index), x, self._full(x, 0))
            return self.call(aten.sum.dim_IntList, picked, [axis], True)
        if node.target is aten.scatter.value and shape_of(node.args[2])[node.args[1]] == 1:
            x, axis, index, value = node.args
            return self.call(aten.where.self, self._hit(x, axis, index), self._full(x, value), x)
        return None

    def _full(self, like: Node, value: float) -> Node:
        return self.call(aten.full_like.default, like, value)

    def _hit(self, like: Node, axis: int, index: Node) -> Node:
        """True where the place along `axis` is `index`."""
        value = like.meta["val"]
        places = self.graph.call_function(
            aten.arange.default, (value.shape[axis],), {"device": value.device}
        )
        with value.fake_mode:
            places.meta["val"] = torch.arange(value.shape[axis], device=value.device)
        shape = [1] * value.dim()
        shape[axis] = value.shape[axis]
        return self.call(aten.eq.Tensor, self.call(aten.reshape.default, places, shape), index)
