"""Random walks that sometimes go uphill: Metropolis sampling, simulated annealing."""

from collections.abc import Callable

import torch
from torch import Tensor

from dlbook.random import normal, uniform

Energy = Callable[[Tensor], Tensor]


def metropolis(
    energy: Energy,
    start: Tensor,
    *,
    temperature: float | Tensor,
    scale: float | Tensor,
    num_steps: int,
    seed: int,
) -> Tensor:
    """Walks whose places are, in the long run, distributed like p(w) ∝ exp(−E(w) / T).

    A step proposes w + scale · normal noise. It is accepted with probability min(1, e^(−ΔE/T)):
    always if it leads down, sometimes if it leads up; otherwise the walk stays and counts its
    place once more. T = 0 never goes up. With a falling T this is simulated annealing.

    Args:
        energy: E, from (walks, d) to (walks,); for a density p at T = 1 it is −ln p.
        start: (walks, d).
        temperature: T >= 0; or one a step (num_steps,), or one a step and walk (num_steps, walks).
        scale: standard deviation of a proposed move, above 0; or one a walk, (walks, 1).
        num_steps: proposals.
        seed: of proposals and acceptances.

    Returns:
        (num_steps + 1, walks, d), the starts first.

    References: Metropolis et al., "Equation of state calculations by fast computing machines",
    1953; Kirkpatrick, Gelatt, Vecchi, "Optimization by simulated annealing", 1983.
    """
    T = torch.as_tensor(temperature, dtype=start.dtype)
    T = T.reshape(-1, 1).expand(num_steps, len(start)) if T.ndim < 2 else T
    moves = scale * normal((num_steps, *start.shape), seed=seed).to(start.dtype)
    # An accepted ΔE is at most −T ln u: ln u of a uniform u is how far up luck allows to go.
    allowed = -T * (uniform((num_steps, len(start)), seed=seed, stream=1) + 2.0**-25).log()
    path = start.new_empty(num_steps + 1, *start.shape)
    w, height, path[0] = start, energy(start), start
    for step in range(num_steps):
        new = w + moves[step]
        new_height = energy(new)
        accepted = new_height - height <= allowed[step]
        w = torch.where(accepted.unsqueeze(1), new, w)
        height = torch.where(accepted, new_height, height)
        path[step + 1] = w
    return path


def cooling(first: float, last: float, num_steps: int) -> Tensor:
    """Temperatures that fall from `first` to `last` by the same factor a step, (num_steps,)."""
    return torch.logspace(0, 1, num_steps, base=last / first, dtype=torch.float64) * first


def total_variation_distance(samples: Tensor, edges: Tensor, shares: Tensor) -> Tensor:
    """½ Σ |share of the samples in a bin − its probability|: 0 for equal, at most 1.

    Args:
        samples: any shape.
        edges: of the bins, (bins + 1,), rising; samples outside count as misplaced.
        shares: probability of each bin, (bins,), of sum 1.
    """
    counts = torch.histogram(samples.flatten().double(), edges.double())[0] / samples.numel()
    return ((counts - shares).abs().sum() + 1 - counts.sum()) / 2
