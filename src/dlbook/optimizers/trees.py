"""Trees: dicts of tensors, nested as one likes, such as all parameters of a network."""

from collections.abc import Callable

from torch import Tensor

Tree = dict  # str -> Tensor or Tree


def map_trees(function: Callable, tree: Tree, *others: Tree) -> Tree:
    """`function` of the tensors in equal places of one or several trees, as a tree."""
    return {
        key: map_trees(function, value, *(other[key] for other in others))
        if isinstance(value, dict)
        else function(value, *(other[key] for other in others))
        for key, value in tree.items()
    }


def leaves(tree: Tree) -> list[Tensor]:
    """All tensors of a tree."""
    parts = (leaves(value) if isinstance(value, dict) else [value] for value in tree.values())
    return [leaf for part in parts for leaf in part]
