"""What a run of an optimizer starts with: its hyper-parameters and an empty memory."""

import torch
from torch import Tensor

from dlbook.optimizers.trees import Tree, map_trees

Hyper = dict[str, Tensor]

# Defaults of torch.optim, the usual 0.9 where torch has no momentum; None: left out of `hyper`.
DEFAULTS: dict[str, dict[str, float | None]] = {
    "sgd": {"lr": 1e-3, "weight_decay": None},
    "momentum": {"lr": 1e-3, "weight_decay": None, "momentum": 0.9, "dampening": None},
    "nesterov": {"lr": 1e-3, "weight_decay": None, "momentum": 0.9},
    "adagrad": {"lr": 1e-2, "weight_decay": None, "eps": 1e-10},
    "rmsprop": {"lr": 1e-2, "weight_decay": None, "rho": 0.99, "eps": 1e-8},
    "adadelta": {"lr": 1.0, "weight_decay": None, "rho": 0.9, "eps": 1e-6},
    "adam": {"lr": 1e-3, "weight_decay": None, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    "adamw": {"lr": 1e-3, "weight_decay": 1e-2, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
}

# What an optimizer remembers: copies of the parameters' shapes, zeros at the start, and in "step"
# how many steps it has made.
MEMORY: dict[str, tuple[str, ...]] = {
    "sgd": (),
    "momentum": ("step", "velocity"),
    "nesterov": ("velocity",),
    "adagrad": ("squares",),
    "rmsprop": ("squares",),
    "adadelta": ("squares", "moves"),
    "adam": ("step", "mean", "squares"),
    "adamw": ("step", "mean", "squares"),
}


def default_hyper(name: str, *, dtype: torch.dtype = torch.float32, **changes: float) -> Hyper:
    """The hyper-parameters of an optimizer as 0-d tensors: its defaults with `changes`.

    Args:
        name: one of `OPTIMIZERS`.
        dtype: float64 where parameters are, or η = 0.1 has only seven digits.
        changes: values for names in `DEFAULTS[name]`, such as lr=0.1.

    Raises:
        ValueError: the optimizer, or one of the changed names, is unknown, or a value is out of
            its range: β₁ and β₂ in [0, 1), ρ in [0, 1], τ any number, all others at least 0.

    >>> default_hyper("sgd", lr=0.1)
    {'lr': tensor(0.1000)}
    """
    defaults = DEFAULTS[_known(name)]
    for given, value in changes.items():
        if given not in defaults:
            raise ValueError(
                f"{name} has no hyper-parameter {given!r}; it has {', '.join(defaults)}"
            )
        if value is not None:
            _check_range(given, value)
    values = (defaults | changes).items()
    return {key: torch.tensor(value, dtype=dtype) for key, value in values if value is not None}


def initial_state(name: str, params: Tree) -> Tree:
    """The state before the first step: zeros in the shapes of `params`, and a step count of 0.

    Raises:
        ValueError: the optimizer is unknown.
    """
    return {
        key: torch.zeros(()) if key == "step" else map_trees(torch.zeros_like, params)
        for key in MEMORY[_known(name)]
    }


def _check_range(name: str, value: float) -> None:
    if name in ("beta1", "beta2"):
        fits, allowed = 0 <= value < 1, "at least 0 and below 1"
    elif name == "rho":
        fits, allowed = 0 <= value <= 1, "from 0 to 1"
    else:
        fits, allowed = name == "dampening" or value >= 0, "at least 0"
    if not fits:
        raise ValueError(f"{name} must be {allowed}, not {value!r}")


def _known(name: str) -> str:
    if name not in DEFAULTS:
        raise ValueError(f"no optimizer is called {name!r}; there are {', '.join(DEFAULTS)}")
    return name
