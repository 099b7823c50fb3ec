"""L-BFGS: Newton steps whose curvature is read off the last few gradients."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor


class Descent(NamedTuple):
    """The places w₀, w₁, ... (steps + 1, d), their heights, and evaluations of f and ∇f so far."""

    path: Tensor
    heights: Tensor
    evaluations: Tensor


def lbfgs(
    function: Callable[[Tensor], Tensor],
    start: Tensor,
    *,
    memory: int = 10,
    num_steps: int = 100,
    tolerance: float = 0.0,
) -> Descent:
    """Steps along −Hg, where Hg comes from the last `memory` moves and changes of the gradient.

    No matrix is ever stored: 2 · memory vectors of d numbers. The step length is 1 where the
    weak Wolfe conditions allow it, else found by bisection.

    Args:
        function: from (d,) to ().
        start: w₀, (d,), best in float64.
        memory: m, at least 1; so many pairs are kept.
        num_steps: at most.
        tolerance: stop once the gradient's norm is at most this.

    Reference: Liu and Nocedal, "On the limited memory BFGS method for large scale optimization",
    1989; the two loops: Nocedal and Wright 2006, algorithm 7.4.
    """
    w, (height, g) = start, _height_and_slope(function, start)
    pairs, history, count = [], [(w, height, 1)], 1
    for _ in range(num_steps):
        if g.norm() <= tolerance:
            break
        direction = -inverse_curvature_times(g, pairs)
        first = 1.0 if pairs else min(1.0, 1.0 / float(g.norm()))
        found = _search(function, w, height, g, direction, first)
        if found is None:
            break
        new, height, new_g, tries = found
        pairs = [*pairs, (new - w, new_g - g)][-memory:]
        w, g, count = new, new_g, count + tries
        history.append((w, height, count))
    path, heights, counts = zip(*history, strict=True)
    return Descent(torch.stack(path), torch.stack(heights), torch.tensor(counts))


def inverse_curvature_times(g: Tensor, pairs: list[tuple[Tensor, Tensor]]) -> Tensor:
    """H g for the H that BFGS builds from the pairs (s, y): moves and what they did to the slope.

    H maps the latest y to its s, as the inverse second derivatives of a parabola would. Where
    nothing is known, H is the latest pair's s·y / y·y times the identity; g itself without pairs.
    """
    used = []
    for s, y in reversed(pairs):
        share = (s @ g) / (s @ y)
        g = g - share * y
        used.append(share)
    if pairs:
        s, y = pairs[-1]
        g = (s @ y) / (y @ y) * g
    for (s, y), share in zip(pairs, reversed(used), strict=True):
        g = g + (share - (y @ g) / (s @ y)) * s
    return g


def _search(function, w, height, g, direction, length: float):
    """A step length that lowers f enough and turns its slope enough; None if 60 tries fail."""
    slope, low, high = g @ direction, 0.0, float("inf")
    for tries in range(1, 61):
        new = w + length * direction
        new_height, new_g = _height_and_slope(function, new)
        if not new_height <= height + 1e-4 * length * slope:
            high = length
        elif new_g @ direction < 0.9 * slope:
            low = length
        else:
            return new, new_height, new_g, tries
        length = 2 * low if high == float("inf") else (low + high) / 2
    return None


def _height_and_slope(function, w: Tensor) -> tuple[Tensor, Tensor]:
    w = w.detach().requires_grad_()
    height = function(w)
    return height.detach(), torch.autograd.grad(height, w)[0]
