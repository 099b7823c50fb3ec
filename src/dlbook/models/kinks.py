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


def bent_knots(f: Callable[[Tensor], Tensor], num_pieces: int, limit: float = LIMIT) -> Tensor:
    """t_0, ..., t_n over [−limit, limit], close together where `f` bends, float64.

    The pieces share √|f''| evenly, so that the errors h²/8 · |f''| are about equal; one tenth of
    the knots is spread evenly whatever `f` does.

    Reference: de Boor, "A practical guide to splines", 1978, chapter XII.
    """
    x = torch.linspace(-limit, limit, 8_001, dtype=torch.float64)
    bending = f(x).diff().diff().abs().sqrt()
    share = torch.cat([torch.zeros(1), 0.9 * bending.cumsum(0) / bending.sum()])
    middle = (x[1:] + x[:-1]) / 2  # between two of them the slope changes
    even = 0.1 * (middle + limit) / (2 * limit)
    at = torch.linspace(0, 1, num_pieces + 1, dtype=torch.float64)[1:-1] * float((share + even)[-1])
    inner = through(share + even, middle, at)
    ends = torch.tensor([-limit, limit], dtype=torch.float64)
    return torch.cat([ends[:1], inner, ends[1:]])


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


def growing_sum(knots: Tensor, values: Tensor, x: Tensor) -> Tensor:
    """What the network through these values is after 0, 1, ..., n units: (n + 1, len(x))."""
    units = slope_changes(knots, values)[:, None] * (x - knots[:-1, None]).clamp(min=0)
    return values[0] + torch.cat([torch.zeros_like(x)[None], units.cumsum(0)])


def error_bound(knots: Tensor, curvature: float) -> float:
    """h²/8 · max |f''|, h the longest piece: no chord of a piece is further from the curve.

    Reference: de Boor, "A practical guide to splines", 1978, chapter III.
    """
    return float(knots.diff().max()) ** 2 / 8 * curvature


def largest_error(f: Callable[[Tensor], Tensor], model: nn.Module, limit: float = LIMIT) -> float:
    """max |f − f̂| over 20,001 places of [−limit, limit], 0 among them, and one just left of 0.

    Without the last a network that crosses a jump at 0 steeply would seem to meet both sides.
    """
    x = torch.linspace(-limit, limit, 20_001, dtype=torch.float64)
    x = torch.cat([x, torch.tensor([-1e-12], dtype=torch.float64)])
    with torch.no_grad():
        return float((model(x[:, None])[:, 0] - f(x)).abs().max())


def best_convex(knots: Tensor, values: Tensor) -> Tensor:
    """Values at the knots of the convex function that stays closest to `values`, there: (n + 1,).

    It is the largest convex function below them, raised by half of its largest distance.
    """
    kept = [0]
    for i in range(1, len(knots)):
        while len(kept) > 1 and _turns_right(knots, values, kept[-2], kept[-1], i):
            kept.pop()
        kept.append(i)
    below = through(knots[kept], values[kept], knots)
    return below + (values - below).max() / 2


def _turns_right(x: Tensor, y: Tensor, i: int, j: int, k: int) -> bool:
    """Whether point j lies on or above the straight line from point i to point k."""
    return bool((y[j] - y[i]) * (x[k] - x[i]) >= (y[k] - y[i]) * (x[j] - x[i]))


def through(x: Tensor, y: Tensor, at: Tensor) -> Tensor:
    """The piecewise linear function through (x, y), at places within."""
    right = torch.searchsorted(x, at).clamp(1, len(x) - 1)
    share = (at - x[right - 1]) / (x[right] - x[right - 1])
    return y[right - 1] + share * (y[right] - y[right - 1])


def sum_of_units(W: Tensor, b: Tensor, x: Tensor) -> Tensor:
    """Σ_j relu(w_j x + b_j), the outputs of the units simply added: convex whatever w and b are."""
    return (W[:, None] * x + b[:, None]).clamp(min=0).sum(0)
