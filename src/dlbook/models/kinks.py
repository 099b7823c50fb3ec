"""A curve drawn with ReLU units by hand: one kink at each knot, no training.

Between two knots the network is the straight line through the curve's values there. Every unit is
0 left of its knot, so it changes the course of everything to its right and nothing to its left:

    f̂(x) = f(t_0) + Σ_j α_j relu(x − t_j),
    α_0 = s_0,   α_j = s_j − s_(j−1),   s_j = (f(t_(j+1)) − f(t_j)) / (t_(j+1) − t_j).
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from dlbook.models.curves import LIMIT
from dlbook.models.mlp import linears, mlp


def even_knots(num_pieces: int, limit: float = LIMIT) -> Tensor:
    """t_0, ..., t_n, evenly spaced over [−limit, limit], float64."""
    return torch.linspace(-limit, limit, num_pieces + 1, dtype=torch.float64)


def slope_changes(knots: Tensor, values: Tensor) -> Tensor:
    """α_0, ..., α_(n−1): the first slope, and by how much it changes at each inner knot.

    Args:
        knots: t_0 < ... < t_n.
        values: f(t_0), ..., f(t_n).

    Raises:
        ValueError: the knots don't increase.
    """
    if not (knots.diff() > 0).all():
        raise ValueError(f"knots must increase from each to the next: {knots.tolist()}")
    slopes = values.diff() / knots.diff()
    return torch.cat([slopes[:1], slopes.diff()])


def kink_network(f: Callable[[Tensor], Tensor], knots: Tensor) -> nn.Sequential:
    """The network with one hidden unit a piece that equals `f` at all knots, float64.

    Constant left of the first knot, and a straight line right of the last.
    """
    values = f(knots)
    model = mlp([1, len(knots) - 1, 1]).double().requires_grad_(False)
    first, second = linears(model)
    first.weight.fill_(1.0)
    first.bias.copy_(-knots[:-1])
    second.weight.copy_(slope_changes(knots, values)[None])
    second.bias.copy_(values[:1])
    return model


def growing_sum(f: Callable[[Tensor], Tensor], knots: Tensor, x: Tensor) -> Tensor:
    """What the network is after 0, 1, ..., n units, left to right: (n + 1, len(x))."""
    values = f(knots)
    units = slope_changes(knots, values)[:, None] * (x - knots[:-1, None]).clamp(min=0)
    return values[0] + torch.cat([torch.zeros_like(x)[None], units.cumsum(0)])


def error_bound(knots: Tensor, curvature: float) -> float:
    """h²/8 · max |f''|, h the longest piece: no chord of a piece is further from the curve.

    Reference: de Boor, "A practical guide to splines", 1978, chapter III.
    """
    return float(knots.diff().max()) ** 2 / 8 * curvature


def largest_error(f: Callable[[Tensor], Tensor], model: nn.Module, limit: float = LIMIT) -> float:
    """max |f − f̂| over 20,001 places of [−limit, limit]."""
    x = torch.linspace(-limit, limit, 20_001, dtype=torch.float64)
    with torch.no_grad():
        return float((model(x[:, None])[:, 0] - f(x)).abs().max())


def sum_of_units(W: Tensor, b: Tensor, x: Tensor) -> Tensor:
    """Σ_j relu(w_j x + b_j), the outputs of the units simply added: convex whatever w and b are."""
    return (W[:, None] * x + b[:, None]).clamp(min=0).sum(0)
