"""The one training loop of the book: `fit`, and what it remembers, a `History`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count

import torch
from torch import Tensor, nn

from dlbook.optimizers import OPTIMIZERS, clip_gradients, default_hyper, initial_state
from dlbook.random import permutation
from dlbook.schedules import Schedule, rates_at

Data = tuple[Tensor, Tensor]  # X (n, ...) and y (n, ...)
Compare = Callable[[Tensor, Tensor], Tensor | float]  # predictions and targets -> loss or metric

ORDERS = 2_000_000  # the samples of epoch e are shuffled by stream ORDERS + e of the seed


@dataclass(frozen=True)
class History:
    """What happened in a training.

    Attributes:
        steps: 0, 1, ...: how many steps had been made when a loss was measured, (num_steps,).
        losses: the loss of the batch that the next step was made with, (num_steps,).
        evaluated: steps made before each evaluation, (num_evaluations,); starts with 0.
        metrics: "name metric", such as "test error" -> its values, (num_evaluations,).
    """

    steps: Tensor
    losses: Tensor
    evaluated: Tensor
    metrics: Mapping[str, Tensor]

    def to_dict(self) -> dict:
        """The same as lists of plain numbers, for a file."""
        metrics = {name: values.tolist() for name, values in self.metrics.items()}
        fields = ("steps", "losses", "evaluated")
        return {name: getattr(self, name).tolist() for name in fields} | {"metrics": metrics}


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
        order = _all_batches(len(X), batch_size, seed, drop_last)
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
            losses.append(loss.detach())
            if progress:
                progress(step + 1, num_steps)
        evaluations[num_steps] = _evaluation(model, evaluate, metrics)
    return _history(losses, evaluations if evaluate else {})


def steps_per_epoch(num_points: int, batch_size: int | None, *, drop_last: bool = False) -> int:
    """⌈n/b⌉ steps, or ⌊n/b⌋ if the samples that don't fill a batch are dropped.

    >>> steps_per_epoch(60_000, 64), steps_per_epoch(60_000, 64, drop_last=True)
    (938, 937)
    """
    if batch_size is None:
        return 1
    if not 1 <= batch_size <= num_points:
        raise ValueError(f"batch_size must be 1 to {num_points}, all samples, not {batch_size!r}")
    return num_points // batch_size if drop_last else -(-num_points // batch_size)


def batches(
    num_points: int, batch_size: int | None, *, epoch: int, seed: int, drop_last: bool = False
) -> Sequence[Tensor | slice]:
    """The indices of the samples in each batch of one epoch: a random order cut into pieces.

    Args:
        num_points: n.
        batch_size: samples a batch, 1 to n; None gives a single batch of all, in their order.
        epoch: 0, 1, ...; each has its own order.
        seed: of the orders: stream 2 000 000 + epoch of `dlbook.random`.
        drop_last: leave out the last batch if it is smaller than the others.
    """
    num_batches = steps_per_epoch(num_points, batch_size, drop_last=drop_last)
    if batch_size is None:
        return [slice(None)]
    order = permutation(num_points, seed=seed, stream=ORDERS + epoch)
    return order.split(batch_size)[:num_batches]


def predict(model: nn.Module, X: Tensor, *, at_once: int = 1_000) -> Tensor:
    """model(X) without gradients, in eval mode, at most `at_once` samples a time, on X's device."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        y_hat = torch.cat([model(part) for part in X.split(at_once)])
    model.train(was_training)
    return y_hat


def _all_batches(num_points, batch_size, seed, drop_last) -> Iterator[Tensor | slice]:
    """The batches of epoch after epoch, without end."""
    for epoch in count():
        yield from batches(num_points, batch_size, epoch=epoch, seed=seed, drop_last=drop_last)


def mean_loss(loss_fn: Compare, y_hat: Tensor, y: Tensor) -> Tensor:
    """The mean of loss_fn(y_hat, y), after a look whether predictions and targets fit together.

    Raises:
        ValueError: real targets of another shape than the predictions', or losses broadcast.
    """
    shapes = f"predictions {tuple(y_hat.shape)} and targets {tuple(y.shape)}"
    if y.is_floating_point() and y.shape != y_hat.shape:
        raise ValueError(f"{shapes} differ in shape; targets that are real numbers need the same")
    loss = loss_fn(y_hat, y)
    if loss.numel() > y_hat.numel():
        raise ValueError(f"{shapes} were broadcast to losses {tuple(loss.shape)}")
    return loss.mean()


def gradients(loss: Tensor, params: dict[str, Tensor]) -> tuple[dict[str, Tensor], list[str]]:
    """∂loss/∂θ of all parameters, 0 where the loss doesn't depend on θ; names where it does."""
    found = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
    named = dict(zip(params, found, strict=True))
    grads = {k: torch.zeros_like(params[k]) if g is None else g for k, g in named.items()}
    return grads, [name for name, g in named.items() if g is not None]


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
def own_randomness(seed: int, device: str | torch.device):
    """Torch's generator of `device` starts at `seed` inside, and goes on as before afterwards."""
    on_gpu = torch.device(device).type == "cuda"
    with torch.random.fork_rng(devices=[torch.device(device)] if on_gpu else []):
        torch.default_generator.manual_seed(seed)  # torch.manual_seed would seed every device
        if on_gpu:
            with torch.cuda.device(device):
                torch.cuda.manual_seed(seed)
        yield


@contextmanager
def _training(model: nn.Module, seed: int, device):
    """Train mode and torch's generator seeded; afterwards eval mode and the generator as before."""
    with own_randomness(seed, device):
        model.train()
        try:
            yield
        finally:
            model.eval()


def number_type(tensor: Tensor) -> torch.dtype:
    """float32, or float64 where the tensor has it: β₂ = 0.999 would be 1 in bfloat16."""
    return torch.promote_types(torch.float32, tensor.dtype)


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
