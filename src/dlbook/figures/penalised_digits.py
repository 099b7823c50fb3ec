"""Explorer figure of penalties on a network: the weights of a digit classifier as images."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.digits import split_digits
from dlbook.models.proximal import fit_softmax
from dlbook.plots import Figure, with_status
from dlbook.plots.penalised_digits import accuracy_by_penalty, weight_images, with_axes

KINDS = ("L1", "L2")
STRENGTHS = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1)


def digit_weights(strength: float, kind: str) -> Figure:
    """Weights of a softmax classifier of 8×8 digits under an L1 or an L2 penalty.

    Args:
        strength: λ, one of `STRENGTHS`.
        kind: "L1" for λ Σ |w|, "L2" for λ Σ w².
    """
    here = STRENGTHS.index(strength)
    fits = [fit(kind, value) for value in STRENGTHS]
    accuracy = [test_accuracy for _, test_accuracy, _ in fits]
    used = [share_used for _, _, share_used in fits]
    figure = with_axes(
        [
            *weight_images(fits[here][0]),
            *accuracy_by_penalty(STRENGTHS, accuracy, used, here, panel=2),
        ]
    )
    return with_status(
        figure,
        f"{kind} penalty, λ = {strength:g}: {used[here]:.0%} of the 640 weights are not zero, "
        f"test accuracy {accuracy[here]:.1%}.",
    )


@lru_cache(maxsize=64)
def fit(kind: str, strength: float, seed: int = 0) -> tuple[Tensor, float, float]:
    """Weights (10, 64), accuracy on 450 test images, and the share of weights that are not zero."""
    (X, y), (X_test, y_test) = split_digits(seed=seed)
    penalty = {"l1": strength} if kind == "L1" else {"l2": strength}
    model = fit_softmax(X / 16, y, lr=0.2, num_steps=200, **penalty)
    with torch.no_grad():
        accuracy = (model(X_test / 16).argmax(dim=1) == y_test).float().mean()
        used = (model.weight != 0).float().mean()
    return model.weight.detach(), float(accuracy), float(used)
