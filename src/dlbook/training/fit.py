"""The one training loop of the book: `fit`."""

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor, nn

from dlbook.optimizers import OPTIMIZERS, clip_gradients, default_hyper, initial_state
from dlbook.schedules import Schedule, rates_at
from dlbook.training.batches import endless_batches, steps_per_epoch
from dlbook.training.history import History
from dlbook.training.loss import Compare, gradients, mean_loss, number_type, own_randomness

Data = tuple[Tensor, Tensor]  # X (n, ...) and y (n, ...)


def fit(
    model: nn.Module,
    data: Data,
    *,
    loss_fn: Compare,
    optimizer: str = "sgd",
    lr: float | None = None,
    hyper: Mapping[str, float] | None = None,
    schedule: Schedule | None = None,
    num_epochs: int | None = None,
    num_steps: int | None = None,
    batch_size: int | None = None,
    drop_last: bool = False,
    clip_norm: float | None = None,
    seed: int = 0,
    evaluate: Mapping[str, Data] | None = None,
    metrics: Mapping[str, Compare] | None = None,
    evaluate_every: int = 1,
    device: str | torch.device = "cpu",
    progress: Callable[[int, int], None] | None = None,
) -> History:
    """Train `model` in place, so that the mean of loss_fn(model(X), y) becomes small.

    Args:
        model: any module; its parameters that require a gradient are trained, and one that the
            loss does not depend on stays. It is moved to `device` and left there, in eval mode
            (also if the training is interrupted).
        data: X (n, ...) and y (n, ...): samples along the first axis.
        loss_fn: of predictions and targets; a scalar, or one loss a sample, which is averaged.
            Targets that are real numbers must have the predictions' shape: torch would broadcast
            (n, 1) and (n,) to (n, n).
        optimizer: one of `dlbook.optimizers.OPTIMIZERS`.
        lr: the learning rate; None takes the optimizer's default.
        hyper: its other hyper-parameters, such as {"momentum": 0.9}.
        schedule: step 0, 1, ... -> factor on the learning rate (see `dlbook.schedules`); None
            keeps it constant.
        num_epochs, num_steps: how long; one of the two.
        batch_size: samples a step, 1 to n; None takes all, in their order.
        drop_last: leave out the samples of an epoch that don't fill a batch. Otherwise the last
            batch of an epoch is smaller, so that an epoch sees every sample once.
        clip_norm: the largest norm of all gradients together; longer ones are shrunk to it.
        seed: of the order of the samples, drawn anew every epoch (stream 2 000 000 + epoch of
            `dlbook.random`), and of torch's own generator while training (dropout); the weights
            of `model` are its maker's.
        evaluate: data sets to measure on, by name.
        metrics: what to measure, by name; None measures the loss.
        evaluate_every: epochs between evaluations; also before the first and after the last step.
        device: "cpu", "cuda", ...; data are moved there.
        progress: called as progress(steps made, all steps) after every step; what it raises
            (`dlbook.explore.worker.Cancelled`, say) ends the training.

    Raises:
        ValueError: a setting is out of range, or predictions and targets don't fit together.

    >>> X = torch.linspace(-1, 1, 50).unsqueeze(1)
    >>> line = nn.Linear(1, 1)
    >>> history = fit(line, (X, 3 * X + 2), loss_fn=nn.MSELoss(), lr=0.5, num_steps=100)
    >>> [round(p.item(), 3) for p in line.parameters()]
    [3.0, 2.0]
    """
    X, y = (part.to(device) for part in data)
    model.to(device)
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    _check(params, X, y, num_epochs, num_steps, evaluate_every)
    state, dtype = initial_state(optimizer, params), number_type(next(iter(params.values())))
    rates = default_hyper(optimizer, dtype=dtype, **_given(lr=lr), **(hyper or {}))
    per_epoch = steps_per_epoch(len(X), batch_size, drop_last=drop_last)
    num_steps = num_steps or num_epochs * per_epoch
    metrics = metrics or {"loss": partial(mean_loss, loss_fn)}
    losses, evaluations = [], {}

    with _training(model, seed, device):
        order = endless_batches(len(X), batch_size, seed=seed, drop_last=drop_last)
        for step, batch in zip(range(num_steps), order, strict=False):
            if step % (evaluate_every * per_epoch) == 0:
                evaluations[step] = _evaluation(model, evaluate, metrics)
            loss = mean_loss(loss_fn, model(X[batch]), y[batch])
            grads, reached = gradients(loss, params)
            with torch.no_grad():
                if clip_norm is not None:
                    grads = clip_gradients(grads, clip_norm)
                now = rates_at(step, rates, schedule)
                new_params, state = OPTIMIZERS[optimizer](params, grads, state, now)
                for name in reached:
                    params[name].copy_(new_params[name])
                del grads, new_params  # their memory, still in the cache, for the next step
            losses.append(loss.detach())
            if progress:
                progress(step + 1, num_steps)
        evaluations[num_steps] = _evaluation(model, evaluate, metrics)
    return _history(losses, evaluations if evaluate else {})


def predict(model: nn.Module, X: Tensor, *, at_once: int = 1_000) -> Tensor:
    """model(X) without gradients, in eval mode, at most `at_once` samples a time, on X's device."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        y_hat = torch.cat([model(part) for part in X.split(at_once)])
    model.train(was_training)
    return y_hat


def _evaluation(model, sets: Mapping[str, Data] | None, metrics: Mapping[str, Compare]) -> dict:
    """All metrics on all data sets: "name metric" -> value."""
    device = next(model.parameters()).device
    values = {}
    for name, (X, y) in (sets or {}).items():
        y_hat = predict(model, X.to(device))
        for metric, compare in metrics.items():
            value = torch.as_tensor(compare(y_hat, y.to(device)))
            values[f"{name} {metric}"] = value.cpu().double().mean().item()
    return values


def _history(losses: list[Tensor], evaluations: dict[int, dict[str, float]]) -> History:
    rows, dtype = evaluations.values(), number_type(losses[0])
    names = next(iter(rows), ())
    metrics = {n: torch.tensor([row[n] for row in rows], dtype=dtype) for n in names}
    steps, evaluated = torch.arange(len(losses)), torch.tensor(list(evaluations), dtype=torch.int64)
    return History(steps, torch.stack(losses).cpu(), evaluated, metrics)


@contextmanager
def _training(model: nn.Module, seed: int, device):
    """Train mode and torch's generator seeded; afterwards eval mode and the generator as before."""
    with own_randomness(seed, device):
        model.train()
        try:
            yield
        finally:
            model.eval()


def _given(**settings) -> dict:
    return {name: value for name, value in settings.items() if value is not None}


def _check(params, X, y, num_epochs, num_steps, evaluate_every):
    if not params:
        raise ValueError("the model has no parameter that requires a gradient")
    if len(X) != len(y) or not len(X):
        raise ValueError(f"X holds {len(X)} samples and y {len(y)}; they must be equal, and not 0")
    if (num_epochs is None) == (num_steps is None):
        raise ValueError(f"give one of num_epochs ({num_epochs}) and num_steps ({num_steps})")
    given = _given(num_epochs=num_epochs, num_steps=num_steps, evaluate_every=evaluate_every)
    for name, value in given.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, not {value!r}")
