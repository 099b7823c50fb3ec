"""Newton's steps, damped and not: exact on parabolas, drawn to saddles, turned downhill."""

import pytest
import torch
from torch.func import grad, hessian

from dlbook.models.surfaces import quadratic, rosenbrock
from dlbook.random import normal
from dlbook.solvers.second_order import damped_step, newton

START = torch.tensor([-1.2, 1.0], dtype=torch.float64)


@pytest.mark.parametrize("curvatures", [(1.0, 4.0), (1e-3, 1e3), (2.0, -1.0)])
def test_one_step_finds_the_flat_place_of_a_parabola(curvatures):
    for seed in range(3):
        start = normal(2, seed=seed).double()
        path = newton(quadratic(curvatures), start, num_steps=1)
        assert path[1].abs().max() < 1e-12


def test_the_banana_takes_six_steps_and_one_of_them_goes_up():
    heights = rosenbrock(newton(rosenbrock, START, num_steps=6))
    assert heights[2] > 50 * heights[0]
    assert heights[6] < 1e-15


def test_large_damping_is_a_short_gradient_step():
    slope, H = grad(rosenbrock)(START), hessian(rosenbrock)(START)
    torch.testing.assert_close(damped_step(slope, H, 1e9) * 1e9, -slope, rtol=1e-4, atol=1e-3)


def test_damping_above_the_negative_curvature_leads_down():
    for seed in range(20):
        w = 2 * normal(2, seed=seed).double()
        slope, H = grad(rosenbrock)(w), hessian(rosenbrock)(w)
        damping = max(0.0, -torch.linalg.eigvalsh(H)[0].item()) + 1e-3
        assert damped_step(slope, H, damping) @ slope < 0


def test_a_walk_without_a_flat_place_stays():
    line = newton(lambda w: w.sum(), START, num_steps=3)
    assert torch.equal(line, START.expand(4, 2))
