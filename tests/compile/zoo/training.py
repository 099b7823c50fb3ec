"""A training step of any model, and the two optimizers that the tests use."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from sklearn.datasets import load_digits, make_moons
from torch import Tensor, nn
from torch.func import functional_call

Params = dict[str, Tensor]


@dataclass
class Example:
    """A step (params, state, batch, hyper) -> {params, state, loss} and what to start it with."""

    step: Callable[..., dict]
    arguments: dict[str, dict]
    optimizer: str


def sgd(params: Params, gradients: Params, state: dict, hyper: Params) -> tuple[Params, dict]:
    """Stochastic gradient descent with momentum and weight decay."""
    speed = {
        k: hyper["momentum"] * state["v"][k] + gradients[k] + hyper["weight_decay"] * params[k]
        for k in params
    }
    return {k: params[k] - hyper["lr"] * speed[k] for k in params}, {"v": speed}


def adam(params: Params, gradients: Params, state: dict, hyper: Params) -> tuple[Params, dict]:
    """Adam (Kingma and Ba 2015, algorithm 1), with decoupled weight decay."""
    t = state["t"] + 1
    m = {k: 0.9 * state["m"][k] + 0.1 * gradients[k] for k in params}
    v = {k: 0.999 * state["v"][k] + 0.001 * gradients[k] ** 2 for k in params}
    one, two = 1 - 0.9**t, 1 - 0.999**t

    def update(k: str) -> Tensor:
        direction = (m[k] / one) / (torch.sqrt(v[k] / two) + 1e-8)
        return params[k] - hyper["lr"] * (direction + hyper["weight_decay"] * params[k])

    return {k: update(k) for k in params}, {"t": t, "m": m, "v": v}


OPTIMIZERS = {"sgd": sgd, "adam": adam}


def first_state(optimizer: str, params: Params) -> dict:
    """What an optimizer remembers before the first step."""
    names = {"sgd": ["v"], "adam": ["m", "v"]}[optimizer]
    state = {n: {k: torch.zeros_like(p) for k, p in params.items()} for n in names}
    return state | ({"t": torch.zeros(())} if optimizer == "adam" else {})


def parameters_of(model: nn.Module) -> Params:
    """Copies of a model's parameters; the model itself keeps no gradients."""
    params = {k: p.detach().clone() for k, p in model.named_parameters()}
    model.requires_grad_(False)
    return params


def with_gradients(params: Params) -> Params:
    return {k: p.detach().requires_grad_() for k, p in params.items()}


def gradients_of(loss: Tensor, params: Params) -> Params:
    return dict(zip(params, torch.autograd.grad(loss, list(params.values())), strict=True))


def hyperparameters(lr: float, weight_decay: float = 1e-4, momentum: float = 0.9) -> Params:
    values = {"lr": lr, "weight_decay": weight_decay, "momentum": momentum}
    return {k: torch.tensor(v) for k, v in values.items()}


def supervised(
    model: nn.Module, loss_fn: Callable, batch: dict, optimizer: str = "sgd", lr: float = 0.05
) -> Example:
    """loss_fn(call, batch) is a loss of the model, which `call` calls."""
    params = parameters_of(model)

    def step(params, state, batch, hyper):
        leaves = with_gradients(params)
        loss = loss_fn(lambda *inputs: functional_call(model, leaves, inputs), batch)
        gradients = gradients_of(loss, leaves)
        params, state = OPTIMIZERS[optimizer](params, gradients, state, hyper)
        return {"params": params, "state": state, "loss": loss.detach()}

    state = first_state(optimizer, params)
    arguments = {"params": params, "state": state, "batch": batch, "hyper": hyperparameters(lr)}
    return Example(step, arguments, optimizer)


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
