"""What many multilayer perceptrons of one shape answer at once."""

import torch
from torch import Tensor, nn
from torch.func import functional_call


def outputs_of(model: nn.Module, parameters: dict[str, Tensor], X: Tensor) -> Tensor:
    """What each of the S networks answers, (S, n, ...); `model` lends its architecture."""
    return torch.vmap(lambda one: functional_call(model, one, (X,)))(parameters)
