"""How far the gradient of a mini-batch is from that of all samples, and what that depends on.

With g_i the gradient of sample i's loss and ḡ = (1/n) Σ g_i the full gradient, a batch B of b
samples gives g_B = (1/b) Σ_{i∈B} g_i. Its mean over batches is ḡ, and its noise is

    E ‖g_B − ḡ‖² = tr(Σ)/b · (n − b)/(n − 1),    tr(Σ) = (1/n) Σ ‖g_i − ḡ‖²;

the last factor is left out where batches are drawn with replacement.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad, vmap

from dlbook.random import integers, permutation

DRAWS = 5_000  # the first stream of the batches


def sample_gradients(
    model: nn.Module, X: Tensor, y: Tensor, loss_fn: Callable[[Tensor, Tensor], Tensor]
) -> Tensor:
    """∇ℓ of every sample at the model's parameters, each as one row: (n, parameters).

    Args:
        model: any module that `torch.func.vmap` can take.
        X, y: samples (n, ...).
        loss_fn: of predictions (1, ...) and targets (1, ...).
    """
    params = {name: p.detach() for name, p in model.named_parameters()}

    def loss(params: dict[str, Tensor], x: Tensor, target: Tensor) -> Tensor:
        return loss_fn(functional_call(model, params, (x[None],)), target[None]).mean()

    found = vmap(grad(loss), in_dims=(None, 0, 0))(params, X, y)
    return torch.cat([g.flatten(1) for g in found.values()], dim=1)


def batch_gradients(
    gradients: Tensor, batch_size: int, num_batches: int, *, seed: int, replacement: bool = False
) -> Tensor:
    """The gradients of random batches, (num_batches, parameters).

    Args:
        gradients: of the samples, (n, parameters).
        batch_size: 1 to n.
        num_batches: how many.
        seed: of the draws.
        replacement: whether a sample may be drawn twice; else the batches are those of epochs:
            each order of the samples is cut into ⌊n/b⌋ batches, and then there is a new one.
    """
    n = len(gradients)
    if replacement:
        chosen = integers(n, (num_batches, batch_size), seed=seed, stream=DRAWS)
    else:
        per_epoch = n // batch_size
        orders = [permutation(n, seed=seed, stream=DRAWS + epoch)[: per_epoch * batch_size]
                  for epoch in range(-(-num_batches // per_epoch))]  # fmt: skip
        chosen = torch.cat(orders).reshape(-1, batch_size)[:num_batches]
    weights = torch.zeros(num_batches, n, dtype=gradients.dtype)
    weights.scatter_add_(1, chosen, torch.full(chosen.shape, 1 / batch_size, dtype=weights.dtype))
    return weights @ gradients


def noise_of(batches: Tensor, full: Tensor) -> float:
    """√ of the mean of ‖g_B − ḡ‖²: the length of a typical error of a batch's gradient."""
    return (batches - full).square().sum(dim=1).mean().sqrt().item()


def expected_noise(gradients: Tensor, batch_size: int, *, replacement: bool = False) -> float:
    """What `noise_of` measures on average, from the formula above."""
    n = len(gradients)
    spread = (gradients - gradients.mean(dim=0)).square().sum(dim=1).mean().item()
    left = 1.0 if replacement else (n - batch_size) / (n - 1)
    return math.sqrt(spread / batch_size * left)


def simple_noise_scale(gradients: Tensor) -> float:
    """tr(Σ) / ‖ḡ‖²: the batch size at which the noise is as long as the full gradient.

    Reference: McCandlish, Kaplan, Amodei et al., "An empirical model of large-batch training",
    2018, equation 2.9.
    """
    full = gradients.mean(dim=0)
    return ((gradients - full).square().sum(dim=1).mean() / full.square().sum()).item()
