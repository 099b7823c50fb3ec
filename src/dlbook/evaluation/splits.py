"""Which cases teach, which choose and which judge: index sets for splits and folds."""

import torch
from torch import Tensor

from dlbook import random


def three_way_split(
    n: int, *, train: float, validation: float, seed: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Random disjoint index sets for training, validation and testing that cover 0, ..., n − 1.

    Args:
        n: number of cases.
        train, validation: fractions; the test set gets the rest.
        seed: of the shuffle.

    Returns:
        train, validation, test: int64 index vectors, none of them empty.

    Raises:
        ValueError: one of the three sets would be empty.
    """
    num_train, num_val = round(n * train), round(n * validation)
    if min(num_train, num_val, n - num_train - num_val) < 1:
        raise ValueError(
            f"{n} cases, {train} for training and {validation} for validation: "
            "each of the three sets needs at least one case"
        )
    order = random.permutation(n, seed=seed)
    return tuple(order.split([num_train, num_val, n - num_train - num_val]))


def k_folds(n: int, num_folds: int, *, seed: int) -> list[tuple[Tensor, Tensor]]:
    """Train and held-out index sets of k-fold cross-validation: every case is held out once.

    Args:
        n: number of cases.
        num_folds: k, from 2 to n; k = n holds out one case at a time.
        seed: of the shuffle.

    Returns:
        k pairs (train, held_out) of int64 index vectors; fold sizes differ by at most one.

    Raises:
        ValueError: num_folds is not from 2 to n.
    """
    if not 2 <= num_folds <= n:
        raise ValueError(f"num_folds must be from 2 to {n} for {n} cases, not {num_folds}")
    folds = random.permutation(n, seed=seed).tensor_split(num_folds)
    return [(torch.cat(folds[:i] + folds[i + 1 :]), held_out) for i, held_out in enumerate(folds)]
