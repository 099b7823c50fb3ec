"""L-BFGS: fast on the banana, exact curvature on parabolas, memory that counts."""

import pytest
import torch

from dlbook.models.surfaces import rosenbrock
from dlbook.random import normal
from dlbook.solvers.lbfgs import inverse_curvature_times, lbfgs
from dlbook.solvers.matrices import with_condition


@pytest.mark.parametrize("start", [(-1.2, 1), (0, 0), (2, 2), (-1.5, 2.5), (-2, -2), (1.5, -0.5)])
def test_the_banana_takes_less_than_100_steps(start):
    run = lbfgs(rosenbrock, torch.tensor(start).double(), num_steps=100)
    steps = int((run.heights > 1e-8).sum())
    assert steps < 60  # seen: 24 to 43
    assert (run.heights.diff() < 0).all()


def test_a_parabola_in_many_dimensions():
    for seed in range(3):
        A = with_condition(50, 100, seed=seed)
        run = lbfgs(lambda w, A=A: w @ A @ w / 2, normal(50, seed=seed).double(), num_steps=200)
        assert run.heights[-1] < 1e-12 * run.heights[0]


def test_more_memory_needs_fewer_steps():
    def long_banana(w):
        return ((1 - w[:-1]) ** 2 + 100 * (w[1:] - w[:-1] ** 2) ** 2).sum()

    start = torch.tensor([-1.2, 1.0] * 5).double()
    steps = [
        len(lbfgs(long_banana, start, memory=m, num_steps=1_000, tolerance=1e-6).path)
        for m in (1, 3, 10)
    ]
    assert steps[0] > 1.5 * steps[1]
    assert steps[1] > steps[2]


def test_pairs_of_a_parabola_give_its_inverse():
    A = with_condition(4, 10, seed=0)
    pairs = [(s, A @ s) for s in normal((1, 4), seed=0).double()]
    s, y = pairs[-1]
    torch.testing.assert_close(inverse_curvature_times(y, pairs), s)


def test_without_pairs_it_is_the_gradient():
    g = normal(5, seed=0)
    assert torch.equal(inverse_curvature_times(g, []), g)


def test_equals_torch_in_where_it_ends():
    w = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([w], max_iter=100, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        height = rosenbrock(w)
        height.backward()
        return height

    optimizer.step(closure)
    run = lbfgs(rosenbrock, torch.tensor([-1.2, 1.0]).double(), num_steps=100)
    torch.testing.assert_close(run.path[-1], w.detach(), rtol=0, atol=1e-4)
