"""Batch norm with its scale and shift in the same operation, forward and backward.

`torch.vmap` normalizes the channels of all members as those of one tensor, (sample, member ·
channel, ...), but scales and shifts by operations of their own, two on all images forward and six
backward: the operation itself does that on the way. 64 small convolutional networks with batch norm
take a fifth less time.
"""

import operator

from torch.fx import GraphModule, Node

from dlbook.sweep.graph import Rewriting, aten, shape_of

SAME_NUMBERS = {
    aten.reshape.default, aten.permute.default, aten.transpose.int, aten.clone.default,
    aten.contiguous.default,
}  # fmt: skip


class BatchNorm(Rewriting):
    """x̂ · scale + shift as one operation with x̂, and the gradients of all three as one."""

    def __init__(self, graph: GraphModule):
        super().__init__(graph)
        self.place = {node: i for i, node in enumerate(self.graph.nodes)}

    def rewrite(self, node: Node) -> Node | None:
        """What normalizes, scales and shifts at once; or the gradient of that."""
        if node.target is aten.add.Tensor and not node.kwargs:
            return self._forward(node)
        if node.target is aten.native_batch_norm_backward.default:
            return self._backward(node)
        return None

    def _forward(self, node: Node) -> Node | None:
        """x̂ as (member, channel, sample, ...), whose operation now scales and shifts."""
        scaled, shift = node.args
        if not _is(scaled, aten.mul.Tensor) or len(scaled.users) > 1:
            return None
        images, scale = scaled.args
        norm = _norm_of(images)
        if norm is None or not all(_is_per_channel(part, images) for part in (scale, shift)):
            return None
        given = [_flat(part) for part in (scale, shift)]
        if any(self.place.get(part, len(self.place)) > self.place[norm] for part in given):
            return None  # they are known only later
        with self.graph.inserting_before(norm):
            for position, part in enumerate(given, 1):
                flat = self.call(aten.reshape.default, part, [shape_of(norm.args[0])[1]])
                norm.update_arg(position, flat)
        return images

    def _backward(self, node: Node) -> Node | None:
        """The gradients by x, scale and shift."""
        gradient, x, ones, *others = node.args[:-1]  # the rest: what to compute
        scaled = _by_channel(gradient)
        if not _is(ones, aten.ones.default) or not _is(scaled, aten.mul.Tensor):
            return None
        by_channel, scale = scaled.args  # (member, channel, sample, ...)
        if not _is_turned(by_channel, 1, 2) or not _is_per_channel(scale, by_channel):
            return None
        images = by_channel.args[0]
        sums = self._sums(images, [_origin(part) for part in (x, *others[2:4])])
        readers = {user for total in sums for user in total.users}
        if any(self.place.get(user, -1) < self.place[node] for user in readers):
            return None
        exchanged = self.call(aten.permute.default, images, _exchanged(images))
        flat = self.call(aten.reshape.default, exchanged, shape_of(x))
        weight = self.call(aten.reshape.default, scale, [shape_of(x)[1]])
        new = self.call(node.target, flat, x, weight, *others, [True] * 3)
        for total, part in sums.items():
            value = self.call(operator.getitem, new, part)
            total.replace_all_uses_with(self.call(aten.reshape.default, value, shape_of(total)))
        return new

    def _sums(self, images: Node, normalized: list[Node]) -> dict[Node, int]:
        """The gradients by scale, 1, and shift, 2, that are computed from the gradient `images`.

        `normalized`: x, its mean and 1 / its standard deviation.
        """
        found = {}
        for by_channel in images.users:
            if not _is_turned(by_channel, 1, 2):
                continue
            for user in by_channel.users:
                if _sums_channels(user):
                    found[user] = 2
                elif _is(user, aten.mul.Tensor) and _factors(user.args[0]) == normalized:
                    found |= {total: 1 for total in user.users if _sums_channels(total)}
        return found


def _is(node: object, target) -> bool:
    return isinstance(node, Node) and node.target is target


def _is_turned(node: object, *axes: int) -> bool:
    """Whether two axes are exchanged."""
    return _is(node, aten.transpose.int) and node.args[1:] == axes


def _flat(node: Node) -> Node:
    """The node whose numbers these are, in this order."""
    while _is(node, aten.reshape.default):
        node = node.args[0]
    return node


def _origin(node: object) -> object:
    """The node whose numbers these are, in any order; a plain number as it is."""
    while isinstance(node, Node) and node.target in SAME_NUMBERS:
        node = node.args[0]
    return node


def _norm_of(images: Node) -> Node | None:
    """The batch norm, itself without scale and shift, of this (member, channel, sample, ...)"""
    if not _is(images, aten.reshape.default) or not _is_turned(images.args[0], 0, 1):
        return None
    turned = images.args[0]
    result = turned.args[0]  # (sample, member · channel, ...)
    if not _is(result, operator.getitem) or shape_of(images)[2:] != shape_of(turned)[1:]:
        return None
    norm = result.args[0]
    plain = _is(norm, aten.native_batch_norm.default)
    plain = plain and _is(norm.args[1], aten.ones.default) and _is(norm.args[2], aten.zeros.default)
    alone = all(len(node.users) == 1 for node in (images, turned, result))
    return norm if plain and alone else None


def _by_channel(gradient: Node) -> Node | None:
    """(member, channel, sample, ...), of which (sample, member · channel, ...) was made."""
    copied = gradient.args[0] if _is(gradient, aten.reshape.default) else None
    exchanged = copied.args[0] if _is(copied, aten.clone.default) else copied
    if not _is_turned(exchanged, 0, 1) or not _is_turned(exchanged.args[0], 1, 2):
        return None
    return exchanged.args[0].args[0]


def _is_per_channel(part: object, images: Node) -> bool:
    """Whether a tensor has a number for each channel of each member."""
    shape = shape_of(images)
    return shape_of(part) == (*shape[:2], *[1] * (len(shape) - 2))


def _sums_channels(node: Node) -> bool:
    """Whether (member, channel, sample, ...) is added up over all but the first two axes."""
    if not _is(node, aten.sum.dim_IntList):
        return False
    return list(node.args[1]) == list(range(2, len(shape_of(node.args[0]))))


def _factors(node: object) -> list | None:
    """a, b and c of (a − b) · c"""
    if not _is(node, aten.mul.Tensor) or not _is(node.args[0], aten.sub.Tensor):
        return None
    return [_origin(part) for part in (*node.args[0].args, node.args[1])]


def _exchanged(images: Node) -> list[int]:
    """The axes with the first two exchanged."""
    return [1, 0, *range(2, len(shape_of(images)))]
