"""Splits and folds cover every case exactly once."""

import pytest
import torch

from dlbook.evaluation.splits import k_folds, three_way_split


@pytest.mark.parametrize("n", [10, 569])
def test_three_sets_are_disjoint_and_complete(n):
    parts = three_way_split(n, train=0.6, validation=0.2, seed=0)
    assert torch.cat(parts).sort().values.tolist() == list(range(n))
    assert [len(part) for part in parts[:2]] == [round(n * 0.6), round(n * 0.2)]


def test_the_seed_decides():
    one, same, other = (three_way_split(50, train=0.5, validation=0.2, seed=s) for s in (0, 0, 1))
    assert all(a.equal(b) for a, b in zip(one, same, strict=True))
    assert not one[0].equal(other[0])


@pytest.mark.parametrize(("n", "num_folds"), [(10, 2), (569, 5), (7, 7)])
def test_every_case_is_held_out_once(n, num_folds):
    folds = k_folds(n, num_folds, seed=3)
    assert torch.cat([held_out for _, held_out in folds]).sort().values.tolist() == list(range(n))
    for train, held_out in folds:
        assert torch.cat([train, held_out]).sort().values.tolist() == list(range(n))
    sizes = [len(held_out) for _, held_out in folds]
    assert max(sizes) - min(sizes) <= 1


def test_empty_sets_and_impossible_folds_are_refused():
    with pytest.raises(ValueError, match="each of the three sets"):
        three_way_split(10, train=0.8, validation=0.2, seed=0)
    for num_folds in (1, 11):
        with pytest.raises(ValueError, match="from 2 to 10"):
            k_folds(10, num_folds, seed=0)
