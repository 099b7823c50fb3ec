"""Decision functions of increasing reach: linear, polynomial, radial basis functions.

Each is a score w . phi(x) + b. The decision is the indicator 1[score >= 0], the probability of
class 1 is sigmoid(score); both read the same score.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations_with_replacement

import torch
from torch import Tensor
from torch.nn.functional import softplus

from dlbook.models.kernels import check_width, radial_kernel

Features = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class DecisionFunction:
    """score(x) = w . phi(x) + b: `features` phi (n, d) -> (n, m), `weights` (m,) and `bias`."""

    features: Features
    weights: Tensor
    bias: Tensor

    def score(self, X: Tensor) -> Tensor:
        """w . phi(x) + b for each row, (n,) float64."""
        return self.features(X.double()) @ self.weights + self.bias

    def decide(self, X: Tensor) -> Tensor:
        """1[score >= 0], labels 0 and 1, (n,)."""
        return (self.score(X) >= 0).long()

    def probability(self, X: Tensor) -> Tensor:
        """P(class 1) = sigmoid(score), (n,)."""
        return torch.sigmoid(self.score(X))


def polynomial_features(degree: int) -> Features:
    """All monomials of total degree 1 to `degree`; degree 1 is the linear model."""
    if degree < 1:
        raise ValueError(f"degree must be 1 or more, not {degree!r}")

    def features(X: Tensor) -> Tensor:
        powers = [
            X[:, list(chosen)].prod(dim=1)
            for total in range(1, degree + 1)
            for chosen in combinations_with_replacement(range(X.shape[1]), total)
        ]
        return torch.stack(powers, dim=1)

    return features


def radial_features(centers: Tensor, width: float) -> Features:
    """One bump for each centre: `radial_kernel` of x and c; `centers` is (m, d).

    Raises:
        ValueError: the width is not above 0.
    """
    check_width(width)
    return lambda X: radial_kernel(X, centers.to(X), width)


def fit_decision_function(
    features: Features, X: Tensor, y: Tensor, *, penalty: float = 1e-2, num_steps: int = 30
) -> DecisionFunction:
    """The decision function of least cross-entropy, found with Newton's method.

    Minimises sum_i log(1 + exp(-s_i score(x_i))) + penalty |w|^2 / 2 with s_i = 2 y_i - 1; the
    bias goes free.

    Args:
        X, y: inputs (n, d) and labels 0 or 1 (n,).
        penalty: above 0, so that separable classes have a minimum too.
        num_steps: Newton steps.
    """
    design = torch.nn.functional.pad(features(X.double()), (0, 1), value=1.0)  # (n, m + 1)
    signs = 2.0 * y - 1.0
    penalties = torch.full((design.shape[1],), penalty, dtype=torch.float64)
    penalties[-1] = 1e-8

    def objective(theta: Tensor) -> Tensor:
        return softplus(-signs * (design @ theta)).sum() + (penalties * theta**2).sum() / 2

    theta = torch.zeros_like(penalties)
    for _ in range(num_steps):
        p = torch.sigmoid(design @ theta)
        gradient = design.T @ (p - y) + penalties * theta
        hessian = design.T @ ((p * (1 - p))[:, None] * design) + penalties.diag()
        step = torch.linalg.solve(hessian, gradient)
        while objective(theta - step) > objective(theta) and step.norm() > 1e-9:
            step = step / 2  # Newton's step may overshoot far from the minimum
        theta = theta - step
    return DecisionFunction(features, theta[:-1], theta[-1])
