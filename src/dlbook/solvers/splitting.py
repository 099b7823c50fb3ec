"""Two wishes f and g that are easy apart and hard together: ADMM and the primal-dual method.

Each wish answers one kind of question, its proximal step: which v is the best compromise between
being good for f and being near z?

    prox_f(z, γ) = argmin_v f(v) + γ/2 ‖v − z‖²

For a parabola that is a linear system, for λ‖v‖₁ the soft threshold, for a constraint the nearest
allowed place.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

Prox = Callable[[Tensor, float], Tensor]


class Agreement(NamedTuple):
    """f's copy v, g's copy w and the prices u, each (steps + 1, ...)."""

    v: Tensor
    w: Tensor
    u: Tensor


def admm(
    prox_f: Prox, prox_g: Prox, start: Tensor, *, coupling: float, num_steps: int, priced=True
) -> Agreement:
    """Minimise f(v) + g(w) with v = w by the alternating direction method of multipliers.

    v ← prox_f(w − u, γ)      f's answer to the question of g's copy
    w ← prox_g(v + u, γ)      g's answer
    u ← u + v − w             what is still between them is added to the price

    Args:
        prox_f, prox_g: proximal steps of the two wishes, (z, γ) -> tensor of z's shape.
        start: the first v and w.
        coupling: γ > 0. It sets the speed and not the answer.
        num_steps: rounds.
        priced: without it u stays 0, and v and w stop apart where g's and f's pulls balance γ.

    Reference: Boyd et al., "Distributed optimization and statistical learning via the alternating
    direction method of multipliers", section 3.1.1, 2011.
    """
    v = w = start
    u = torch.zeros_like(start)
    history = [(v, w, u)]
    for _ in range(num_steps):
        v = prox_f(w - u, coupling)
        w = prox_g(v + u, coupling)
        if priced:
            u = u + v - w
        history.append((v, w, u))
    return Agreement(*map(torch.stack, zip(*history, strict=True)))


def primal_dual(
    prox_f: Prox,
    project: Callable[[Tensor], Tensor],
    forward: Callable[[Tensor], Tensor],
    adjoint: Callable[[Tensor], Tensor],
    start: Tensor,
    *,
    step: float,
    num_steps: int,
) -> tuple[Tensor, Tensor]:
    """Minimise f(x) + max over allowed p of p·Kx, by turns of x and p that pull on each other.

    p ← project(p + σ K x̄),   x ← prox_f(x − σ Kᵀp, 1/σ),   x̄ ← 2 x_new − x_old

    Args:
        prox_f: proximal step of f.
        project: the nearest allowed p.
        forward, adjoint: K and its transpose.
        start: the first x; p begins at 0.
        step: σ below 1 / ‖K‖.
        num_steps: turns.

    Returns:
        all x (num_steps + 1, ...) and all p.

    Reference: Chambolle and Pock, "A first-order primal-dual algorithm for convex problems with
    applications to imaging", algorithm 1, 2011.
    """
    x = ahead = start
    p = torch.zeros_like(forward(start))
    history = [(x, p)]
    for _ in range(num_steps):
        p = project(p + step * forward(ahead))
        new = prox_f(x - step * adjoint(p), 1 / step)
        x, ahead = new, 2 * new - x
        history.append((x, p))
    xs, ps = zip(*history, strict=True)
    return torch.stack(xs), torch.stack(ps)
