"""Every schedule equals its twin in torch.optim.lr_scheduler, can be traced, and drives `fit`."""

import doctest
import math
import warnings

import pytest
import torch
from torch import nn
from torch.fx.experimental.proxy_tensor import make_fx
from torch.nn.functional import mse_loss
from torch.optim import lr_scheduler as twins

from dlbook import schedules
from dlbook.random import normal
from dlbook.schedules import constant, cosine, exponential, inverse_time, step_decay, warm_up
from dlbook.training import fit

NUM_STEPS, LR = 40, 0.3


def warm_twin(optimizer, then):
    first = twins.LinearLR(optimizer, start_factor=0.1, total_iters=10)
    return twins.SequentialLR(optimizer, [first, then(optimizer)], milestones=[10])


PAIRS = {
    "constant": (constant(), lambda o: twins.ConstantLR(o, factor=1.0)),
    "step": (step_decay(7, 0.5), lambda o: twins.StepLR(o, step_size=7, gamma=0.5)),
    "exponential": (exponential(0.9), lambda o: twins.ExponentialLR(o, gamma=0.9)),
    "growing": (exponential(1.2), lambda o: twins.ExponentialLR(o, gamma=1.2)),
    "cosine": (cosine(NUM_STEPS), lambda o: twins.CosineAnnealingLR(o, T_max=NUM_STEPS)),
    "cosine above 0": (
        cosine(NUM_STEPS, last=0.1),
        lambda o: twins.CosineAnnealingLR(o, T_max=NUM_STEPS, eta_min=0.1 * LR),
    ),
    "1/t": (inverse_time(0.2), lambda o: twins.LambdaLR(o, lambda t: 1 / (1 + 0.2 * t))),
    "1/sqrt t": (
        inverse_time(0.2, 0.5),
        lambda o: twins.LambdaLR(o, lambda t: 1 / math.sqrt(1 + 0.2 * t)),
    ),
    "warm-up, cosine": (
        warm_up(10, cosine(30)),
        lambda o: warm_twin(o, lambda o: twins.CosineAnnealingLR(o, T_max=30)),
    ),
    "warm-up, exponential": (
        warm_up(10, exponential(0.9)),
        lambda o: warm_twin(o, lambda o: twins.ExponentialLR(o, gamma=0.9)),
    ),
}


def rates_of(twin):
    """The learning rates of torch's scheduler at steps 0, 1, ..."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=LR)
    with warnings.catch_warnings():  # torch 2.x: SequentialLR passes itself a deprecated argument
        warnings.simplefilter("ignore")
        scheduler, rates = twin(optimizer), []
        for _ in range(NUM_STEPS):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
    return rates


@pytest.mark.parametrize("name", PAIRS)
def test_values_equal_torch(name):
    schedule, twin = PAIRS[name]
    steps = torch.arange(NUM_STEPS, dtype=torch.float64)
    mine = [LR * schedule(t).item() for t in steps]
    assert mine == pytest.approx(rates_of(twin), rel=1e-12, abs=1e-15)
    whole = [LR * schedule(t).item() for t in range(NUM_STEPS)]  # whole numbers: float32
    assert whole == pytest.approx(mine, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("name", PAIRS)
def test_all_steps_at_once(name):
    schedule = PAIRS[name][0]
    together = schedule(torch.arange(NUM_STEPS))
    assert together.shape == (NUM_STEPS,)
    one_by_one = torch.stack([schedule(t) for t in range(NUM_STEPS)])
    torch.testing.assert_close(together, one_by_one)


@pytest.mark.parametrize(
    "make",
    [
        lambda number: step_decay(1 + 9 * number, number),
        exponential,
        lambda number: cosine(50 * number, last=number),
        inverse_time,
        lambda number: inverse_time(0.1, number),
        lambda number: warm_up(20 * number, exponential(number), first=number),
    ],
)
def test_one_traced_graph_serves_every_step_and_setting(make):
    def factor(step, number):
        return make(number)(step)

    graph = make_fx(factor)(torch.tensor(3.0), torch.tensor(0.3))
    for step, number in ((0.0, 0.3), (7.0, 0.8), (31.0, 0.5)):
        given = torch.tensor(step), torch.tensor(number)
        torch.testing.assert_close(graph(*given), factor(*given))


def test_cosine_stays_at_its_end():
    assert cosine(10, last=0.2)(25).item() == pytest.approx(0.2)


def data(dtype=torch.float32):
    X = normal((30, 3), seed=1).to(dtype)
    return X, X @ torch.tensor([[1.0], [-2.0], [0.5]], dtype=dtype)


def line(dtype):
    model = nn.Linear(3, 1, dtype=dtype)
    for number, p in enumerate(model.parameters()):
        p.data = normal(p.shape, seed=0, stream=number).to(dtype)
    return model


@pytest.mark.parametrize(
    ("optimizer", "twin"), [("sgd", torch.optim.SGD), ("adam", torch.optim.Adam)]
)
@pytest.mark.parametrize("name", ["step", "warm-up, cosine"])
def test_fit_with_a_schedule_equals_torch(optimizer, twin, name):
    schedule, scheduler_of = PAIRS[name]
    (X, y), mine, theirs = data(torch.float64), line(torch.float64), line(torch.float64)
    fit(mine, (X, y), loss_fn=mse_loss, optimizer=optimizer, lr=0.1, num_steps=NUM_STEPS,
        schedule=schedule)  # fmt: skip
    rule = twin(theirs.parameters(), lr=0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scheduler = scheduler_of(rule)
        for _ in range(NUM_STEPS):
            rule.zero_grad()
            mse_loss(theirs(X), y).backward()
            rule.step()
            scheduler.step()
    for p, q in zip(mine.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(p, q, rtol=0, atol=1e-12)


def test_any_function_of_the_step_is_a_schedule():
    """A factor of 0 from step 5 on: nothing moves any more."""
    short, stopped = line(torch.float32), line(torch.float32)
    fit(short, data(), loss_fn=mse_loss, lr=0.1, num_steps=5)
    fit(stopped, data(), loss_fn=mse_loss, lr=0.1, num_steps=20,
        schedule=lambda step: 1.0 if step < 5 else 0.0)  # fmt: skip
    assert torch.equal(short.weight, stopped.weight)


def test_a_constant_schedule_changes_nothing():
    free, held = line(torch.float32), line(torch.float32)
    for model, schedule in ((free, None), (held, constant())):
        fit(model, data(), loss_fn=mse_loss, lr=0.1, num_steps=20, schedule=schedule)
    assert torch.equal(free.weight, held.weight)
    assert held.weight.dtype == torch.float32


def test_examples_in_the_docstrings():
    found = doctest.testmod(schedules)
    assert found.attempted > 0
    assert found.failed == 0
