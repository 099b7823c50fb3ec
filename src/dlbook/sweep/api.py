"""`sweep`: a grid of models trained at once."""

import time
from collections.abc import Callable, Mapping, Sequence

import torch
import xarray as xr
from torch import Tensor, nn
from tqdm import tqdm
from tqdm.auto import tqdm as tqdm_anywhere

from dlbook.schedules import Schedule
from dlbook.sweep.data import Source
from dlbook.sweep.early_stopping import EarlyStopping
from dlbook.sweep.grid import axes_of, members_of
from dlbook.sweep.job import Plan, jobs_of
from dlbook.sweep.measure import check_times
from dlbook.sweep.result import Result, provenance
from dlbook.sweep.spread import done_jobs
from dlbook.training import Compare


@torch.enable_grad()  # whatever the caller has switched off
def sweep(
    make_model: Callable[..., nn.Module],
    data: Source,
    grid: Mapping[str, Sequence | Mapping],
    *,
    loss_fn: Callable[..., Tensor],
    optimizer: str = "sgd",
    hyper: Mapping[str, float] | None = None,
    num_epochs: int | None = None,
    num_steps: int | None = None,
    batch_size: int | None = None,
    drop_last: bool = False,
    schedule: Schedule | None = None,
    early_stopping: EarlyStopping | None = None,
    evaluate: Mapping[str, Source] | None = None,
    metrics: Mapping[str, Compare] | None = None,
    views: Mapping[str, Tensor | Callable[..., Tensor]] | None = None,
    at_steps: Sequence[int] | None = None,
    at_epochs: Sequence[int] | None = None,
    parameters: bool = False,
    seeds: Sequence[int] | None = None,
    device: str = "cpu",
    engine: str = "auto",
    progress: bool | None = None,
) -> xr.Dataset:
    """Train a model for every combination of the grid's values.

    Each member equals its own `training.fit` with the same settings and seed, up to rounding, and
    no member feels another: one that diverges is marked, the others are as if it were not there.

    Args:
        make_model: gives an untrained module. What it takes by name may be in the grid; `seed`
            reaches it if it takes that, else torch's generator has the seed while it is called.
        data: X (n, ...) and y (n, ...), or a function that gives them; what it takes by name may
            be in the grid, `seed` too.
        grid: name -> values, or name -> {label: value}. A name is an argument of `make_model` or
            `data`, "seed", "optimizer", "batch_size", "schedule", a hyper-parameter of the
            optimizer ("lr", "weight_decay", "momentum", ...), "clip_norm", or a further argument
            of `loss_fn`.
        loss_fn: loss_fn(predictions, targets), as for `fit`.
        optimizer: one of `dlbook.optimizers.OPTIMIZERS`.
        hyper: hyper-parameters that all members share, such as {"momentum": 0.9}.
        num_epochs, num_steps: how long; one of the two.
        batch_size, drop_last: as for `fit`.
        schedule: as for `fit`: factor on the learning rate at step 0, 1, ...
        early_stopping: when a member ends before the others. It keeps its best weights; metrics
            and views after its end, and after the last step, are those of the kept weights.
        evaluate: name -> data to measure on, each as `data`.
        metrics: name -> metric(predictions, targets); None measures the loss.
        views: name -> inputs (m, ...), or a function that gives them as `data` does; what the
            members answer there is kept.
        at_steps, at_epochs: when to measure and view, one of the two; None: at the end.
        parameters: whether to keep the trained parameters (of equal shapes in all members).
        seeds: short for `seed` in the grid.
        device: "cpu", "cuda", ...
        engine: "vmap" steps members of one architecture together, "graph" and "compiled" too,
            traced first: quicker steps after a slower start; "sequential" one after the other.
            "auto" takes the one that should end first. It compiles what takes minutes, or what was
            compiled on this machine before: do that once for a sweep that is run often.
        progress: whether to show a bar; None shows it in a terminal, when it takes a while.

    Returns:
        A dataset whose dimensions are the grid's names, then "step" or "at_step" / "at_epoch":

            loss         of the batch of each step; NaN after the end of a member
            "set metric" such as "test error", at the times asked for
            a view       predictions at the times asked for
            diverged_at  the first step whose loss was not finite, −1 if none
            stopped_at, best_step   steps made, and made when the kept weights were taken
            "parameter name"        if `parameters`

        Its attributes say where it comes from. After a keyboard interrupt it holds what was done,
        NaN elsewhere, and the attribute `interrupted` is 1.

    Raises:
        ValueError: a name of the grid or a setting is unknown or out of range; the message says
            what is known.

    >>> from dlbook.datasets.toy_classification import moons
    >>> from dlbook.losses import cross_entropy
    >>> from dlbook.models.mlp import mlp
    >>> def model(width=8, seed=0):
    ...     return mlp([2, width, 2], nn.Tanh, seed=seed)
    >>> grid = {"lr": [0.1, 1.0], "width": [2, 8], "seed": [0, 1, 2]}
    >>> runs = sweep(model, moons(100), grid, loss_fn=cross_entropy, num_steps=50)
    >>> dict(runs.loss.sizes)
    {'lr': 2, 'width': 2, 'seed': 3, 'step': 50}
    """
    grid = dict(grid) | ({} if seeds is None else {"seed": seeds})
    evaluate, hyper = dict(evaluate or {}), dict(hyper or {})
    _check(num_epochs, num_steps, at_steps, at_epochs)
    sources = [data, *evaluate.values(), *(views or {}).values()]
    axes = axes_of(
        grid, make_model=make_model, sources=sources, loss_fn=loss_fn, optimizer=optimizer
    )
    plan = Plan(
        make_model=make_model,
        data=data,
        loss_fn=loss_fn,
        optimizer=optimizer,
        hyper=hyper,
        num_epochs=num_epochs,
        num_steps=num_steps,
        batch_size=batch_size,
        drop_last=drop_last,
        schedule=schedule,
        early_stopping=early_stopping,
        evaluate=evaluate,
        metrics=dict(metrics or {}),
        views=dict(views or {}),
        at_steps=at_steps,
        at_epochs=at_epochs,
        device=device,
        engine=engine,
    )
    _check_monitor(early_stopping, evaluate, plan.metrics or ("loss",))
    return _trained(plan, axes, parameters, progress)


def _trained(plan: Plan, axes, parameters: bool, progress: bool | None) -> xr.Dataset:
    members = members_of(axes)
    jobs = jobs_of(plan, members)
    lengths = [plan.length(job.members[0]) for job in jobs]
    for job, length in zip(jobs, lengths, strict=True):
        check_times(plan.times(job.members[0]), length)
    result = Result(axes, max(lengths), plan.coordinate(members[0]))
    total = sum(len(job.members) * length for job, length in zip(jobs, lengths, strict=True))
    start, engines, interrupted = time.perf_counter(), set(), False
    bar = _bar(total, progress)
    with bar:
        for job, outcome, name in done_jobs(jobs, bar.update):
            result.put(job.members[: len(outcome.losses)], outcome, parameters=parameters)
            engines.add(name)
            interrupted = interrupted or bool(outcome.interrupted.any())
    seconds = time.perf_counter() - start
    facts = {
        "device": str(plan.device),
        "engine": ", ".join(sorted(engines)),
        "members": len(members),
        "seconds": round(seconds, 3),
        "models_per_second": round(len(members) / seconds, 3),
        "interrupted": int(interrupted),
    }
    return result.dataset(provenance(axes, **facts))


def _bar(total: int, progress: bool | None) -> tqdm:
    """A bar: in a notebook a widget, which no page may hold, so only where it is asked for."""
    if progress is None:
        return tqdm(total=total, unit="step", delay=2, disable=None)  # None: only in a terminal
    return tqdm_anywhere(total=total, unit="step", delay=2, disable=not progress)


def _check(num_epochs, num_steps, at_steps, at_epochs) -> None:
    if (num_epochs is None) == (num_steps is None):
        raise ValueError(f"give one of num_epochs ({num_epochs}) and num_steps ({num_steps})")
    if at_steps is not None and at_epochs is not None:
        raise ValueError("give one of at_steps and at_epochs")
    for name, value in (("num_epochs", num_epochs), ("num_steps", num_steps)):
        if value is not None and value < 1:
            raise ValueError(f"{name} must be at least 1, not {value!r}")


def _check_monitor(rule: EarlyStopping | None, sets: Mapping, metrics: Sequence[str]) -> None:
    known = [f"{name} {metric}" for name in sets for metric in metrics]
    if rule and rule.monitor not in known:
        raise ValueError(
            f"early stopping can't watch {rule.monitor!r}; measured are: "
            f"{', '.join(known) or 'none'}"
        )
