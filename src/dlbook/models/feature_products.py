"""Products of inputs as further inputs: what a linear rule then can do."""

import torch
from torch import Tensor

from dlbook.random import integers


def with_product(X: Tensor) -> Tensor:
    """(u, v) -> (u, v, uv) for inputs (n, 2)."""
    return torch.cat([X, X.prod(dim=1, keepdim=True)], dim=1)


def random_pairs(num_inputs: int, num_pairs: int, *, seed: int) -> Tensor:
    """Pairs of inputs drawn at random, with repetition, int64 (num_pairs, 2).

    More pairs of one seed begin with the fewer.
    """
    return integers(num_inputs, (num_pairs, 2), seed=seed)


def pair_products(X: Tensor, pairs: Tensor) -> Tensor:
    """x_i x_j for each of the pairs (i, j), (n, pairs)."""
    return X[:, pairs[:, 0]] * X[:, pairs[:, 1]]


def rotated(X: Tensor, degrees: float) -> Tensor:
    """Points (n, 2), turned counter-clockwise about the origin."""
    angle = torch.deg2rad(torch.tensor(degrees, dtype=X.dtype))
    turn = torch.stack([angle.cos(), angle.sin(), -angle.sin(), angle.cos()]).view(2, 2)
    return X @ turn
