"""Random graphs of whole numbers, booleans and floats, NaN among them; and of an open size."""

import random as plain_random
from collections.abc import Callable

import pytest
import torch
from comparing import largest_difference, same_kinds, usable
from machine import Job, run_in_browser
from torch.nn import functional as F

from dlbook.compile import compile_program
from dlbook.compile.names import flatten

pytest.importorskip("playwright")
from chromium import chromium

MIXES, GRAPHS = 300, 60
LENGTHS = (1, 2, 5)  # of an axis that was 17 when the program was made
TOLERANCE = 1e-5  # of the largest number
# Each is exact, or rounded once: page and torch must agree to the bit.
EXACT: list[Callable] = [
    torch.add, torch.sub, torch.mul, torch.div, torch.maximum, torch.minimum, torch.gt, torch.eq,
    torch.le, torch.logical_and, torch.logical_or, torch.logical_xor, torch.floor_divide,
    torch.remainder, lambda a, b: torch.where(a.bool(), b, a), lambda a, b: a.masked_fill(b > 0, 2),
    lambda a, b: a.logical_not(), lambda a, b: a.bool(), lambda a, b: a.float(),
    lambda a, b: a.double() * 0.1, lambda a, b: -a, lambda a, b: a.abs(), lambda a, b: a.sign(),
    lambda a, b: a * 0.1, lambda a, b: a + 1, lambda a, b: a * 2, lambda a, b: a // 3,
    lambda a, b: a % 3, lambda a, b: a / 10, lambda a, b: a > 0.3, lambda a, b: a.clamp(-2, 2),
    lambda a, b: a**2, lambda a, b: a.any(), lambda a, b: a.all(), lambda a, b: a.amax(),
    lambda a, b: a.argmax(), lambda a, b: a.flip(0), lambda a, b: a[b.long().reshape(-1) * 0 - 1],
    lambda a, b: a.long(), lambda a, b: (a * 10).floor(),
    lambda a, b: a if a.is_floating_point() else a.sum(), lambda a, b: torch.stack([a, b]).sum(0)
    if not a.is_floating_point() else a,
    lambda a, b: a & b if a.dtype == b.dtype == torch.bool else a,
]  # fmt: skip


def random_mix(seed: int):
    """A function of four tensors of four kinds; it gives back its last three results."""
    choose, generator = plain_random.Random(seed), torch.Generator().manual_seed(seed)
    n = choose.choice((1, 3, 4))
    values = torch.randint(-4, 5, (4, n), generator=generator)
    start = {"i": values[0], "b": values[1] > 0, "f": values[2] / 10, "d": values[3].double() / 10}
    if seed % 3 == 0:
        start["f"][0] = choose.choice((float("nan"), float("inf"), -float("inf")))
    pool, steps = list(start.values()), []
    while len(steps) < 8:
        step = choose.choice(EXACT), choose.randrange(len(pool)), choose.randrange(len(pool))
        try:
            result = applied(step, pool)
        except (
            RuntimeError,
            IndexError,
            ZeroDivisionError,
        ):  # torch does not do it for these kinds
            continue
        if result.is_floating_point() or result.double().abs().max() < 2**31:
            pool.append(result)
            steps.append(step)

    def function(start):
        pool = list(start.values())
        for step in steps:
            pool.append(applied(step, pool))
        return {str(k): pool[-k] for k in (1, 2, 3)}

    return function, start


def applied(step: tuple[Callable, int, int], pool: list[torch.Tensor]) -> torch.Tensor:
    f, a, b = step
    return f(pool[a], pool[b])


def test_random_mixes_of_kinds_equal_torch(tmp_path):
    jobs, expected = [], []
    for seed in range(MIXES):
        function, start = random_mix(seed)
        jobs.append(Job(compile_program(function, start), dict(flatten({"start": start}))))
        expected.append(function(start))
    with chromium() as browser:
        results = run_in_browser(jobs, tmp_path, browser)
    wrong = [
        (seed, name)
        for seed, (truth, found) in enumerate(zip(expected, results, strict=True))
        for name, value in truth.items()
        if not same_kinds(found, truth)
        or not torch.allclose(found[name].double(), value.double(), 0, 0, equal_nan=True)
    ]
    assert not wrong


# Steps that keep the shape (n, 3) and depend on n.
OF_A_SIZE: list[Callable] = [
    lambda a: a - a.mean(0), lambda a: a.cumsum(0), lambda a: a.flip(0) + a, lambda a: a.softmax(0),
    lambda a: a @ a.T @ a / len(a.T), lambda a: torch.cat([a, a * 2])[: a.shape[0]] * 0.5,
    lambda a: a.roll(2, 0) - a, lambda a: a / a.shape[0], lambda a: a.T.reshape(-1).reshape(-1, 3),
    lambda a: a * torch.arange(a.shape[0])[:, None], lambda a: a.repeat(2, 1)[a.shape[0] :] * 2,
    lambda a: F.pad(a, (0, 0, 1, 2))[1:-2] + 1, lambda a: (a == a.amax(0)) * 0.5 + a,
    lambda a: torch.eye(a.shape[0]) @ a, lambda a: a * a.shape[0] ** -0.5,
    lambda a: a + a.std(0, correction=0), lambda a: a[a.argmax(0)].sum() * a, lambda a: a[:1] * a,
    lambda a: a[-1:] + a, lambda a: a.tanh(), lambda a: a.relu(), lambda a: (a * 0.1).exp(),
    lambda a: F.pad(a, (0, 0, 0, -a.shape[0] % 4))[: a.shape[0]].logsumexp(1, keepdim=True) + a,
    lambda a: a.norm() + a, lambda a: torch.where(a > a.mean(), a, 0.1),
]  # fmt: skip


def random_graph_of_a_size(seed: int):
    """A function of a tensor (n, 3): two to five steps, the result and its gradient."""
    choose = plain_random.Random(seed)
    steps = choose.choices(OF_A_SIZE, k=choose.randint(2, 5))

    def function(x):
        leaf = value = x.detach().requires_grad_()
        for step in steps:
            value = step(value)
        (slope,) = torch.autograd.grad(value.pow(2).sum(), leaf)
        return {"value": value.detach(), "slope": slope}

    return function


def test_random_graphs_of_an_open_size_equal_torch(tmp_path):
    jobs, expected = [], []
    for seed in range(GRAPHS):
        function = random_graph_of_a_size(seed)
        program = compile_program(function, torch.zeros(17, 3), sizes={"n": 17})
        for n in LENGTHS:
            x = torch.randn(n, 3, generator=torch.Generator().manual_seed(seed))
            if usable(truth := function(x)):
                jobs.append(Job(program, {"x": x}, {"n": n}))
                expected.append(((seed, n), truth))
    assert len(jobs) > 2 * GRAPHS
    with chromium() as browser:
        results = run_in_browser(jobs, tmp_path, browser)
    wrong = {}
    for (name, truth), found in zip(expected, results, strict=True):
        assert same_kinds(found, truth)
        error = largest_difference(found, truth)
        if not error < TOLERANCE:
            wrong[name] = error
    assert not wrong
