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

>>> from dlbook.optimizers import default_hyper, initial_state, sgd
>>> params = {"w": torch.tensor([1.0, 2.0])}
>>> grads = {"w": torch.tensor([10.0, 0.0])}
>>> sgd(params, grads, initial_state("sgd", params), default_hyper("sgd", lr=0.05))
({'w': tensor([0.5000, 2.0000])}, {})
"""

from collections.abc import Callable

import torch
from torch import Tensor

from dlbook.optimizers.start import Hyper
from dlbook.optimizers.trees import Tree, map_trees

Update = Callable[[Tree, Tree, Tree, Hyper], tuple[Tree, Tree]]


def sgd(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """Gradient descent: θ ← θ − η g. Stochastic when g comes from a part of the samples.

    Reference: Robbins and Monro, "A stochastic approximation method", 1951.
    """
    grads = _with_decay(params, grads, hyper)
    return _add_scaled(params, -hyper["lr"], grads), state


def momentum(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """Heavy ball: v ← μ v + (1 − τ) g, θ ← θ − η v, with μ = "momentum" and τ = "dampening".

    Without τ in `hyper`, v ← μ v + g. The first gradient is never dampened: v = g after the first
    step, as in torch.

    Reference: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
    """
    grads = _with_decay(params, grads, hyper)
    if "dampening" in hyper:
        share = 1 - hyper["dampening"] * state["step"].clamp(max=1)
        grads = map_trees(lambda g: share * g, grads)
    velocity = _add_scaled(grads, hyper["momentum"], state["velocity"])
    params = _add_scaled(params, -hyper["lr"], velocity)
    return params, {"step": state["step"] + 1, "velocity": velocity}


def nesterov(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """Nesterov's momentum in torch's form: v ← μ v + g, θ ← θ − η (g + μ v).

    Reference: Sutskever et al., "On the importance of initialization and momentum in deep
    learning", ICML 2013, section 2; here θ is the place where the gradient is taken.
    """
    grads = _with_decay(params, grads, hyper)
    velocity = _add_scaled(grads, hyper["momentum"], state["velocity"])
    params = _add_scaled(params, -hyper["lr"], _add_scaled(grads, hyper["momentum"], velocity))
    return params, {"velocity": velocity}


def adagrad(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """AdaGrad: s ← s + g², θ ← θ − η g / (√s + ε).

    The rate η / √s of each number can only fall.

    Reference: Duchi, Hazan and Singer, "Adaptive subgradient methods", JMLR 2011.
    """
    grads = _with_decay(params, grads, hyper)
    squares = map_trees(lambda s, g: s + g * g, state["squares"], grads)
    params = _scaled_step(params, grads, squares, hyper["lr"], hyper["eps"])
    return params, {"squares": squares}


def rmsprop(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """RMSProp: s ← ρ s + (1 − ρ) g², θ ← θ − η g / (√s + ε): AdaGrad that forgets.

    Reference: Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5, 2012.
    """
    grads = _with_decay(params, grads, hyper)
    squares = _average_square(state["squares"], grads, hyper["rho"])
    params = _scaled_step(params, grads, squares, hyper["lr"], hyper["eps"])
    return params, {"squares": squares}


def adadelta(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """Adadelta: s ← ρ s + (1 − ρ) g², d = √(u + ε) / √(s + ε) · g, u ← ρ u + (1 − ρ) d².

    Then θ ← θ − η d. The step d has the unit of θ, so η = 1 needs no tuning.

    Reference: Zeiler, "ADADELTA: an adaptive learning rate method", 2012, algorithm 1.
    """
    grads = _with_decay(params, grads, hyper)
    rho, eps = hyper["rho"], hyper["eps"]
    squares = _average_square(state["squares"], grads, rho)
    steps = map_trees(
        lambda u, s, g: (u + eps).sqrt() / (s + eps).sqrt() * g, state["moves"], squares, grads
    )
    moves = _average_square(state["moves"], steps, rho)
    params = _add_scaled(params, -hyper["lr"], steps)
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
    return _adam_step(map_trees(lambda p: keep * p, params), grads, state, hyper)


OPTIMIZERS: dict[str, Update] = {
    rule.__name__: rule
    for rule in (sgd, momentum, nesterov, adagrad, rmsprop, adadelta, adam, adamw)
}


def _with_decay(params: Tree, grads: Tree, hyper: Hyper) -> Tree:
    """g + λ θ."""
    if "weight_decay" not in hyper:
        return grads
    return _add_scaled(grads, hyper["weight_decay"], params)


def _add_scaled(tree: Tree, factor: Tensor, other: Tree) -> Tree:
    """tree + factor · other, in one pass over the memory."""
    return map_trees(lambda a, b: torch.addcmul(a, b, factor), tree, other)


def _average(old: Tree, new: Tree, keep: Tensor) -> Tree:
    """keep · old + (1 − keep) · new, in one pass over the memory."""
    fresh = 1 - keep
    return map_trees(lambda a, b: torch.lerp(a, b, fresh), old, new)


def _average_square(old: Tree, new: Tree, keep: Tensor) -> Tree:
    """keep · old + (1 − keep) · new²."""
    fresh = 1 - keep
    return map_trees(lambda a, b: torch.lerp(a, b * b, fresh), old, new)


def _scaled_step(params: Tree, grads: Tree, squares: Tree, lr: Tensor, eps: Tensor) -> Tree:
    """θ − η g / (√s + ε)."""
    back = -lr
    return map_trees(
        lambda p, g, s: torch.addcmul(p, g / (s.sqrt() + eps), back), params, grads, squares
    )


def _adam_step(params: Tree, grads: Tree, state: Tree, hyper: Hyper) -> tuple[Tree, Tree]:
    """η m̂ / (√ŝ + ε) = η r / (1 − β₁ᵗ) · m / (√s + r ε) with r = √(1 − β₂ᵗ)."""
    step = state["step"] + 1
    mean = _average(state["mean"], grads, hyper["beta1"])
    squares = _average_square(state["squares"], grads, hyper["beta2"])
    root = (1 - hyper["beta2"] ** step).sqrt()
    lr = hyper["lr"] * root / (1 - hyper["beta1"] ** step)
    params = _scaled_step(params, mean, squares, lr, root * hyper["eps"])
    return params, {"step": step, "mean": mean, "squares": squares}
