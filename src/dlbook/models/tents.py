"""Depth as folding: every layer of two ReLU units folds the interval [0, 1] in the middle.

    tent(x) = 2 relu(x) − 4 relu(x − 1/2):   0 -> 0, 1/2 -> 1, 1 -> 0

k layers fold k times, and what the last layer draws on the folded strip is seen 2ᵏ times.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from dlbook.models.kinks import even_knots, kink_network
from dlbook.models.mlp import linears, mlp

RISE = torch.tensor([2.0, -4.0], dtype=torch.float64)  # tent = RISE · (relu(x), relu(x − 1/2))
OFFSETS = torch.tensor([0.0, -0.5], dtype=torch.float64)


def tent(x: Tensor) -> Tensor:
    """2x left of 1/2, 2 − 2x right of it, for x in [0, 1]."""
    return 1 - (2 * x - 1).abs()


def tent_network(num_layers: int) -> nn.Sequential:
    """The network with `num_layers` hidden layers of two units that is tent(tent(... x)), float64.

    Reference: Telgarsky, "Benefits of depth in neural networks", COLT 2016.
    """
    model = mlp([1, *[2] * num_layers, 1]).double().requires_grad_(False)
    first, *others = linears(model)
    first.weight.fill_(1.0)
    first.bias.copy_(OFFSETS)
    for layer in others[:-1]:
        layer.weight.copy_(RISE.expand(2, 2))
        layer.bias.copy_(OFFSETS)
    others[-1].weight.copy_(RISE[None])
    others[-1].bias.zero_()
    return model


def square_network(num_layers: int) -> nn.Sequential:
    """The network with hidden layers of three units that is x − Σ_{s=1..k} tentˢ(x) / 4ˢ, float64.

    On [0, 1] it is x² to within 4^−(k+1): the chord of x² over 2ᵏ even pieces. The third unit of a
    layer carries the sum so far, which is never negative.

    Reference: Yarotsky, "Error bounds for approximations with deep ReLU networks", 2017, section 3.
    """
    model = mlp([1, *[3] * num_layers, 1]).double().requires_grad_(False)
    first, *others = linears(model)
    first.weight.fill_(1.0)
    first.bias.copy_(torch.tensor([0.0, -0.5, 0.0]))
    for number, layer in enumerate(others, start=1):
        carry = torch.cat([-RISE / 4**number, torch.ones(1, dtype=torch.float64)])
        fold = torch.cat([RISE, torch.zeros(1, dtype=torch.float64)])
        last = number == len(others)
        layer.weight.copy_(carry[None] if last else torch.stack([fold, fold, carry]))
        layer.bias.copy_(torch.zeros(1) if last else torch.tensor([0.0, -0.5, 0.0]))
    return model


def shallow_square(num_units: int) -> nn.Sequential:
    """x² on [0, 1] by one hidden layer: the chords over `num_units` even pieces, float64."""
    return kink_network(torch.square, (even_knots(num_units, 0.5) + 0.5))


def num_pieces(f: Callable[[Tensor], Tensor], *, finest: int = 12) -> int:
    """Straight pieces on [0, 1] of a function whose kinks are at multiples of 2^−finest.

    Args:
        f: (n, 1) -> (n, 1).
    """
    x = torch.linspace(0, 1, 2**finest + 1, dtype=torch.float64)
    slopes = f(x[:, None])[:, 0].diff() * 2**finest
    return 1 + int((slopes.diff().abs() > 1e-6).sum())
