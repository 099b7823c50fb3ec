"""What gradient descent promises, and when it keeps it."""

import pytest
import torch

from dlbook.models import surfaces as s
from dlbook.models.descent import curvatures, descend, finite_differences, gradient, surrogate

SURFACES = [s.himmelblau, s.rosenbrock, s.rastrigin, s.exponential_fit, s.quadratic((1.0, 4.0))]


def points(count=20, width=2, seed=0):
    return torch.randn(count, width, dtype=torch.float64, generator=torch.manual_seed(seed))


@pytest.mark.parametrize("surface", SURFACES)
def test_gradient_equals_finite_differences(surface):
    for w in points():
        exact, approximate = gradient(surface, w), finite_differences(surface, w)
        assert (exact - approximate).abs().max() < 1e-6 * max(1, exact.abs().max().item())


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("lr", [0.001, 0.1, 1.0])
def test_update_is_the_argmin_of_the_parabola(surface, lr):
    """Exactly: the parabola's slope there is 0, relative to its slope where the step began."""
    for w0 in points():
        w1 = descend(surface, w0, lr=lr, num_steps=1)[1]
        parabola = surrogate(surface, w0, lr=lr)
        slope = gradient(surface, w0)
        assert gradient(parabola, w1).norm() <= 1e-12 * slope.norm()
        promised = surface(w0) - lr / 2 * slope.square().sum()
        torch.testing.assert_close(parabola(w1), promised, rtol=1e-12, atol=1e-12)
        others = w1 + lr * slope.norm() * points(50, seed=1)
        assert (parabola(others) > parabola(w1)).all()


@pytest.mark.parametrize("surface", SURFACES)
def test_parabola_touches_the_surface(surface):
    for w0 in points(5):
        parabola = surrogate(surface, w0, lr=0.3)
        assert parabola(w0) == surface(w0)
        torch.testing.assert_close(gradient(parabola, w0), gradient(surface, w0))
        torch.testing.assert_close(
            curvatures(parabola, w0), torch.full((2,), 1 / 0.3, dtype=torch.float64)
        )


def test_curvature_4_is_stable_below_one_half():
    w0 = torch.tensor([[1.0], [-0.3]], dtype=torch.float64)
    path = descend(s.bowl, w0, lr=0.49, num_steps=400)
    assert path[-1].abs().max() < 1e-3
    path = descend(s.bowl, w0, lr=0.5, num_steps=400)
    assert torch.equal(path.abs(), w0.abs().expand_as(path)), "for ever at the same height"
    assert torch.equal(path[1], -w0)
    path = descend(s.quadratic((4.1,)), w0, lr=0.5, num_steps=200)
    assert path[-1].abs().min() > 1000
    growth = path[1:].abs() / path[:-1].abs()
    torch.testing.assert_close(growth, torch.full_like(growth, 1.05))


@pytest.mark.parametrize("curvature", [0.5, 4.0, 30.0])
@pytest.mark.parametrize("share", [0.5, 0.99, 1.01, 1.5])
def test_stable_if_and_only_if_below_two_over_the_curvature(curvature, share):
    w0 = torch.tensor([1.0], dtype=torch.float64)
    path = descend(s.quadratic((curvature,)), w0, lr=share * 2 / curvature, num_steps=300)
    assert (path[-1].abs() < 0.01).item() == (share < 1)


def test_a_minimum_holds_only_steps_below_two_over_its_curvature():
    for minimum in torch.tensor(s.HIMMELBLAU_MINIMA, dtype=torch.float64):
        limit = 2 / curvatures(s.himmelblau, minimum)[-1].item()
        start = minimum + 1e-3
        for share, holds in ((0.98, True), (1.02, False)):
            end = descend(s.himmelblau, start, lr=share * limit, num_steps=3000)[-1]
            assert ((end - minimum).norm() < 1e-3).item() == holds


def test_a_walk_that_runs_away_stops_there():
    path = descend(s.bowl, torch.tensor([1.0]), lr=1.0, num_steps=100)
    assert path.isfinite().all()
    assert 1e5 < path[-1].abs().item() < 1e6
