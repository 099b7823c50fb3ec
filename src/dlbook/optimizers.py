"""First-order optimizers as functions: (params, grads, state, hyper) -> (params, state).

An optimizer is pure: it changes nothing in place, keeps nothing, and returns the new parameters θ
and its new memory. It can therefore be traced, compiled for a page, and stacked over many models.

    params, grads   dicts of tensors, nested as one likes; both of one structure
    state           what `initial_state(name, params)` starts with: a dict
    hyper           a dict of 0-d tensors, see `default_hyper(name)`

In the equations g is the gradient, η is hyper["lr"], λ is hyper["weight_decay"], and squares, roots
and quotients act on each number by itself. If `hyper` has a λ, all but `adamw` decay weights the L2
way: they start with g ← g + λθ, the gradient of a penalty λ‖θ‖²/2. Each function computes what the
class of its name in `torch.optim` does (momentum and nesterov: `torch.optim.SGD`).

>>> params = {"w": torch.tensor([1.0, 2.0])}
>>> grads = {"w": torch.tensor([10.0, 0.0])}
>>> sgd(params, grads, initial_state("sgd", params), default_hyper("sgd", lr=0.05))
({'w': tensor([0.5000, 2.0000])}, {})
"""

from collections.abc import Callable

import torch
from torch import Tensor

Tree = dict  # str -> Tensor or Tree
Hyper = dict[str, Tensor]
Update = Callable[[Tree, Tree, Tree, Hyper], tuple[Tree, Tree]]


def sgd(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """Gradient descent: θ ← θ − η g. Stochastic when g comes from a part of the samples.

    Reference: Robbins and Monro, "A stochastic approximation method", 1951.
    """
    grads = _with_decay(params, grads, hyper)
    return _map(lambda p, g: p - hyper["lr"] * g, params, grads), state


def momentum(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """Heavy ball: v ← μ v + (1 − τ) g, θ ← θ − η v, with μ = "momentum" and τ = "dampening".

    The first gradient is not dampened: v = g after the first step, as in torch.

    Reference: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
    """
    grads = _with_decay(params, grads, hyper)
    share = 1 - hyper["dampening"] * state["step"].clamp(max=1)
    velocity = _map(lambda v, g: hyper["momentum"] * v + share * g, state["velocity"], grads)
    params = _map(lambda p, v: p - hyper["lr"] * v, params, velocity)
    return params, {"step": state["step"] + 1, "velocity": velocity}


def nesterov(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """Nesterov's momentum in torch's form: v ← μ v + g, θ ← θ − η (g + μ v).

    Reference: Sutskever et al., "On the importance of initialization and momentum in deep
    learning", ICML 2013, section 2; here θ is the place where the gradient is taken.
    """
    grads = _with_decay(params, grads, hyper)
    mu = hyper["momentum"]
    velocity = _map(lambda v, g: mu * v + g, state["velocity"], grads)
    params = _map(lambda p, g, v: p - hyper["lr"] * (g + mu * v), params, grads, velocity)
    return params, {"velocity": velocity}


def adagrad(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """AdaGrad: s ← s + g², θ ← θ − η g / (√s + ε).

    The rate η / √s of each number can only fall.

    Reference: Duchi, Hazan and Singer, "Adaptive subgradient methods", JMLR 2011.
    """
    grads = _with_decay(params, grads, hyper)
    squares = _map(lambda s, g: s + g * g, state["squares"], grads)
    params = _scaled_step(params, grads, squares, hyper)
    return params, {"squares": squares}


def rmsprop(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """RMSProp: s ← ρ s + (1 − ρ) g², θ ← θ − η g / (√s + ε): AdaGrad that forgets.

    Reference: Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5, 2012.
    """
    grads = _with_decay(params, grads, hyper)
    squares = _average(state["squares"], _map(torch.square, grads), hyper["rho"])
    params = _scaled_step(params, grads, squares, hyper)
    return params, {"squares": squares}


def adadelta(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """Adadelta: s ← ρ s + (1 − ρ) g², d = √(u + ε) / √(s + ε) · g, u ← ρ u + (1 − ρ) d².

    Then θ ← θ − η d. The step d has the unit of θ, so η = 1 needs no tuning.

    Reference: Zeiler, "ADADELTA: an adaptive learning rate method", 2012, algorithm 1.
    """
    grads = _with_decay(params, grads, hyper)
    rho, eps = hyper["rho"], hyper["eps"]
    squares = _average(state["squares"], _map(torch.square, grads), rho)
    steps = _map(
        lambda u, s, g: (u + eps).sqrt() / (s + eps).sqrt() * g, state["moves"], squares, grads
    )
    moves = _average(state["moves"], _map(torch.square, steps), rho)
    params = _map(lambda p, d: p - hyper["lr"] * d, params, steps)
    return params, {"squares": squares, "moves": moves}


def adam(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """Adam: m ← β₁ m + (1 − β₁) g, s ← β₂ s + (1 − β₂) g², θ ← θ − η m̂ / (√ŝ + ε).

    m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ) at step t = 1, 2, ...: averages that began at 0 are
    brought up to size.

    Reference: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.
    """
    return _adam_step(params, _with_decay(params, grads, hyper), state, hyper)


def adamw(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """Adam with the decay apart: θ ← (1 − η λ) θ first, and λ is not in g.

    `hyper` must hold λ. As in torch it is multiplied by the learning rate; in the paper's
    algorithm 2 only by the schedule.

    Reference: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019.
    """
    keep = 1 - hyper["lr"] * hyper["weight_decay"]
    return _adam_step(_map(lambda p: keep * p, params), grads, state, hyper)


OPTIMIZERS: dict[str, Update] = {
    rule.__name__: rule
    for rule in (sgd, momentum, nesterov, adagrad, rmsprop, adadelta, adam, adamw)
}

# Defaults of torch.optim, the usual 0.9 where torch has no momentum; None: left out of `hyper`.
DEFAULTS: dict[str, dict[str, float | None]] = {
    "sgd": {"lr": 1e-3, "weight_decay": None},
    "momentum": {"lr": 1e-3, "weight_decay": None, "momentum": 0.9, "dampening": 0.0},
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
        key: torch.zeros(()) if key == "step" else _map(torch.zeros_like, params)
        for key in MEMORY[_known(name)]
    }


def clip_gradients(grads: Tree, max_norm: float | Tensor) -> Tree:
    """g · min(1, c / (‖g‖ + 10⁻⁶)): all gradients shrunk together to a norm of at most c.

    Args:
        grads: gradients; ‖g‖ is the norm of all their numbers together.
        max_norm: c, above 0. The 10⁻⁶ is that of `torch.nn.utils.clip_grad_norm_`.

    Reference: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural
    networks", ICML 2013, algorithm 1.
    """
    norm = sum(g.square().sum() for g in _leaves(grads)).sqrt()
    scale = (max_norm / (norm + 1e-6)).clamp(max=1)
    return _map(lambda g: scale * g, grads)


def _with_decay(params: Tree, grads: Tree, hyper: Hyper) -> Tree:
    """g + λ θ."""
    if "weight_decay" not in hyper:
        return grads
    return _map(lambda g, p: g + hyper["weight_decay"] * p, grads, params)


def _average(old: Tree, new: Tree, keep: Tensor) -> Tree:
    fresh = 1 - keep
    return _map(lambda a, b: keep * a + fresh * b, old, new)


def _scaled_step(params: Tree, grads: Tree, squares: Tree, hyper: Hyper) -> Tree:
    """θ − η g / (√s + ε)."""
    root = _map(lambda s: s.sqrt() + hyper["eps"], squares)
    return _map(lambda p, g, r: p - hyper["lr"] * g / r, params, grads, root)


def _adam_step(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    step = state["step"] + 1
    mean = _average(state["mean"], grads, hyper["beta1"])
    squares = _average(state["squares"], _map(torch.square, grads), hyper["beta2"])
    lr = hyper["lr"] / (1 - hyper["beta1"] ** step)
    root = (1 - hyper["beta2"] ** step).sqrt()
    params = _map(
        lambda p, m, s: p - lr * m / (s.sqrt() / root + hyper["eps"]), params, mean, squares
    )
    return params, {"step": step, "mean": mean, "squares": squares}


def _map(function: Callable, tree: Tree, *others: Tree) -> Tree:
    """`function` of the tensors in equal places of one or several trees, as a tree."""
    return {
        key: _map(function, value, *(other[key] for other in others))
        if isinstance(value, dict)
        else function(value, *(other[key] for other in others))
        for key, value in tree.items()
    }


def _leaves(tree: Tree) -> list[Tensor]:
    """All tensors of a tree."""
    parts = (_leaves(value) if isinstance(value, dict) else [value] for value in tree.values())
    return [leaf for part in parts for leaf in part]


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
    if name not in OPTIMIZERS:
        raise ValueError(f"no optimizer is called {name!r}; there are {', '.join(OPTIMIZERS)}")
    return name
