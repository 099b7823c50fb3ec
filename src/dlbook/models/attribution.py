"""How much each input contributed to an answer of a model: Shapley values, integrated gradients.

A function f turns inputs (n, d) into scores (n, ...). An attribution shares out what f(x) has more
than a reference: what f answers on average for a background, or for a baseline.
"""

import itertools
import math
from collections.abc import Callable

import torch
from torch import Tensor

from dlbook.random import permutation

Score = Callable[[Tensor], Tensor]  # (n, d) -> (n, ...)


def sampled_shapley(
    f: Score, x: Tensor, background: Tensor, *, num_orders: int, seed: int = 0
) -> Tensor:
    """Shapley values by walks from a background sample to x, one input at a time in random order.

    An input's value is the mean change of f when that input takes its value in x. The changes of a
    walk add up to f(x) − f(background sample), so that the values sum to f(x) − mean f(background)
    if `num_orders` is a multiple of the number of background samples.

    Args:
        f: as above.
        x: (d,).
        background: samples, (b, d); walk k starts at sample k mod b.
        num_orders: walks.
        seed: walk k's order is drawn from stream k.

    Returns:
        (d, ...), one score's shares in each column.

    Reference: Castro, Gómez and Tejada, "Polynomial calculation of the Shapley value based on
    sampling", 2009; with the background of Lundberg and Lee, "A unified approach to interpreting
    model predictions", 2017.
    """
    d, total = len(x), None
    for number in range(num_orders):
        order = permutation(d, seed=seed, stream=number)
        turn = torch.empty(d, dtype=torch.int64)
        turn[order] = torch.arange(d)
        taken = turn < torch.arange(d + 1)[:, None]  # (d + 1, d): after k turns
        answers = f(torch.where(taken, x, background[number % len(background)]))
        change = answers.diff(dim=0)[turn]  # (d, ...)
        total = change if total is None else total + change
    return total / num_orders


def exact_shapley(f: Score, x: Tensor, background: Tensor) -> Tensor:
    """Shapley values by all 2ᵈ sets of inputs, for few inputs.

        φ_i = Σ_S |S|! (d − |S| − 1)! / d!  (v(S ∪ i) − v(S)),   S without i,

    where v(S) is the mean of f over the background with the inputs in S set to those of x.

    Args:
        f, x, background: as for `sampled_shapley`; d is at most 12.

    Raises:
        ValueError: there are more inputs.
    """
    d = len(x)
    if d > 12:
        raise ValueError(f"{d} inputs have 2^{d} sets; at most 12 inputs are counted out")
    sets = list(itertools.product((False, True), repeat=d))
    value = {s: f(torch.where(torch.tensor(s), x, background)).mean(dim=0) for s in sets}
    shares = []
    for i in range(d):
        share = 0
        for s in sets:
            if not s[i]:
                size = sum(s)
                weight = math.factorial(size) * math.factorial(d - size - 1) / math.factorial(d)
                share = share + weight * (value[(*s[:i], True, *s[i + 1 :])] - value[s])
        shares.append(share)
    return torch.stack(shares)


def linear_shapley(w: Tensor, x: Tensor, background: Tensor) -> Tensor:
    """Shapley values of the linear model f(x) = w · x + c: w_i (x_i − mean of input i), (d, ...).

    Args:
        w: (d,), or (d, k) for k scores.
        x: (d,).
        background: (b, d).
    """
    difference = x - background.mean(dim=0)
    return w * difference.reshape(-1, *[1] * (w.ndim - 1))


def integrated_gradients(f: Score, x: Tensor, baseline: Tensor, *, num_steps: int = 64) -> Tensor:
    """(x − x̄) times the mean gradient of f on the straight way from a baseline x̄ to x.

    The shares sum to f(x) − f(x̄) up to the error of the midpoint rule.

    Args:
        f: of one score, (n, d) -> (n,); differentiable almost everywhere.
        x, baseline: (d,).
        num_steps: points on the way.

    Returns:
        (d,).

    Reference: Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", ICML 2017.
    """
    at = (torch.arange(num_steps) + 0.5) / num_steps
    path = (baseline + at[:, None] * (x - baseline)).requires_grad_()
    (slopes,) = torch.autograd.grad(f(path).sum(), path)
    return (x - baseline) * slopes.mean(dim=0)


def gradient_times_input(f: Score, x: Tensor, baseline: Tensor) -> Tensor:
    """(x − x̄) times the gradient of f at x: the first-order guess at f(x) − f(x̄), (d,)."""
    leaf = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(leaf[None]).sum(), leaf)
    return (x - baseline) * slope


def occluded(x: Tensor, row: int, column: int, size: int, side: int, fill: Tensor) -> Tensor:
    """The image x with a square of pixels replaced by those of `fill`, (side²,).

    Args:
        x, fill: images (side²,).
        row, column: of the square's upper left corner.
        size: of the square; what lies outside the image is cut off.
        side: of the image.
    """
    hidden = x.reshape(side, side).clone()
    patch = (slice(row, row + size), slice(column, column + size))
    hidden[patch] = fill.reshape(side, side)[patch]
    return hidden.reshape(-1)
