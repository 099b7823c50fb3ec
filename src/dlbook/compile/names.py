"""Dotted names of the tensors in nested dicts and lists: "params.0.weight"."""

from collections.abc import Iterable, Iterator

from torch import Tensor


def flatten(value, name: str = "") -> Iterable[tuple[str, Tensor]]:
    """The tensors in nested dicts and lists, with dotted names; a tensor alone is "output"."""
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, (list, tuple)):
        children = enumerate(value)
    else:
        yield name or "output", value
        return
    for key, child in children:
        yield from flatten(child, f"{name}.{key}" if name else str(key))


def unflatten(like, leaves: Iterator[Tensor]):
    """Nested as `like`, with the next tensors of `leaves`."""
    if isinstance(like, dict):
        return {key: unflatten(child, leaves) for key, child in like.items()}
    if isinstance(like, (list, tuple)):
        return type(like)(unflatten(child, leaves) for child in like)
    return next(leaves)
