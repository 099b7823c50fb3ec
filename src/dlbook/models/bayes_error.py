"""The best error there can be, and that of one neighbour, where the two densities are known.

Both classes are equally frequent, with unit bell curves `distance` apart: N(-distance/2, 1) for
class 0 and N(distance/2, 1) for class 1. The probability of class 1 at x is then
q(x) = sigmoid(distance * x).
"""

import torch
from torch import Tensor

GRID_LIMIT, GRID_SIZE = 12.0, 4_801  # standard deviations beyond the means; steps of 0.005 or more


def class_probability(x: Tensor, distance: float) -> Tensor:
    """q(x) = P(class 1 | x)."""
    return torch.sigmoid(distance * x)


def mixture_density(x: Tensor, distance: float) -> Tensor:
    """The density of x, both classes together."""
    z = torch.stack([x - distance / 2, x + distance / 2])
    return torch.exp(-(z**2) / 2).mean(dim=0) / (2 * torch.pi) ** 0.5


def bayes_error(distance: float) -> float:
    """R* = E min(q, 1 - q) = Phi(-distance / 2): no rule errs less."""
    return float(torch.special.ndtr(torch.tensor(-distance / 2, dtype=torch.float64)))


def one_neighbor_error(distance: float) -> float:
    """lim R = E 2 q (1 - q): what one nearest neighbour errs with ever more training samples.

    Between R* and 2 R* (1 - R*). Integrated numerically, to 1e-6.

    Reference: Cover and Hart, "Nearest neighbor pattern classification" (1967).
    """
    limit = distance / 2 + GRID_LIMIT
    x = torch.linspace(-limit, limit, GRID_SIZE, dtype=torch.float64)
    q = class_probability(x, distance)
    return float(torch.trapezoid(2 * q * (1 - q) * mixture_density(x, distance), x))
