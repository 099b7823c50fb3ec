import pytest
import torch

from dlbook.models import surfaces as s
from dlbook.models.descent import curvatures, gradient


def at(*w):
    return torch.tensor(w, dtype=torch.float64)


@pytest.mark.parametrize(
    ("surface", "w", "height"),
    [
        (s.bowl, (0.0,), 0.0),
        (s.corner, (0.0,), 0.2),
        (s.plateau, (0.0,), 0.0),
        (s.quadratic((1.0, 4.0)), (0.0, 0.0), 0.0),
        *((s.himmelblau, minimum, 0.0) for minimum in s.HIMMELBLAU_MINIMA),
        (s.rosenbrock, (1.0, 1.0), 0.0),
        (s.rastrigin, (0.0, 0.0), 0.0),
        (s.exponential_fit, (2.0, 1.5), 0.0),
    ],
)
def test_minima_are_flat_and_curved_upwards(surface, w, height):
    assert surface(at(*w)).item() == pytest.approx(height, abs=1e-10)
    assert gradient(surface, at(*w)).abs().max() < 1e-9
    assert curvatures(surface, at(*w))[0] > 0


@pytest.mark.parametrize(
    ("surface", "w", "largest"),
    [
        (s.bowl, (0.7,), 4.0),
        (s.corner, (0.0,), 20.0),
        (s.plateau, (0.0,), 8.0),
        (s.quadratic((1.0, 4.0)), (0.3, 0.4), 4.0),
        *(
            (s.himmelblau, w, c)
            for w, c in zip(s.HIMMELBLAU_MINIMA, (82.28, 80.55, 105.42, 133.79), strict=True)
        ),
    ],
)
def test_curvatures_are_those_of_the_docstrings(surface, w, largest):
    assert curvatures(surface, at(*w))[-1].item() == pytest.approx(largest, abs=0.01)


def test_two_valleys_are_narrow_and_wide():
    for place, curvature in ((-0.98, 17.4), (0.91, 2.2)):
        w = at(place)
        for _ in range(500):
            w = w - 0.03 * gradient(s.two_valleys, w)
        assert w.item() == pytest.approx(place, abs=0.005)
        assert curvatures(s.two_valleys, w)[0].item() == pytest.approx(curvature, abs=0.15)


def test_the_plateau_is_steep_enough_for_a_step_of_1_only_near_the_hole():
    for place, slope, end in ((1.2, 0.54, 0.66), (1.5, 0.13, 1.37)):
        found = gradient(s.plateau, at(place))
        assert found.item() == pytest.approx(slope, abs=0.005)
        assert (at(place) - found).item() == pytest.approx(end, abs=0.005)


def test_a_saddle_is_flat_and_curved_both_ways():
    saddle = s.quadratic((2.0, -1.0))
    assert gradient(saddle, at(0, 0)).tolist() == [0, 0]
    assert curvatures(saddle, at(0, 0)).tolist() == [-1.0, 2.0]


def test_the_cliff_is_steep_in_a_strip_only():
    size = [gradient(s.cliff, at(x, 0.0)).norm().item() for x in (-0.5, 0.0, 0.5)]
    assert size[1] == pytest.approx(50)
    assert max(size[0], size[2]) < 0.2


def test_rastrigin_has_a_minimum_near_every_whole_number():
    w = torch.tensor([[float(i), 0.0] for i in range(-3, 4)], dtype=torch.float64)
    for _ in range(300):
        w = w - 1e-3 * gradient(s.rastrigin, w)
    assert (w[:, 0] - torch.arange(-3.0, 4.0)).abs().max() < 0.03
    assert gradient(s.rastrigin, w).abs().max() < 1e-6


def test_leading_axes_are_independent_points():
    w = torch.rand(3, 5, 2, dtype=torch.float64)
    for surface in (s.himmelblau, s.rosenbrock, s.rastrigin, s.cliff, s.exponential_fit):
        assert surface(w).shape == (3, 5)
        assert torch.allclose(surface(w)[1, 2], surface(w[1, 2]))
