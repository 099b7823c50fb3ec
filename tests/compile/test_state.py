"""What a program writes back: all of it follows from the state before the run."""

import random as plain_random

import pytest
import torch

from dlbook.compile.names import flatten

pytestmark = pytest.mark.xdist_group("programs")  # one browser

UPDATES = [
    lambda a, b: a * 0.5, lambda a, b: a + b * 0.9, lambda a, b: a - b, lambda a, b: a,
    lambda a, b: a * 0.3 + b * 0.7, lambda a, b: a.clamp(-1, 1) * b,
    lambda a, b: torch.tanh(a) * 0.5 + b, lambda a, b: torch.where(a > b, a, b * 0.5),
]  # fmt: skip


def random_update(seed: int):
    """Two to four tensors, each of which becomes a function of two of them."""
    choose = plain_random.Random(seed)
    names = "abcd"[: choose.randint(2, 4)]
    rules = {n: (choose.choice(UPDATES), *choose.choices(names, k=2)) for n in names}

    def update(state):
        return {"state": {n: f(state[p], state[q]) for n, (f, p, q) in rules.items()}}

    values = torch.randn(len(names), 5, generator=torch.Generator().manual_seed(seed))
    return update, dict(zip(names, values, strict=True))


@pytest.mark.parametrize("seed", range(24))
def test_random_updates_happen_at_once(check, seed):
    update, state = random_update(seed)
    check(update, state, tolerance=1e-6)


def test_a_delay_line(run):
    """Each number moves on by one place; all of them move at once."""

    def step(state):
        a, b = state["a"], state["b"]
        return {"state": {"a": a * 0.5 + 1, "b": a * 2, "c": b * 2}}

    state = {name: torch.arange(3.0) + k for k, name in enumerate("abc")}
    made = run(step, state, runs=3)
    for _ in range(3):
        state = step(state)["state"]
    for name, value in flatten({"state": state}):
        assert torch.equal(made[name], value), name


def test_integers_are_swapped(check):
    def rotated(state):
        return {"state": {"a": state["b"], "b": state["c"], "c": state["a"]}}

    check(rotated, {name: torch.tensor([k, k + 10]) for k, name in enumerate("abc")})


def test_a_memory_of_the_old_value(check):
    """As an average of weights, or momentum by the last weights, keeps it."""

    def step(state):
        w, last = state["w"], state["last"]
        return {"state": {"w": 1.5 * w - 0.5 * last, "last": w * 1.0, "mean": w * 0.25}}

    check(step, {name: torch.arange(4.0) + k for k, name in enumerate(("w", "last", "mean"))})
