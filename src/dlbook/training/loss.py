"""The loss of a batch and its gradient, checked and as dicts; torch's generator kept apart."""

from collections.abc import Callable
from contextlib import contextmanager

import torch
from torch import Tensor

Compare = Callable[[Tensor, Tensor], Tensor | float]  # predictions and targets -> loss or metric


def mean_loss(loss_fn: Compare, y_hat: Tensor, y: Tensor) -> Tensor:
    """The mean of loss_fn(y_hat, y), after a look whether predictions and targets fit together.

    Raises:
        ValueError: real targets of another shape than the predictions', or losses broadcast.
    """
    if y.is_floating_point() and y.shape != y_hat.shape:
        raise ValueError(
            f"{_shapes(y_hat, y)} differ in shape; targets that are real numbers need the same"
        )
    loss = loss_fn(y_hat, y)
    if loss.numel() > y_hat.numel():
        raise ValueError(f"{_shapes(y_hat, y)} were broadcast to losses {tuple(loss.shape)}")
    return loss.mean() if loss.dim() else loss


def _shapes(y_hat: Tensor, y: Tensor) -> str:
    return f"predictions {tuple(y_hat.shape)} and targets {tuple(y.shape)}"


def gradients(loss: Tensor, params: dict[str, Tensor]) -> tuple[dict[str, Tensor], list[str]]:
    """∂loss/∂θ of all parameters, 0 where the loss doesn't depend on θ; names where it does."""
    found = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
    named = dict(zip(params, found, strict=True))
    grads = {k: torch.zeros_like(params[k]) if g is None else g for k, g in named.items()}
    return grads, [name for name, g in named.items() if g is not None]


@contextmanager
def own_randomness(seed: int, device: str | torch.device):
    """Torch's generator of `device` starts at `seed` inside, and goes on as before afterwards."""
    on_gpu = torch.device(device).type == "cuda"
    with torch.random.fork_rng(devices=[torch.device(device)] if on_gpu else []):
        torch.default_generator.manual_seed(seed)  # torch.manual_seed would seed every device
        if on_gpu:
            with torch.cuda.device(device):
                torch.cuda.manual_seed(seed)
        yield


def number_type(tensor: Tensor) -> torch.dtype:
    """float32, or float64 where the tensor has it: β₂ = 0.999 would be 1 in bfloat16."""
    return torch.promote_types(torch.float32, tensor.dtype)
