"""The best of all lines, against a brute search over directions and thresholds."""

import math

import pytest
import torch

from dlbook.datasets import toy_classification as toys
from dlbook.models.best_line import fewest_errors


def _by_search(X, y, num_directions=1440):
    angles = torch.arange(num_directions) * (2 * math.pi / num_directions)
    projections = X @ torch.stack([angles.cos(), angles.sin()])  # (n, directions)
    cuts = torch.cat([projections - 1e-5, projections + 1e-5])  # (2n, directions)
    wrong = (projections[:, None] > cuts) != (y == 1)[:, None, None]
    return int(wrong.sum(dim=0).min())


@pytest.mark.parametrize("make", [toys.xor, toys.moons, toys.circles, toys.blobs])
@pytest.mark.parametrize("seed", range(3))
def test_no_search_finds_fewer_errors(make, seed):
    X, y = make(25, seed=seed)
    best, searched = fewest_errors(X, y), _by_search(X, y)
    assert best <= searched
    assert searched - best <= 1  # a search over directions may miss a narrow gap


def test_four_corners_of_xor_cost_one_error():
    X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    assert fewest_errors(X, torch.tensor([0, 1, 1, 0])) == 1
    assert fewest_errors(X, torch.tensor([0, 1, 1, 1])) == 0


def test_separable_sets_cost_nothing_and_labels_may_be_swapped():
    for seed in range(5):
        X, y = toys.blobs(40, 1.0, seed=seed, margin=0.05)
        assert fewest_errors(X, y) == 0
        X, y = toys.moons(40, 0.2, seed=seed)
        assert fewest_errors(X, y) == fewest_errors(X, 1 - y)
