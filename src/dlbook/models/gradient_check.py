"""Gradients by nudging: finite differences, to check gradients that were derived by hand."""

from collections.abc import Callable

import torch
from torch import Tensor


def numerical_gradient(
    loss: Callable[[], Tensor], parameter: Tensor, epsilon: float, *, central: bool = True
) -> Tensor:
    """∂loss/∂parameter, one entry at a time, by evaluating the loss anew for each.

    (ℓ(θ + ε) − ℓ(θ − ε)) / 2ε, wrong by O(ε²) plus round-off of the order of u ℓ / ε, where u is
    the precision of the numbers (1.1·10⁻¹⁶ in float64, 6·10⁻⁸ in float32); one-sided
    (ℓ(θ + ε) − ℓ(θ)) / ε, wrong by O(ε).

    Args:
        loss: takes nothing and reads `parameter`, which is nudged in place and put back.
        epsilon: the size of the nudge, greater than 0.
        central: both sides or one.

    Raises:
        ValueError: epsilon is not greater than 0.
    """
    if not epsilon > 0:
        raise ValueError(f"epsilon must be greater than 0, not {epsilon}")
    gradient, flat = torch.zeros_like(parameter), parameter.view(-1)
    for i, kept in enumerate(flat.tolist()):
        flat[i] = kept + epsilon
        above, width = loss().item(), 2 * epsilon if central else epsilon
        flat[i] = kept - epsilon if central else kept
        gradient.view(-1)[i] = (above - loss().item()) / width
        flat[i] = kept
    return gradient


def relative_error(a: Tensor, b: Tensor) -> float:
    """‖a − b‖ / (‖a‖ + ‖b‖): 0 where equal, 1 where opposite or where only one is 0."""
    size = torch.linalg.vector_norm(a) + torch.linalg.vector_norm(b)
    return (torch.linalg.vector_norm(a - b) / size).item() if size > 0 else 0.0
