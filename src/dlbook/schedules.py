"""Learning-rate schedules: functions of the step t = 0, 1, ... that give a factor on the rate.

Step t is made with the learning rate η · schedule(t). A schedule is a plain function, so any other
can stand in its place, and those made here can be traced: t, and the numbers that a schedule is
made with, may be 0-d tensors.

>>> schedule = inverse_time(0.1)
>>> [round(schedule(t).item(), 3) for t in (0, 10, 90)]
[1.0, 0.5, 0.1]
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

Number = float | Tensor
Schedule = Callable[[Number], Tensor]


def constant() -> Schedule:
    """1 at every step."""
    return lambda step: torch.ones_like(_time(step))


def step_decay(every: Number, factor: Number = 0.1) -> Schedule:
    """factor^⌊t / every⌋: `every` steps at one rate, then at `factor` times that rate.

    The factors of `torch.optim.lr_scheduler.StepLR`.
    """
    return lambda step: factor ** torch.floor(_time(step) / every)


def exponential(factor: Number) -> Schedule:
    """factor^t: below 1 the rate decays, above 1 it grows, as a range test wants it.

    The factors of `torch.optim.lr_scheduler.ExponentialLR`.
    """
    return lambda step: factor ** _time(step)


def cosine(num_steps: Number, last: Number = 0.0) -> Schedule:
    """last + (1 − last)(1 + cos(π t / num_steps)) / 2: from 1 down to `last`, where it stays.

    The factors of `torch.optim.lr_scheduler.CosineAnnealingLR` with eta_min = η · last, up to step
    `num_steps`; there torch's rate turns and rises again.

    Reference: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR
    2017, equation 5.
    """

    def schedule(step: Number) -> Tensor:
        done = (_time(step) / num_steps).clamp(max=1)
        return last + (1 - last) * (1 + torch.cos(math.pi * done)) / 2

    return schedule


def inverse_time(decay: Number, power: Number = 1.0) -> Schedule:
    """(1 + decay · t)^−power: for large t the rate falls like 1/t, with power ½ like 1/√t.

    For ½ < power ≤ 1 the rates meet the conditions of Robbins and Monro: Ση = ∞ and Ση² < ∞.

    Reference: Robbins and Monro, "A stochastic approximation method", 1951, equation 6.
    """
    return lambda step: (1 + decay * _time(step)) ** -power


def warm_up(num_steps: Number, then: Schedule, first: Number = 0.1) -> Schedule:
    """A straight line from `first` to 1 over `num_steps` steps; then `then`, from its step 0 on.

    The factors of torch's `LinearLR` with start_factor = first, followed by `then` through
    `SequentialLR` at milestone `num_steps`.

    Reference: Goyal et al., "Accurate, large minibatch SGD", 2017, section 2.2.
    """

    def schedule(step: Number) -> Tensor:
        t = _time(step)
        rising = first + (1 - first) * t / num_steps
        return torch.where(t < num_steps, rising, then((t - num_steps).clamp(min=0)))

    return schedule


def rates_at(step: int, hyper: dict[str, Tensor], schedule: Schedule | None) -> dict[str, Tensor]:
    """The hyper-parameters that an optimizer makes a step with: "lr" times the schedule's factor.

    Args:
        step: 0, 1, ...
        hyper: see `dlbook.optimizers.default_hyper`.
        schedule: of this kind; None leaves the rate as it is.
    """
    if schedule is None:
        return hyper
    lr = hyper["lr"]
    return hyper | {"lr": (lr * schedule(torch.tensor(float(step), dtype=lr.dtype))).to(lr.dtype)}


def _time(step: Number) -> Tensor:
    """The step as a real number: float64 if it comes so, float32 otherwise."""
    step = torch.as_tensor(step)
    return step if step.dtype == torch.float64 else step.to(torch.float32)
