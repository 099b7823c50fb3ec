"""The line, plane or any linear model X θ that is closest to y: closed forms and descent.

X is the design matrix, (..., n, d), one row a sample; y is (..., n); leading axes are independent
problems. What is minimised is the mean squared error L(θ) = (1/n) ‖Xθ − y‖². The library's own
way to the minimum is `dlbook.models.least_squares.least_squares`.
"""

import torch
from torch import Tensor

from dlbook import random


def design_matrix(x: Tensor) -> Tensor:
    """The matrix with columns x and 1, so that X @ (a, b) is the line a x + b.

    Args:
        x: inputs, (..., n).

    Returns:
        (..., n, 2)
    """
    return torch.stack([x, torch.ones_like(x)], dim=-1)


def mean_squared_error(X: Tensor, y: Tensor, theta: Tensor) -> Tensor:
    """L(θ) = (1/n) ‖Xθ − y‖², shape (...)."""
    return (_apply(X, theta) - y).square().mean(dim=-1)


def normal_equations(X: Tensor, y: Tensor) -> Tensor:
    """θ that solves XᵀX θ = Xᵀy, which is ∇L(θ) = 0; shape (..., d).

    Quick, but the condition number of XᵀX is the square of that of X: half the digits are lost.

    Raises:
        torch.linalg.LinAlgError: XᵀX is singular (all x equal, say); nearly so, θ is nonsense.
    """
    return torch.linalg.solve(X.mT @ X, _apply(X.mT, y))


def qr_least_squares(X: Tensor, y: Tensor) -> Tensor:
    """θ that solves Rθ = Qᵀy for X = QR with QᵀQ = I; shape (..., d). Never squares X."""
    Q, R = torch.linalg.qr(X)
    rhs = _apply(Q.mT, y).unsqueeze(-1)
    return torch.linalg.solve_triangular(R, rhs, upper=True).squeeze(-1)


def weighted_least_squares(X: Tensor, y: Tensor, weight: Tensor) -> Tensor:
    """θ that minimises Σ w_i (x_i·θ − y_i)², for weights w ≥ 0 of shape (..., n)."""
    root = weight.sqrt()
    return qr_least_squares(X * root.unsqueeze(-1), y * root)


def gradient(X: Tensor, y: Tensor, theta: Tensor) -> Tensor:
    """∇L(θ) = (2/n) Xᵀ(Xθ − y), shape (..., d)."""
    return 2 / X.shape[-2] * _apply(X.mT, _apply(X, theta) - y)


def curvatures(X: Tensor) -> Tensor:
    """Eigenvalues of the Hessian (2/n) XᵀX of L, smallest first, shape (..., d).

    Gradient descent converges from every start if and only if 0 < lr < 2 / (the largest); the
    largest divided by the smallest tells how many steps it takes.
    """
    return torch.linalg.eigvalsh(2 / X.shape[-2] * X.mT @ X)


def gradient_descent(
    X: Tensor, y: Tensor, *, lr: float, num_steps: int, start: Tensor | None = None
) -> Tensor:
    """The path θ_0, θ_1, ... of θ ← θ − lr ∇L(θ).

    Args:
        X: (n, d).
        y: (n,).
        lr: step size η, greater than 0.
        start: θ_0, (d,); zeros by default.

    Returns:
        (num_steps + 1, d)
    """
    theta = torch.zeros_like(X[0]) if start is None else start
    path = [theta]
    for _ in range(num_steps):
        theta = theta - lr * gradient(X, y, theta)
        path.append(theta)
    return torch.stack(path)


def stochastic_gradient_descent(
    X: Tensor,
    y: Tensor,
    *,
    lr: float,
    num_epochs: int,
    seed: int,
    decay: float = 0.0,
    start: Tensor | None = None,
) -> Tensor:
    """The path of gradient descent that looks at one sample a step, in a new order every epoch.

    θ ← θ − η_t · 2 (x_i·θ − y_i) x_i  with  η_t = lr / (1 + decay · t),  t = 0, 1, 2, ...

    Args:
        X: (n, d).
        y: (n,).
        lr: step size of the first step, greater than 0.
        num_epochs: passes over the n samples.
        seed: of the orders.
        decay: how fast the step size falls; 0 keeps it constant.
        start: θ_0, (d,); zeros by default.

    Returns:
        (num_epochs · n + 1, d)

    Reference: Robbins and Monro, "A stochastic approximation method", 1951.
    """
    theta = torch.zeros_like(X[0]) if start is None else start
    path = [theta]
    for epoch in range(num_epochs):
        for i in random.permutation(len(y), seed=seed, stream=epoch).tolist():
            eta = lr / (1 + decay * (len(path) - 1))
            theta = theta - eta * 2 * (X[i] @ theta - y[i]) * X[i]
            path.append(theta)
    return torch.stack(path)


def _apply(matrix: Tensor, vector: Tensor) -> Tensor:
    """matrix @ vector with leading axes: (..., m, k), (..., k) -> (..., m)."""
    return (matrix @ vector.unsqueeze(-1)).squeeze(-1)
