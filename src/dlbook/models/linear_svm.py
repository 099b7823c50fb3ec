"""The linear support-vector machine: the widest street between two classes, soft at its edges."""

from dataclasses import dataclass

import torch
from torch import Tensor

from dlbook.losses import hinge

FIRST_STEPS = (0.5, 4.0, 20.0)  # of the descent, on scaled inputs


@dataclass(frozen=True)
class LinearSVM:
    """score(x) = w·x + b. The street is |score| < 1, its width 2/‖w‖."""

    w: Tensor
    b: Tensor

    def score(self, X: Tensor) -> Tensor:
        """w·x + b for each row, (n,)."""
        return X @ self.w + self.b

    def predict(self, X: Tensor) -> Tensor:
        """+1 where the score is at least 0, else −1, (n,)."""
        return torch.where(self.score(X) >= 0, 1.0, -1.0).to(X.dtype)

    @property
    def street_width(self) -> float:
        """2/‖w‖: the distance between the lines score = −1 and score = +1."""
        return 2 / float(self.w.norm())


def svm_objective(svm: LinearSVM, X: Tensor, y: Tensor, penalty: float) -> Tensor:
    """λ‖w‖² + mean_n max(0, 1 − y_n (w·x_n + b)).

    Args:
        X, y: (n, d) and labels ±1 (n,).
        penalty: λ, above 0.
    """
    return penalty * svm.w.square().sum() + hinge(y * svm.score(X)).mean()


def svm_subgradient(
    X: Tensor, y: Tensor, w: Tensor, b: Tensor, penalty: Tensor | float, weights: Tensor
) -> tuple[Tensor, Tensor]:
    """A subgradient of λ‖w‖² + Σ_n p_n max(0, 1 − y_n (w·x_n + b)) in w (d,) and in b (0-d).

    Args:
        X, y: (n, d) and labels ±1 (n,).
        w, b: where.
        penalty: λ.
        weights: p_n, (n,); 1/n each make the mean.
    """
    pull = y * weights * (y * (X @ w + b) < 1)  # clear of the street, no pull
    return 2 * penalty * w - pull @ X, -pull.sum()


def fit_svm(X: Tensor, y: Tensor, penalty: float, *, num_steps: int = 2_000) -> LinearSVM:
    """The SVM of least objective, by subgradient steps on all points.

    A subgradient of the objective is 2λw − mean_n 1[y_n s_n < 1] y_n x_n (and the same with 1 in
    place of x_n for b). Steps shrink like 1/√t, for several first steps side by side, since the
    best one depends on the points; inputs are centred and scaled beforehand. Since a subgradient
    step may go up, the lowest is taken of all iterates and of the means of the second half.

    Args:
        X: (n, d) inputs.
        y: (n,) labels ±1.
        penalty: λ, above 0; the bias goes free.
        num_steps: how many.

    Raises:
        ValueError: the penalty is not above 0.

    Reference: Shalev-Shwartz, Singer, Srebro, Cotter, "Pegasos: primal estimated sub-gradient
    solver for SVM", 2011.
    """
    if not penalty > 0:
        raise ValueError(f"penalty must be above 0, not {penalty!r}")
    X, y = X.double(), y.double()
    center, scale = X.mean(dim=0), X.std().clamp(min=1e-9)
    Z, lam = (X - center) / scale, penalty / scale**2  # ‖w‖² = ‖v‖² / scale²
    signed = torch.nn.functional.pad(Z, (0, 1), value=1.0) * y[:, None]
    candidates = _descend(signed, float(lam), num_steps)
    machines = [_unscaled(theta, center, scale) for theta in candidates]
    return min(machines, key=lambda svm: float(svm_objective(svm, X, y, penalty)))


def _descend(signed: Tensor, lam: float, num_steps: int) -> Tensor:
    """Lowest iterate and late mean for each first step, (2 · steps, d + 1), on y_n (x_n, 1)."""
    lr = torch.tensor([1 / (2 * lam + 1 / first) for first in FIRST_STEPS])[:, None].double()
    shrink = torch.full_like(signed[:1], 2 * lam)
    shrink[:, -1] = 0.0  # the bias is free
    theta = best = total = torch.zeros(len(FIRST_STEPS), signed.shape[1], dtype=torch.float64)
    lowest = torch.full((len(FIRST_STEPS), 1), torch.inf, dtype=torch.float64)
    for t in range(1, num_steps + 1):
        room = 1 - theta @ signed.T  # (first steps, n)
        size = (shrink * theta.square()).sum(dim=1, keepdim=True) / 2
        value = size + room.clamp(min=0).mean(dim=1, keepdim=True)
        best = torch.where(value < lowest, theta, best)
        lowest = torch.minimum(value, lowest)
        pull = (room > 0).double() @ signed / len(signed)
        theta = theta - lr / t**0.5 * (shrink * theta - pull)
        total = total + theta * (t > num_steps // 2)
    return torch.cat([best, total / (num_steps - num_steps // 2)])


def support_vectors(svm: LinearSVM, X: Tensor, y: Tensor, *, slack: float = 1e-3) -> Tensor:
    """Which points the solution rests on: y_n s_n <= 1 up to `slack`, bool (n,)."""
    return y.double() * svm.score(X.double()) <= 1 + slack


def gap_along(X: Tensor, y: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
    """Where the free street across direction u begins and ends; no street if it ends first.

    Args:
        X, y: (n, 2) and labels ±1 (n,).
        u: unit vectors (..., 2), pointing to class +1.

    Returns:
        max of x·u over class −1 and min over class +1, each (...).
    """
    reach = u @ X.T
    return reach[..., y < 0].amax(dim=-1), reach[..., y > 0].amin(dim=-1)


def _unscaled(theta: Tensor, center: Tensor, scale: Tensor) -> LinearSVM:
    w = theta[:-1] / scale
    return LinearSVM(w, theta[-1] - w @ center)
