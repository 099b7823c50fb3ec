"""A training step of any model, with the book's own optimizers."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from sklearn.datasets import load_digits, make_moons
from torch import Tensor, nn
from torch.func import functional_call

from dlbook.optimizers import OPTIMIZERS, default_hyper, initial_state

Params = dict[str, Tensor]


@dataclass
class Example:
    """A step (params, state, batch, hyper) -> {params, state, loss} and what to start it with."""

    step: Callable[..., dict]
    arguments: dict[str, dict]
    optimizer: str


def parameters_of(model: nn.Module) -> Params:
    """Copies of a model's parameters; the model itself keeps no gradients."""
    params = {k: p.detach().clone() for k, p in model.named_parameters()}
    model.requires_grad_(False)
    return params


def with_gradients(params: Params) -> Params:
    return {k: p.detach().requires_grad_() for k, p in params.items()}


def gradients_of(loss: Tensor, params: Params) -> Params:
    return dict(zip(params, torch.autograd.grad(loss, list(params.values())), strict=True))


def supervised(
    model: nn.Module, loss_fn: Callable, batch: dict, optimizer: str = "momentum", lr: float = 0.05
) -> Example:
    """loss_fn(call, batch) is a loss of the model, which `call` calls."""
    params = parameters_of(model)

    def step(params, state, batch, hyper):
        leaves = with_gradients(params)
        loss = loss_fn(lambda *inputs: functional_call(model, leaves, inputs), batch)
        gradients = gradients_of(loss, leaves)
        params, state = OPTIMIZERS[optimizer](params, gradients, state, hyper)
        return {"params": params, "state": state, "loss": loss.detach()}

    return Example(step, arguments_of(params, batch, optimizer, lr), optimizer)


def arguments_of(params: Params, batch: dict, optimizer: str, lr: float) -> dict[str, dict]:
    """What a step is started with: nothing remembered yet."""
    hyper = default_hyper(optimizer, lr=lr, weight_decay=1e-4)
    state = initial_state(optimizer, params)
    return {"params": params, "state": state, "batch": batch, "hyper": hyper}


def random_numbers(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def moons(num_points: int = 256) -> dict[str, Tensor]:
    """Two half moons: X (n, 2), y (n,) of 0 and 1."""
    X, y = make_moons(num_points, noise=0.2, random_state=0)
    return {"X": torch.tensor(X, dtype=torch.float32), "y": torch.tensor(y, dtype=torch.float32)}


def digits(num_points: int = 64) -> dict[str, Tensor]:
    """scikit-learn's digits: X (n, 1, 8, 8) in [0, 1], y (n,) labels."""
    data = load_digits()
    X = torch.tensor(data.images[:num_points], dtype=torch.float32)[:, None] / 16
    return {"X": X, "y": torch.tensor(data.target[:num_points])}
