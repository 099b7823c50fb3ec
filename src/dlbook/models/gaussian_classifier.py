"""Generative classifiers of one number: a density for each class, turned around by Bayes' rule."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class GaussianClassifier:
    """Two classes, each with a bell curve: p(y | x) = p(x | y) P(y) / sum over classes.

    Args:
        means, sds: of class 0 and class 1, each of shape (2,); sds in the unit of x, above 0.
        priors: P(y) before x is seen, shape (2,), adding up to 1.
    """

    means: Tensor
    sds: Tensor
    priors: Tensor

    @classmethod
    def fit(
        cls, x: Tensor, y: Tensor, *, prior: float | None = None, shared_sd: bool = False
    ) -> "GaussianClassifier":
        """The classifier with the means and standard deviations (divisor n - 1) of the samples.

        Args:
            x: one number a sample, (n,).
            y: labels 0 or 1, (n,); at least two samples of each.
            prior: P(y = 1); the share of ones among the samples if None.
            shared_sd: one standard deviation for both classes (their variances, pooled).
        """
        groups = _split(x, y)
        prior = y.float().mean().item() if prior is None else prior
        sds = torch.stack([group.std() for group in groups])
        if shared_sd:
            freedom = torch.tensor([len(group) - 1.0 for group in groups])
            sds = ((sds**2 * freedom).sum() / freedom.sum()).sqrt().expand(2)
        return cls(torch.stack([group.mean() for group in groups]), sds, _both_priors(prior))

    def densities(self, x: Tensor) -> Tensor:
        """p(x | y) for x of shape (n,), as (n, 2)."""
        z = (x[:, None] - self.means) / self.sds
        return torch.exp(-(z**2) / 2) / (self.sds * math.sqrt(2 * math.pi))

    def posterior(self, x: Tensor) -> Tensor:
        """P(y | x) for x of shape (n,), as (n, 2); computed with logarithms, so far out too."""
        z = (x[:, None] - self.means) / self.sds
        return torch.softmax(self.priors.log() - self.sds.log() - z**2 / 2, dim=1)

    def predict(self, x: Tensor) -> Tensor:
        """The class of higher posterior for each x, (n,)."""
        return self.posterior(x).argmax(dim=1)

    def crossings(self) -> Tensor:
        """Where both classes are equally probable, in increasing order: none, one or two numbers.

        The logarithm of the ratio of both sides of Bayes' rule is a x^2 + b x + c, and linear where
        the standard deviations are equal.
        """
        (m0, m1), (v0, v1) = self.means.double().tolist(), (self.sds.double() ** 2).tolist()
        p0, p1 = self.priors.double().tolist()
        a = 1 / (2 * v0) - 1 / (2 * v1)
        b = m1 / v1 - m0 / v0
        c = m0**2 / (2 * v0) - m1**2 / (2 * v1) + math.log(v0 / v1) / 2 + math.log(p1 / p0)
        return torch.tensor(_real_roots(a, b, c), dtype=torch.float64)

    def error_above(self, threshold: float) -> float:
        """The probability of a wrong answer of the rule "class 1 where x >= threshold"."""
        z = (threshold - self.means.double()) / self.sds.double()
        below = torch.special.ndtr(z)
        return float(self.priors[0] * (1 - below[0]) + self.priors[1] * below[1])


@dataclass(frozen=True)
class KernelClassifier:
    """Two classes, each with the mean of small bell curves that stand on its samples.

    p(x | y) = mean over samples x_i of class y of N(x; x_i, bandwidth^2).

    Args:
        groups: the samples of class 0 and of class 1.
        bandwidth: standard deviation of the small curves, in the unit of x, above 0.
        priors: P(y) before x is seen, shape (2,).

    Reference: Parzen, "On estimation of a probability density function and mode" (1962).
    """

    groups: tuple[Tensor, Tensor]
    bandwidth: float
    priors: Tensor

    @classmethod
    def fit(
        cls, x: Tensor, y: Tensor, *, bandwidth: float, prior: float | None = None
    ) -> "KernelClassifier":
        """The classifier on the samples `x` (n,) with labels `y` (n,); `prior` is P(y = 1)."""
        if not bandwidth > 0:
            raise ValueError(f"bandwidth must be above 0, not {bandwidth!r}")
        prior = y.float().mean().item() if prior is None else prior
        return cls(_split(x, y), bandwidth, _both_priors(prior))

    def densities(self, x: Tensor) -> Tensor:
        """p(x | y) for x of shape (n,), as (n, 2)."""
        return torch.stack([self._log_density(x, group).exp() for group in self.groups], dim=1)

    def posterior(self, x: Tensor) -> Tensor:
        """P(y | x) for x of shape (n,), as (n, 2)."""
        log_densities = [self._log_density(x, group) for group in self.groups]
        return torch.softmax(torch.stack(log_densities, dim=1) + self.priors.log(), dim=1)

    def predict(self, x: Tensor) -> Tensor:
        """The class of higher posterior for each x, (n,)."""
        return self.posterior(x).argmax(dim=1)

    def _log_density(self, x: Tensor, group: Tensor) -> Tensor:
        z = (x[:, None] - group) / self.bandwidth  # (n, samples of the class)
        constant = math.log(self.bandwidth * math.sqrt(2 * math.pi) * len(group))
        return torch.logsumexp(-(z**2) / 2, dim=1) - constant


def _split(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    groups = (x[y == 0], x[y == 1])
    if min(map(len, groups)) < 2:
        counts = " and ".join(str(len(group)) for group in groups)
        raise ValueError(f"each class needs two samples or more, but they have {counts}")
    return groups


def _both_priors(prior: float) -> Tensor:
    if not 0 < prior < 1:
        raise ValueError(f"prior must be between 0 and 1, not {prior!r}")
    return torch.tensor([1 - prior, prior])


def _real_roots(a: float, b: float, c: float) -> list[float]:
    """The real roots of a x^2 + b x + c in increasing order (none where it is constant)."""
    if abs(a) < 1e-12:
        return [-c / b] if b else []
    discriminant = b**2 - 4 * a * c
    if discriminant < 0:
        return []
    q = -(b + math.copysign(math.sqrt(discriminant), b)) / 2  # no cancellation
    return sorted({q / a, c / q} if q else {0.0})
