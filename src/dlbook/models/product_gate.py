"""Multiplication out of units with a curved activation: a gate for two factors, a tree for more.

    x y ≈ (σ(λ(x + y)) + σ(−λ(x + y)) − σ(λ(x − y)) − σ(−λ(x − y))) / (4 λ² σ''(0))

Odd terms of σ cancel between u and −u, constants between the two pairs, and σ''(0) u²/2 is left:
(x + y)² − (x − y)² = 4xy. The next even term makes an error proportional to λ².

Reference: Lin, Tegmark, Rolnick, "Why does deep and cheap learning work so well?", 2017, section 2.
"""

from itertools import product

import torch
from torch import Tensor

from dlbook.models.activations import softplus
from dlbook.random import uniform

CURVATURE = 0.25  # softplus''(0)
FOURTH_DERIVATIVE = -0.125  # softplus⁗(0)


def product_gate(x: Tensor, y: Tensor, scale: float) -> Tensor:
    """x y by four softplus units, elementwise.

    Args:
        x, y: of one shape, in their own number type.
        scale: λ > 0.

    Raises:
        ValueError: `scale` is not positive.
    """
    if not scale > 0:
        raise ValueError(f"scale is {scale}; it must be positive")
    u, v = scale * (x + y), scale * (x - y)
    units = softplus(u) + softplus(-u) - softplus(v) - softplus(-v)
    return units / (4 * scale**2 * CURVATURE)


def product_tree(X: Tensor, scale: float) -> Tensor:
    """The product of each row by a tree of gates: pairs, pairs of pairs, ...

    Args:
        X: (n, factors), their number a power of two.
        scale: λ > 0 of all gates.

    Returns:
        (n,).

    Raises:
        ValueError: the number of factors is no power of two.
    """
    if X.shape[1].bit_count() != 1:
        raise ValueError(f"there are {X.shape[1]} factors; their number must be a power of two")
    while X.shape[1] > 1:
        X = product_gate(X[:, 0::2], X[:, 1::2], scale)
    return X[:, 0]


def one_layer_product(X: Tensor, scale: float) -> Tensor:
    """The product of each row (4 factors) by one hidden layer of 2⁴ softplus units.

        Σ over signs s of (Π s_i) σ(λ s · x), divided by 2⁴ λ⁴ σ⁗(0), and σ⁗(0) = −1/8

    Args:
        X: (n, 4).
        scale: λ > 0.

    Reference: Lin, Tegmark, Rolnick 2017, section 4.
    """
    num_factors = X.shape[1]
    signs = torch.tensor(list(product((1.0, -1.0), repeat=num_factors)), dtype=X.dtype)
    units = softplus(scale * X @ signs.T)  # (n, 2ⁿ)
    return units @ signs.prod(1) / (2**num_factors * scale**num_factors * FOURTH_DERIVATIVE)


def num_units(num_factors: int) -> tuple[int, int]:
    """Units for a product of that many factors: in a tree of gates, and in one hidden layer.

    >>> [num_units(n) for n in (2, 4, 8, 16)]
    [(4, 4), (12, 16), (28, 256), (60, 65536)]
    """
    return 4 * (num_factors - 1), 2**num_factors


def worst_error(num_factors: int, scale: float, dtype: torch.dtype = torch.float64) -> float:
    """The tree's largest error over 2,000 random rows of [−1, 1]ⁿ and two of its corners."""
    X = 2 * uniform((2_000, num_factors), seed=0).double() - 1
    X[:2] = 1.0
    X[1, 0] = -1.0
    return float((product_tree(X.to(dtype), scale).double() - X.prod(1)).abs().max())
