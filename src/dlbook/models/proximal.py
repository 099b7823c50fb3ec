"""Training with L1 and L2 penalties on the weights of a network, biases left free."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from dlbook.models.lasso import soft_threshold


def penalised(model: nn.Module) -> list[nn.Parameter]:
    """The parameters that a penalty applies to: those with two axes or more, so no biases."""
    return [p for p in model.parameters() if p.ndim >= 2]


def penalty(model: nn.Module, *, l1: float = 0.0, l2: float = 0.0) -> Tensor:
    """λ1 Σ |w| + λ2 Σ w² over all weights but biases."""
    return sum(l1 * w.abs().sum() + l2 * w.square().sum() for w in penalised(model))


@torch.no_grad()
def shrink_(weights: Iterable[Tensor], lr: float, *, l1: float = 0.0, l2: float = 0.0) -> None:
    """The penalty's own step, in place: w ← S(w, η λ1) / (1 + 2 η λ2).

    Taken after a gradient step of rate η on the loss alone. It minimises
    (v − w)² / 2η + λ1 |v| + λ2 v², so an L1 penalty gives exact zeros, and neither part can
    overshoot 0, whatever η.

    Reference: Parikh and Boyd, "Proximal algorithms", section 6.5, 2014.
    """
    for w in weights:
        w.copy_(soft_threshold(w, lr * l1) / (1 + 2 * lr * l2))


def fit_softmax(
    X: Tensor, y: Tensor, *, l1: float = 0.0, l2: float = 0.0, lr: float = 1.0, num_steps: int = 300
) -> nn.Linear:
    """Softmax regression with penalties, by accelerated proximal gradient steps on all examples.

    Minimises the mean cross-entropy plus λ1 ‖W‖₁ + λ2 ‖W‖² from W = 0, b = 0.

    Args:
        X: (n, d) inputs.
        y: (n,) int64 labels 0..C−1.
        l1: λ1 >= 0.
        l2: λ2 >= 0.
        lr: step size; at most 4 / ‖XᵀX/n‖₂ is safe.
        num_steps: how many.

    Returns:
        a linear layer (d to C) in eval mode.

    Reference: Beck and Teboulle, "A fast iterative shrinkage-thresholding algorithm", 2009.
    """
    num_classes = int(y.max()) + 1
    targets = nn.functional.one_hot(y, num_classes).to(X.dtype)
    X1 = torch.cat([X, X.new_ones(len(X), 1)], dim=1)  # the last row of theta is the bias
    theta = ahead = X.new_zeros(X1.shape[1], num_classes)
    for step in range(num_steps):
        error = torch.softmax(X1 @ ahead, dim=1) - targets
        new = ahead - lr * X1.T @ error / len(X)
        shrink_([new[:-1]], lr, l1=l1, l2=l2)
        theta, ahead = new, new + step / (step + 3) * (new - theta)
    layer = nn.Linear(X.shape[1], num_classes, dtype=X.dtype)
    with torch.no_grad():
        layer.weight.copy_(theta[:-1].T)
        layer.bias.copy_(theta[-1])
    return layer.eval()
