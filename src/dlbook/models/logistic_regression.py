"""Logistic regression by gradient descent: P(y = 1 | x) = σ(w·x + b), the linear probability rule.

θ = (w, b) is one vector of d + 1 numbers, X (n, d) gets a column of ones, and labels are written
y = ±1 here, so that a sample's margin y s with s = w·x + b is positive where it is right.
"""

import torch
from torch import Tensor

from dlbook.losses import logistic


def design_matrix(X: Tensor) -> Tensor:
    """X with a column of ones, (n, d) -> (n, d + 1), in float64: s = design_matrix(X) @ θ."""
    return torch.nn.functional.pad(X.double(), (0, 1), value=1.0)


def loss(A: Tensor, y: Tensor, theta: Tensor, weights: Tensor | None = None) -> Tensor:
    """L(θ) = (1/n) Σ −log σ(y_i s_i), in nats.

    Args:
        A: design matrix (n, d + 1).
        y: labels −1 and +1, (n,), floating point.
        theta: (..., d + 1).
        weights: of the samples in the mean, (n,), of sum 1; 1/n each if they are left out.

    Returns:
        (...)
    """
    losses = logistic(y * (theta @ A.T))
    return losses.mean(dim=-1) if weights is None else losses @ weights


def pull(A: Tensor, y: Tensor, theta: Tensor) -> Tensor:
    """σ(−y_i s_i): the probability that the model gives to the wrong class, (..., n).

    It is the weight of sample i in the gradient: near 1 where the model is wrong and sure, near 0
    where it is right and sure.
    """
    return torch.sigmoid(-y * (theta @ A.T))


def gradient(A: Tensor, y: Tensor, theta: Tensor, weights: Tensor | None = None) -> Tensor:
    """∇L(θ) = −(1/n) Σ y_i σ(−y_i s_i) x_i, with x_i a row of A, shape (..., d + 1)."""
    pulls = pull(A, y, theta) * y
    return -pulls @ A / len(y) if weights is None else -(pulls * weights) @ A


def hessian(A: Tensor, theta: Tensor) -> Tensor:
    """∇²L(θ) = (1/n) Σ σ(s_i) σ(−s_i) x_i x_iᵀ, (d + 1, d + 1): never negative, so L is convex."""
    s = A @ theta
    return A.T @ ((torch.sigmoid(s) * torch.sigmoid(-s)).unsqueeze(1) * A) / len(A)


def largest_curvature(A: Tensor) -> float:
    """A curvature that L never exceeds: the largest eigenvalue of AᵀA / 4n.

    The loss cannot rise below η = 2 / this. In σ' = σ(1 − σ) lies the 1/4.
    """
    return torch.linalg.eigvalsh(A.T @ A / (4 * len(A)))[-1].item()


def gradient_descent(A: Tensor, y: Tensor, start: Tensor, *, lr: float, num_steps: int) -> Tensor:
    """The path θ₀, θ₁, ... of θ ← θ − η∇L(θ), (num_steps + 1, d + 1)."""
    path = torch.empty(num_steps + 1, len(start), dtype=A.dtype)
    path[0] = start
    for step in range(num_steps):
        path[step + 1] = path[step] - lr * gradient(A, y, path[step])
    return path
