"""A small loss to go down on, and the optimizers of torch that ours equal."""

import torch

from dlbook import random
from dlbook.optimizers import DEFAULTS, OPTIMIZERS, clip_gradients, initial_state

TWINS = {
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": "momentum", "dampening": "dampening"}),
    "nesterov": (torch.optim.SGD, {"momentum": "momentum", "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {"eps": "eps"}),
    "rmsprop": (torch.optim.RMSprop, {"alpha": "rho", "eps": "eps"}),
    "adadelta": (torch.optim.Adadelta, {"rho": "rho", "eps": "eps"}),
    "adam": (torch.optim.Adam, {"eps": "eps"}),
    "adamw": (torch.optim.AdamW, {"eps": "eps"}),
}


def start(dtype):
    """Parameters in nested dicts."""
    weight, bias = (random.normal(n, seed=0, stream=k).to(dtype) for k, n in enumerate([6, 2]))
    return {"layer": {"weight": weight.reshape(2, 3), "bias": bias}, "scale": bias[:1] + 3}


def loss(params):
    """Not quadratic, and badly scaled: gradients change size and sign on the way."""
    weight, bias, scale = params["layer"]["weight"], params["layer"]["bias"], params["scale"]
    x = torch.linspace(-2, 2, 15, dtype=scale.dtype).reshape(5, 3)
    return (
        ((scale * torch.tanh(x @ weight.T + bias)).sum(1) - torch.sin(3 * x[:, 0])).square().mean()
    )


def gradients(params):
    return torch.func.grad(loss)(params)


def run(name, params, hyper, max_norm=None, num_steps=50):
    """Parameters after steps of ours; `max_norm` clips the gradients."""
    state = initial_state(name, params)
    for _ in range(num_steps):
        grads = gradients(params)
        grads = grads if max_norm is None else clip_gradients(grads, max_norm)
        params, state = OPTIMIZERS[name](params, grads, state, hyper)
    return params


def run_twin(name, params, changes, max_norm=None, num_steps=50):
    """Parameters after steps of torch's."""
    twin, words = TWINS[name]
    values = {k: v or 0 for k, v in DEFAULTS[name].items()} | changes
    kwargs = {k: values.get(v, v) if isinstance(v, str) else v for k, v in words.items()}
    if "beta1" in values:
        kwargs["betas"] = (values["beta1"], values["beta2"])
    params = {
        "layer": {k: v.clone().requires_grad_() for k, v in params["layer"].items()},
        "scale": params["scale"].clone().requires_grad_(),
    }
    leaves = [*params["layer"].values(), params["scale"]]
    optimizer = twin(leaves, lr=values["lr"], weight_decay=values["weight_decay"], **kwargs)
    for _ in range(num_steps):
        optimizer.zero_grad()
        loss(params).backward()
        if max_norm is not None:
            torch.nn.utils.clip_grad_norm_(leaves, max_norm)
        optimizer.step()
    return params


def distance(params, others):
    pairs = [(params["layer"][k], others["layer"][k]) for k in params["layer"]]
    return max((a - b).abs().max().item() for a, b in [*pairs, (params["scale"], others["scale"])])
