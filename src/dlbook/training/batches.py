"""Epochs: every sample once, in an order of its own, in batches."""

from collections.abc import Iterator, Sequence
from itertools import count

from torch import Tensor

from dlbook.random import permutation

ORDERS = 2_000_000  # the samples of epoch e are shuffled by stream ORDERS + e of the seed


def steps_per_epoch(num_points: int, batch_size: int | None, *, drop_last: bool = False) -> int:
    """⌈n/b⌉ steps, or ⌊n/b⌋ if the samples that don't fill a batch are dropped.

    >>> steps_per_epoch(60_000, 64), steps_per_epoch(60_000, 64, drop_last=True)
    (938, 937)
    """
    if batch_size is None:
        return 1
    if not 1 <= batch_size <= num_points:
        raise ValueError(f"batch_size must be 1 to {num_points}, all samples, not {batch_size!r}")
    return num_points // batch_size if drop_last else -(-num_points // batch_size)


def batches(
    num_points: int, batch_size: int | None, *, epoch: int, seed: int, drop_last: bool = False
) -> Sequence[Tensor | slice]:
    """The indices of the samples in each batch of one epoch: a random order cut into pieces.

    Args:
        num_points: n.
        batch_size: samples a batch, 1 to n; None gives a single batch of all, in their order.
        epoch: 0, 1, ...; each has its own order.
        seed: of the orders: stream 2 000 000 + epoch of `dlbook.random`.
        drop_last: leave out the last batch if it is smaller than the others.
    """
    num_batches = steps_per_epoch(num_points, batch_size, drop_last=drop_last)
    if batch_size is None:
        return [slice(None)]
    order = permutation(num_points, seed=seed, stream=ORDERS + epoch)
    return order.split(batch_size)[:num_batches]


def endless_batches(
    num_points: int, batch_size: int | None, *, seed: int, drop_last: bool = False
) -> Iterator[Tensor | slice]:
    """The batches of epoch after epoch, without end."""
    for epoch in count():
        yield from batches(num_points, batch_size, epoch=epoch, seed=seed, drop_last=drop_last)
