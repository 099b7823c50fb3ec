"""Worlds of one number and two classes whose densities are known, so that risks are too."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

Bell = tuple[float, float, float]  # weight within its class, mean, standard deviation

# The sample means and deviations of the 24 basketball players.
BELL_WORLD = (((1.0, 183.75, 7.818),), ((1.0, 194.33, 7.291),))
# One woman in five is a jockey: no single bell curve describes the women.
JOCKEY_WORLD = (((0.8, 183.0, 5.0), (0.2, 150.0, 4.0)), ((1.0, 194.0, 5.0),))


@dataclass(frozen=True)
class TwoClassWorld:
    """Classes 0 and 1, equally frequent, each a mixture of bell curves.

    Args:
        bells: for each class its bell curves (weight, mean, standard deviation); the weights of a
            class add up to 1.
    """

    bells: tuple[tuple[Bell, ...], tuple[Bell, ...]]

    def sample(self, num_points: int, *, seed: int) -> tuple[Tensor, Tensor]:
        """x (num_points,) and labels y (num_points,), which alternate."""
        generator = torch.Generator().manual_seed(seed)
        y = torch.arange(num_points) % 2
        x = torch.empty(num_points)
        for label, bells in enumerate(self.bells):
            weights, means, sds = torch.tensor(bells).T
            count = int((y == label).sum())
            which = torch.multinomial(weights, count, replacement=True, generator=generator)
            noise = torch.randn(count, generator=generator)
            x[y == label] = means[which] + sds[which] * noise
        return x, y

    def densities(self, x: Tensor) -> Tensor:
        """p(x | y) for x (n,), as (n, 2)."""
        return torch.stack([_mixture(x, bells) for bells in self.bells], dim=1)

    def risk(self, predict: Callable[[Tensor], Tensor]) -> float:
        """The expected share of wrong answers of a rule, integrated numerically (to 1e-3)."""
        x = self._grid()
        of_the_other = self.densities(x).gather(1, 1 - predict(x)[:, None])[:, 0] / 2
        return float(torch.trapezoid(of_the_other, x))

    def bayes_error(self) -> float:
        """The smallest risk of any rule: half the area below both densities."""
        x = self._grid()
        return float(torch.trapezoid(self.densities(x).min(dim=1).values / 2, x))

    def _grid(self) -> Tensor:
        bells = [bell for of_class in self.bells for bell in of_class]
        low = min(mean - 6 * sd for _, mean, sd in bells)
        high = max(mean + 6 * sd for _, mean, sd in bells)
        return torch.linspace(low, high, 4_001)


def _mixture(x: Tensor, bells: tuple[Bell, ...]) -> Tensor:
    weights, means, sds = torch.tensor(bells).T
    z = (x[:, None] - means) / sds
    return (weights * torch.exp(-(z**2) / 2) / (sds * (2 * torch.pi) ** 0.5)).sum(dim=1)
