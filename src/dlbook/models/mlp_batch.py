"""Multilayer perceptrons of one shape trained side by side, each as if it were alone."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state

Loss = Callable[[Tensor, Tensor], Tensor]


def train_side_by_side(
    models: Sequence[nn.Module],
    X: Tensor,
    y: Tensor,
    loss: Loss,
    *,
    num_steps: int,
    lr: float,
    adam: bool = False,
) -> dict[str, Tensor]:
    """Train S networks of one architecture on the same data and return their stacked parameters.

    Full-batch gradient descent, or Adam, on the mean of `loss`; the networks given are left as
    they are.

    Args:
        models: S networks that differ in their parameters only.
        X, y: inputs (n, features) and targets (n, ...).
        loss: (outputs (n, ...), y) -> losses, one a case.
        num_steps, lr: steps on all n cases.
        adam: whether to step with Adam instead of plain gradient descent.

    Returns:
        parameters by name, each with a first axis of length S.
    """
    stacked, _ = stack_module_state(list(models))
    parameters = {name: p.detach().clone().requires_grad_() for name, p in stacked.items()}
    kind = torch.optim.Adam if adam else torch.optim.SGD
    optimizer = kind(parameters.values(), lr=lr)
    for _ in range(num_steps):
        outputs = outputs_of(models[0], parameters, X)
        losses = torch.vmap(lambda out: loss(out, y).mean())(outputs)  # (S,)
        optimizer.zero_grad()
        losses.sum().backward()  # a sum, so that no network feels the others
        optimizer.step()
    return {name: p.detach() for name, p in parameters.items()}


def outputs_of(model: nn.Module, parameters: dict[str, Tensor], X: Tensor) -> Tensor:
    """What each of the S networks answers, (S, n, ...); `model` lends its architecture."""
    return torch.vmap(lambda one: functional_call(model, one, (X,)))(parameters)
