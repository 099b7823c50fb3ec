"""Random graphs of large whole numbers: what torch gives, or an error, and never another number."""

import random as plain_random
from collections.abc import Callable

import pytest
import torch
from machine import Job, answers_of_browser, decoded

from dlbook.compile import CannotCompile, compile_program

pytest.importorskip("playwright")
from chromium import chromium

GRAPHS = 300
VALUES = (0, 1, -1, 2, 7, -9, 1_291, 46_340, 46_341, 2**16, -(2**30), 2**31 - 1, -(2**31))
STEPS: list[Callable] = [
    torch.add, torch.sub, torch.mul, torch.maximum, torch.minimum, torch.floor_divide,
    torch.remainder, torch.fmod, lambda a, b: a.div(b, rounding_mode="trunc"),
    lambda a, b: torch.where(a > b, a, b), lambda a, b: torch.add(a, b, alpha=3),
    lambda a, b: -a, lambda a, b: a.abs(), lambda a, b: a.sign(), lambda a, b: a**2,
    lambda a, b: a**3, lambda a, b: a // 3, lambda a, b: a % 1_000, lambda a, b: a.cumsum(0),
    lambda a, b: a.sum() + b, lambda a, b: a.prod() - b, lambda a, b: a.clamp(-50_000, 50_000),
    lambda a, b: (a.double() * 0.7).long(), lambda a, b: (b > 0).long() * 5 + a,
    lambda a, b: (a > b).sum() - b, lambda a, b: a.flip(0) * 2 - 1, lambda a, b: a.amax() - b,
    lambda a, b: a[b % 3], lambda a, b: a[b.clamp(-3, 3)], lambda a, b: a.argmin() * b,
    lambda a, b: a.scatter_add(0, b % 3, b), lambda a, b: torch.arange(3) * a,
    lambda a, b: a.index_put((b % 3,), b, accumulate=True), lambda a, b: a.gather(0, b),
]  # fmt: skip


def random_whole(seed: int):
    """A function of two tensors of three large whole numbers."""
    choose = plain_random.Random(seed)
    start = {name: torch.tensor([choose.choice(VALUES) for _ in range(3)]) for name in "ab"}
    steps = [choose.choice(STEPS) for _ in range(choose.randint(1, 5))]

    def function(a, b):
        for step in steps:
            a, b = step(a, b), a
        return {"value": a * 1, "float": a.float(), "large": a > 5}

    return function, start


def truth_of(function: Callable, start: dict) -> dict | None:
    """What torch gives; None where it stops with an error."""
    try:
        return function(**start)
    except (RuntimeError, IndexError):  # a quotient by 0, a place beyond an axis
        return None


def test_a_page_gives_what_torch_gives_or_stops(tmp_path):
    jobs, truths = [], []
    for seed in range(GRAPHS):
        function, start = random_whole(seed)
        try:
            program = compile_program(function, *start.values())
        except CannotCompile:  # a constant that is too large
            continue
        jobs.append(Job(program, start))
        truths.append(truth_of(function, start))
    with chromium() as browser:
        answers = answers_of_browser(jobs, tmp_path, browser)
    stopped = [answer for answer in answers if "error" in answer]
    assert 0.2 < len(stopped) / len(jobs) < 0.8
    assert all("RangeError" in answer["error"] for answer in stopped)
    for truth, answer in zip(truths, answers, strict=True):
        if "error" not in answer:
            (found,) = decoded([answer])
            assert truth is not None
            for name, value in truth.items():
                assert found[name].tolist() == value.tolist()
