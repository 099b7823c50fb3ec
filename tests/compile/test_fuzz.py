"""Random small graphs over the supported operators: equal to torch, operator by operator."""

import math
import random as plain_random
from collections.abc import Callable

import pytest
import torch
from comparing import largest_difference, same_kinds, usable
from machine import Job, run_in_browser
from torch.nn import functional as F

from dlbook.compile import compile_program

pytest.importorskip("playwright")
from chromium import chromium

GRAPHS = 520
LENGTHS = (1, 2, 3, 4)
TOLERANCE = 1e-5  # of the largest number
YARDSTICKS = 3  # beyond it, at most so many times as far from float64 as torch in float32 is


class Chooser:
    """Random choices for one graph."""

    def __init__(self, seed: int, dtype: torch.dtype):
        self.random, self.dtype = plain_random.Random(seed), dtype
        self.generator = torch.Generator().manual_seed(seed)

    def one(self, values):
        return self.random.choice(list(values))

    def axis(self, x: torch.Tensor) -> int:
        """Counted from the front or from the end."""
        return self.random.randrange(-x.dim(), x.dim())

    def axes(self, x: torch.Tensor) -> list[int]:
        count = self.random.randint(1, x.dim())
        return [a - x.dim() * self.one((0, 1)) for a in self.random.sample(range(x.dim()), count)]

    def shape(self, least: int = 1) -> list[int]:
        return [self.one(LENGTHS) for _ in range(self.random.randint(least, 3))]

    def tensor(self, shape) -> torch.Tensor:
        return torch.randn(shape, generator=self.generator).to(self.dtype)

    def broadcastable(self, x: torch.Tensor) -> torch.Tensor:
        """A tensor that broadcasts with x: axes left out in front, or of length 1."""
        shape = [n if self.random.random() < 0.6 else 1 for n in x.shape]
        return self.tensor(shape[self.random.randint(0, x.dim()) :])

    def indices(self, high: int, shape) -> torch.Tensor:
        return torch.randint(0, high, tuple(shape), generator=self.generator)


Operator = Callable[[Chooser, torch.Tensor], Callable[[torch.Tensor], torch.Tensor]]

UNARY = [
    torch.tanh, torch.sigmoid, torch.relu, torch.abs, torch.neg, torch.sin, torch.cos, torch.erf,
    torch.exp, torch.floor, torch.ceil, torch.round, torch.trunc, torch.sign, torch.square,
    torch.atan, torch.sinh, F.gelu, F.silu,
    F.softplus, F.elu, torch.expm1,
    lambda x: torch.log(x.abs() + 0.1), lambda x: torch.sqrt(x.abs() + 0.1),
    lambda x: torch.rsqrt(x.abs() + 0.1), lambda x: torch.log1p(x.abs()), lambda x: x**3,
    lambda x: (x.abs() + 0.1) ** 1.7, lambda x: 1 / (x.abs() + 0.5), lambda x: x.clamp(-0.5, 0.7),
    lambda x: x.clamp(min=0.1), lambda x: (x > 0).float(), lambda x: (x > 0) & (x < 1),
    lambda x: (x * 3).long(), lambda x: -x * 2 + 1, lambda x: 3 - x, lambda x: x.double().float(),
]  # fmt: skip
BINARY = [
    torch.add, torch.sub, torch.mul, torch.maximum, torch.minimum, torch.atan2,
    lambda a, b: a / (b.abs() + 0.5), lambda a, b: torch.where(a > b, a, b * 2),
    lambda a, b: torch.add(a, b, alpha=0.3), lambda a, b: a.masked_fill(b > 0, 1.5),
    lambda a, b: torch.remainder(a, b.abs() + 0.5), lambda a, b: torch.lerp(a, b.expand_as(a), 0.3),
]  # fmt: skip


def unary(choose, x):
    return choose.one(UNARY)


def binary(choose, x):
    f, other, swap = choose.one(BINARY[:8]), choose.broadcastable(x), choose.one((True, False))
    return (lambda a: f(other, a)) if swap else (lambda a: f(a, other))


def binary_into(choose, x):
    f, other = choose.one(BINARY), choose.broadcastable(x)
    return lambda a: f(a, other)


def with_itself(choose, x):
    """A tensor used several times: with its transpose, with its own mean."""
    axis = choose.axis(x)
    return choose.one([
        lambda a: a * torch.tanh(a) + a, lambda a: a - a.mean(axis, keepdim=True),
        lambda a: a.transpose(0, -1) * a.transpose(0, -1).exp().sum(),
        lambda a: (a.mT @ a if a.dim() > 1 else a * a.sum()),
    ])  # fmt: skip


def view(choose, x):
    axis, n = choose.axis(x), x.numel()
    order = choose.random.sample(range(x.dim()), x.dim())
    divisor = choose.one([d for d in range(1, n + 1) if n % d == 0])
    return choose.one([
        lambda a: a.permute(order), lambda a: a.reshape(-1), lambda a: a.reshape(divisor, -1),
        lambda a: a.unsqueeze(axis), lambda a: a.squeeze(), lambda a: a.flip(axis),
        lambda a: a.unsqueeze(0).expand(2, *a.shape), lambda a: a.flatten(), lambda a: a.mT
        if a.dim() > 1 else a, lambda a: a.permute(order).reshape(divisor, -1),
        lambda a: a.unbind(axis)[-1], lambda a: a.repeat(2, *[1] * (a.dim() - 1)),
        lambda a: a.roll(1, axis), lambda a: a.diagonal() if a.dim() == 2 else a,
    ])  # fmt: skip


def part(choose, x):
    axis = choose.axis(x)
    n = x.shape[axis]
    start = choose.random.randrange(n)
    length, step = choose.random.randint(1, n - start), choose.one((1, 2))
    rows = slice(start, None, step)
    return choose.one([
        lambda a: a.narrow(axis, start, length), lambda a: a[rows] if start < len(a) else a,
        lambda a: a.select(axis, start - n), lambda a: a[..., -1:], lambda a: a[..., :-1]
        if a.shape[-1] > 1 else a, lambda a: a.split(max(1, length), axis)[0],
        lambda a: a.transpose(0, axis)[::step], lambda a: a.tril() if a.dim() > 1 else a,
        lambda a: a.chunk(2, axis)[-1],
    ])  # fmt: skip


def reduction(choose, x):
    axis, axes, keep = choose.axis(x), choose.axes(x), choose.one((True, False))
    return choose.one([
        lambda a: a.sum(axes, keepdim=keep), lambda a: a.mean(axis, keepdim=keep),
        lambda a: a.amax(axes, keepdim=keep), lambda a: a.amin(axis, keepdim=keep),
        lambda a: a.max(axis, keepdim=keep).values, lambda a: a.min(axis).indices,
        lambda a: a.argmax(axis, keepdim=keep), lambda a: a.argmin(), lambda a: a.sum(),
        lambda a: a.softmax(axis), lambda a: a.log_softmax(axis), lambda a: a.logsumexp(axis),
        lambda a: a.cumsum(axis), lambda a: a.var(axis, correction=0, keepdim=keep),
        lambda a: a.std() if a.numel() > 1 else a, lambda a: a.detach().prod(axis, keepdim=keep),
        lambda a: a.norm(), lambda a: (a > 0).any(axis), lambda a: (a > -1).all(axis),
        lambda a: (a > 0).sum(axis), lambda a: a.max(), lambda a: a.mean(axes),
        lambda a: torch.var_mean(a, axis, correction=0)[1],
    ])  # fmt: skip


def joining(choose, x):
    axis = choose.axis(x)
    other = choose.tensor(x.shape)
    return choose.one([
        lambda a: torch.cat([a, other], axis), lambda a: torch.stack([other, a], axis),
        lambda a: torch.cat([a * 2, a.exp(), a], axis),
        lambda a: F.pad(a, (1, 2), value=0.5),
        lambda a: F.pad(a, (1, 0) * a.dim()),
    ])  # fmt: skip


def indexing(choose, x):
    axis = choose.axis(x)
    n = x.shape[axis]
    shape = list(x.shape)
    shape[axis] = choose.one(LENGTHS)
    where = choose.indices(n, shape)
    few = choose.indices(n, (choose.one(LENGTHS),))
    rows = choose.indices(x.shape[0], (2, 3)) - choose.one((0, x.shape[0]))
    source = choose.tensor(shape)
    return choose.one([
        lambda a: a.gather(axis, where), lambda a: a.index_select(axis, few), lambda a: a[rows],
        lambda a: a.scatter_add(axis, where, source), lambda a: a.index_add(
            axis, few, torch.ones([len(few) if k == axis % a.dim() else m
                                   for k, m in enumerate(a.shape)])),
        lambda a: a.scatter(axis, where.narrow(axis, 0, 1), 2.5),
        lambda a: F.embedding(few.clamp(max=len(a) - 1), a) if a.dim() == 2 else a,
        lambda a: a.index_put((few.clamp(max=len(a) - 1),), a[0] * 0 + 1.0, accumulate=True),
    ])  # fmt: skip


def product(choose, x):
    width = choose.one((1, 2, 5, 9))
    other = choose.tensor((x.shape[-1], width))
    left = choose.tensor((3, x.shape[-2] if x.dim() > 1 else x.shape[-1]))
    return choose.one([
        lambda a: a @ other, lambda a: left @ a, lambda a: a @ other.T.contiguous().T,
        lambda a: torch.einsum("...i,...i->...", a, a), lambda a: (a @ other).tanh() @ other.T,
    ])  # fmt: skip


KINDS: list[Operator] = [
    unary, binary, binary_into, with_itself, view, view, part, reduction, joining, indexing,
    product,
]  # fmt: skip


def random_graph(seed: int, dtype: torch.dtype = torch.float32):
    """A function of one tensor: two to six operators, its result and a gradient of it."""
    choose = Chooser(seed, dtype)
    start = value = choose.tensor(choose.shape())
    steps = []
    for _ in range(choose.random.randint(2, 6)):
        if value.dim() == 0 or value.numel() > 300 or not value.is_floating_point():
            break
        step = choose.one(KINDS)(choose, value)
        value = step(value)
        steps.append(step)

    def function(x):
        leaf = x.detach().requires_grad_()
        value = leaf
        for step in steps:
            value = step(value)
        result = {"value": value.detach()}
        if value.requires_grad:
            (slope,) = torch.autograd.grad(value.pow(2).sum(), leaf, allow_unused=True)
            if slope is not None:
                result["slope"] = slope
        return result

    return function, start


def test_random_graphs_equal_torch(tmp_path):
    seeds, jobs, expected, seed = [], [], [], 0
    while len(jobs) < GRAPHS:
        function, start = random_graph(seed)
        result = function(start)
        if usable(result):
            seeds.append(seed)
            jobs.append(Job(compile_program(function, start), {"x": start}))
            expected.append(result)
        seed += 1
    with chromium() as browser:
        results = run_in_browser(jobs, tmp_path, browser)
    wrong = {}
    for seed, torchs, pages in zip(seeds, expected, results, strict=True):
        assert same_kinds(pages, torchs)
        error = largest_difference(pages, torchs)
        if not error < TOLERANCE and not error < YARDSTICKS * rounding(seed, torchs):
            wrong[seed] = error
    assert not wrong


def rounding(seed: int, single: dict) -> float:
    """How far torch in float32 is from torch in float64, which is asked where it matters only:
    a graph that rounds or compares may take another way in float64."""
    function, start = random_graph(seed, torch.float64)
    error = largest_difference(single, function(start))
    print(f"graph {seed}: float32 itself is {error:.1e} off")  # noqa: T201
    return error


def test_what_is_not_a_number_is_seen_in_any_output():
    truth = {"value": torch.zeros(2), "slope": torch.zeros(1)}
    for name in truth:
        assert math.isnan(largest_difference(truth | {name: truth[name] / 0 * 0}, truth))
