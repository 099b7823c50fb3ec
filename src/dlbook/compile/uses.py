"""How the result of an operator is used: whether it is worth a buffer."""

from dataclasses import dataclass

from torch.fx import Node

from dlbook.compile import lower_conversions, lower_pointwise, lower_views
from dlbook.compile.lowering import operator_name

READS_OFTEN = {"mm", "bmm", "convolution", "addmm", "baddbmm", "argmax", "argmin", "max", "min",
               "amax", "amin", "max_pool2d_with_indices", "avg_pool2d", "gather", "index",
               "embedding", "scatter", "scatter_add", "index_put", "index_select", "cumsum"
               }  # fmt: skip
POINTWISE = lower_pointwise.LOWERINGS | lower_conversions.LOWERINGS
VIEWS = set(lower_views.LOWERINGS) | {"flip", "diagonal", "getitem", "clone"}


@dataclass
class Uses:
    """How the result of a node is used, seen through views."""

    count: int = 0
    repeated: bool = False  # an element is read several times by one of them
    in_memory: bool = False  # one of them needs a buffer

    @classmethod
    def of(cls, node: Node) -> "Uses":
        uses = cls()
        for user in node.users:
            uses.add(node, user)
        return uses

    def add(self, node: Node, user: Node):
        name = "output" if user.op == "output" else operator_name(user)
        if name in VIEWS:
            inner = Uses.of(user)
            self.count += inner.count
            self.repeated |= inner.repeated or (name == "expand" and inner.count > 0)
            self.in_memory |= inner.in_memory
            return
        self.count += 1
        self.in_memory |= name in READS_OFTEN or name == "output"
        self.repeated |= name in READS_OFTEN or _is_broadcast(node, user)


def _is_broadcast(node: Node, user: Node) -> bool:
    """Whether a pointwise operator reads the elements of a smaller tensor several times."""
    if user.op == "output" or operator_name(user) not in POINTWISE:
        return False
    small, large = node.meta["val"], user.meta["val"]
    return small.dim() > 0 and tuple(small.shape) != tuple(large.shape)
