"""Nested dicts of tensors as flat lists, and back."""

from collections.abc import Callable, Iterator

from torch import Tensor

Tree = dict  # str -> Tensor or Tree


def map_tree(function: Callable[[Tensor], Tensor], tree: Tree) -> Tree:
    """`function` of every tensor of nested dicts."""
    return {
        name: map_tree(function, value) if isinstance(value, dict) else function(value)
        for name, value in tree.items()
    }


def leaves(tree: Tree) -> list[Tensor]:
    """All tensors of nested dicts, in order."""
    parts = (leaves(v) if isinstance(v, dict) else [v] for v in tree.values())
    return [leaf for part in parts for leaf in part]


def rebuilt(tree: Tree, tensors: Iterator[Tensor]) -> Tree:
    """A tree of the structure of `tree` with the next of `tensors` in its places."""
    return map_tree(lambda _: next(tensors), tree)
