"""Batches: every sample of an epoch once, in an order of its own."""

import pytest
import torch

from dlbook.training import batches, steps_per_epoch


def test_steps_of_an_epoch():
    assert steps_per_epoch(60_000, 64) == 938
    assert steps_per_epoch(60_000, 64, drop_last=True) == 937
    assert 60_000 - 937 * 64 == 32  # dropped
    assert steps_per_epoch(60_000, 60_000) == steps_per_epoch(60_000, None) == 1


@pytest.mark.parametrize("batch_size", [1, 7, 16, 50, None])
def test_an_epoch_visits_every_sample_once(batch_size):
    for epoch in range(3):
        pieces = batches(50, batch_size, epoch=epoch, seed=4)
        visited = torch.cat([torch.arange(50)[piece] for piece in pieces])
        assert sorted(visited.tolist()) == list(range(50))
        assert len(pieces) == steps_per_epoch(50, batch_size)


def test_dropping_the_last_batch_leaves_full_ones():
    pieces = batches(50, 16, epoch=0, seed=4, drop_last=True)
    assert [len(piece) for piece in pieces] == [16, 16, 16]
    assert len(set(torch.cat(pieces).tolist())) == 48


def test_orders_differ_between_epochs_and_seeds():
    orders = {tuple(torch.cat(batches(50, 16, epoch=e, seed=s)).tolist()) for e in range(3)
              for s in range(3)}  # fmt: skip
    assert len(orders) == 9
