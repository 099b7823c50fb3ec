"""A network with one hidden layer as a function of one long vector: f(x) = W₂ tanh(W x + b) + b₂.

For one input, h hidden units and one output, θ = (W, b, W₂, b₂) has 3h + 1 numbers, in the order in
which `torch.nn.utils.parameters_to_vector` takes them from `mlp([1, h, 1], nn.Tanh)`.
"""

import torch
from torch import Tensor

from dlbook.random import normal


def outputs(theta: Tensor, x: Tensor) -> Tensor:
    """f(x) for networks θ (..., 3h + 1) and inputs x (n,): (..., n)."""
    W, b, W2, b2 = _parts(theta)
    hidden = torch.tanh(W.unsqueeze(-1) * x + b.unsqueeze(-1))  # (..., h, n)
    return (W2.unsqueeze(-2) @ hidden).squeeze(-2) + b2


def mean_squared_error(theta: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """(1/n) Σ (f(x_i) − y_i)², one number a network: (...)."""
    return (outputs(theta, x) - y).square().mean(dim=-1)


def relabelled(theta: Tensor) -> Tensor:
    """Another θ of the same function: the hidden units in reverse order, all with reversed sign.

    tanh is odd, so a unit may change the sign of what comes in and of what goes out; and a sum has
    no order. For h units, h! 2ʰ vectors θ make the same f.
    """
    W, b, W2, b2 = _parts(theta)
    return torch.cat([-W.flip(-1), -b.flip(-1), -W2.flip(-1), b2], dim=-1)


def slice_through(
    first: Tensor, second: Tensor, along: Tensor, across: Tensor
) -> tuple[Tensor, Tensor]:
    """Parameters on a plane: first + t (second − first) + u v, with v at right angles to it.

    v has the length of second − first and a direction drawn from `dlbook.random` (seed 0).

    Args:
        first, second: (d,), found at (t, u) = (0, 0) and (1, 0).
        along, across: values of t and of u.

    Returns:
        The plane (len(across), len(along), d), and v (d,).
    """
    direction = second - first
    v = normal(len(first), seed=0, stream=2).to(first)
    v = v - (v @ direction) / (direction @ direction) * direction
    v = v * direction.norm() / v.norm()
    return first + along[:, None] * direction + across[:, None, None] * v, v


def _parts(theta: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    num_hidden = (theta.shape[-1] - 1) // 3
    return theta.split([num_hidden, num_hidden, num_hidden, 1], dim=-1)
