"""Convolutions of all members as one, with the channels of all members side by side in memory.

`torch.vmap` stacks convolutions along the channels, images of shape (sample, member · channel, row,
column), but pooling along the samples, which copies everything in between; and it keeps rows side
by side, where those of a small image are too short for wide vectors. Here both are stacked along
the channels, and these lie side by side (torch's `channels_last`), which a CPU takes well.
"""

import operator

import torch
from torch.fx import Node
from torch.fx.node import map_arg

from dlbook.sweep.graph import Rewriting, aten, shape_of

IMAGES = {aten.convolution.default: 2, aten.convolution_backward.default: 3}  # arguments, at first
POOLINGS = {
    aten.max_pool2d_with_indices.default,
    aten.max_pool2d_with_indices_backward.default,
    aten.avg_pool2d.default,
    aten.avg_pool2d_backward.default,
    aten._adaptive_avg_pool2d.default,
    aten._adaptive_avg_pool2d_backward.default,
}
PER_CHANNEL = {aten.add.Tensor, aten.sub.Tensor, aten.mul.Tensor}
EXCHANGED = [1, 0, 2, 3, 4]  # (member, sample, channel, row, column) <-> (sample, member, ...)


class ChannelsLast(Rewriting):
    """The layout of images in convolutions, in pooling and between them."""

    def rewrite(self, node: Node) -> Node | None:
        """The operation in the other layout, or without what only copies."""
        first = node.args[0] if node.args else None
        dims = len(shape_of(first) or ())
        if not dims or first.meta["val"].device.type != "cpu":
            return None
        if dims == 5 and _only_copies(node):
            return first
        if dims == 5 and node.target in PER_CHANNEL:
            return self._with_bias(node) or self._with_packed_numbers(node)
        if node.target is aten.reshape.default and _reshapes(first, 5):
            images, shape = first.args[0], node.args[1]
            same = shape_of(images) == tuple(shape)
            return images if same else self.call(aten.reshape.default, images, shape)
        if dims == 4 and node.target in IMAGES:
            count = IMAGES[node.target]
            return self.call(node.target, *map(self._last, node.args[:count]), *node.args[count:])
        if node.target in POOLINGS and all(map(_is_by_member, node.all_input_nodes)):
            return self._pooling(node)
        return None

    def _with_bias(self, node: Node) -> Node | None:
        """A convolution and a number that is added for each channel, as one operation."""
        images, bias = node.args
        if node.target is not aten.add.Tensor:
            return None
        convolution = _convolution_in(images)
        members, _, channels, *_ = shape_of(node)
        if convolution is None or shape_of(bias) != (members, 1, channels, 1, 1):
            return None
        x, weight, none, *more = convolution.args
        if none is not None or len(convolution.users) > 1 or node.kwargs:
            return None
        flat = self.call(aten.reshape.default, bias, [members * channels])
        new = self.call(aten.convolution.default, x, weight, flat, *more)
        split = self.call(aten.reshape.default, new, images.args[0].args[1])
        return self.call(aten.permute.default, split, EXCHANGED)

    def _with_packed_numbers(self, node: Node) -> Node | None:
        """Work with a number for each channel of each member, these side by side in memory.

        They are parts of each member's parameters; with gaps between members, every one of them
        would be a loop of its own, over a few channels.
        """
        images, numbers = node.args
        if not isinstance(numbers, Node) or sum(size > 1 for size in shape_of(numbers)) != 2:
            return None
        packed = self.call(aten.clone.default, numbers, memory_format=torch.contiguous_format)
        return self.call(node.target, images, packed, **node.kwargs)

    def _last(self, images: Node) -> Node:
        """The same images; not copied if their channels lie side by side already.

        A single channel lies so in any layout, but only a copy says so to the convolution.
        """
        copies = aten.clone.default if shape_of(images)[1] == 1 else aten.contiguous.default
        return self.call(copies, images, memory_format=torch.channels_last)

    def _pooling(self, node: Node) -> Node:
        """The operation on (sample, member · channel, row, column)."""
        members, samples = shape_of(node.args[0].args[0])[:2]
        new = self.call(node.target, *map_arg(node.args, self._by_channel))
        if shape_of(new):
            return self._by_member(new, members, samples)
        for part in list(node.users):
            with self.graph.inserting_before(part):
                one = self.call(operator.getitem, new, part.args[1])
                part.replace_all_uses_with(self._by_member(one, members, samples))
        return new

    def _by_channel(self, images: Node) -> Node:
        """(member · sample, channel, ...) -> (sample, member · channel, ...)"""
        members, samples, channels, *sizes = shape_of(images.args[0])
        exchanged = self.call(aten.permute.default, images.args[0], EXCHANGED)
        shape = [samples, members * channels, *sizes]
        return self._last(self.call(aten.reshape.default, exchanged, shape))

    def _by_member(self, images: Node, members: int, samples: int) -> Node:
        """The other way round."""
        _, channels, *sizes = shape_of(images)
        shape = [samples, members, channels // members, *sizes]
        split = self.call(aten.reshape.default, images, shape)
        exchanged = self.call(aten.permute.default, split, EXCHANGED)
        return self.call(aten.reshape.default, exchanged, [members * samples, *shape[2:]])


def _only_copies(node: Node) -> bool:
    """Whether a node has its argument's value, in another layout at most."""
    if node.target is aten.permute.default:
        return list(node.args[1]) == sorted(node.args[1])
    return node.target is aten.clone.default and "memory_format" in node.kwargs


def _convolution_in(images: Node) -> Node | None:
    """The convolution of which (member, sample, channel, ...) was made just now."""
    if images.target is not aten.permute.default or not _reshapes(images.args[0], 4):
        return None
    node = images.args[0].args[0]
    fits = list(images.args[1]) == EXCHANGED and node.target is aten.convolution.default
    return node if fits else None


def _reshapes(node: Node, dims: int) -> bool:
    """Whether a node is a tensor of `dims` axes in another shape."""
    return node.target is aten.reshape.default and len(shape_of(node.args[0])) == dims


def _is_by_member(images: Node) -> bool:
    """Whether (member · sample, ...) was made of (member, sample, ...) just now."""
    shape = shape_of(images)
    return _reshapes(images, 5) and len(shape) == 4 and shape_of(images.args[0])[2:] == shape[1:]
