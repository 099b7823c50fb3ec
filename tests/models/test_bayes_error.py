import pytest
import torch

from dlbook.datasets.toy_classification import two_gaussians
from dlbook.models.bayes_error import (
    bayes_error,
    class_probability,
    mixture_density,
    one_neighbor_error,
)
from dlbook.models.nearest_neighbors import NearestNeighbors


def simulated_error(num_points, k, *, seed, num_test=2_000):
    X, y = two_gaussians(num_points, num_features=1, seed=2 * seed)
    X_test, y_test = two_gaussians(num_test, num_features=1, seed=2 * seed + 1)
    return NearestNeighbors(X, y).errors(X_test, y_test, [k]).item()


def test_numbers_of_two_unit_gaussians_two_apart():
    assert bayes_error(2.0) == pytest.approx(0.1587, abs=5e-5)
    assert one_neighbor_error(2.0) == pytest.approx(0.2248, abs=5e-5)
    best = bayes_error(2.0)
    assert 2 * best * (1 - best) == pytest.approx(0.2670, abs=5e-5)


@pytest.mark.parametrize("distance", [0.0, 0.5, 1.0, 2.0, 4.0, 6.0])
def test_between_the_best_error_and_the_bound(distance):
    best, one = bayes_error(distance), one_neighbor_error(distance)
    assert best <= one + 1e-9
    assert one <= 2 * best * (1 - best) + 1e-9


def test_bayes_error_is_the_expected_smaller_probability():
    x = torch.linspace(-10, 10, 4_001, dtype=torch.float64)
    eta = class_probability(x, 2.0)
    integral = torch.trapezoid(torch.minimum(eta, 1 - eta) * mixture_density(x, 2.0), x)
    assert integral.item() == pytest.approx(bayes_error(2.0), abs=1e-6)
    assert torch.trapezoid(mixture_density(x, 2.0), x).item() == pytest.approx(1, abs=1e-9)


def test_class_probability_is_bayes_rule():
    x = torch.linspace(-4, 4, 17, dtype=torch.float64)
    densities = [torch.exp(-((x - sign) ** 2) / 2) for sign in (-1, 1)]
    torch.testing.assert_close(class_probability(x, 2.0), densities[1] / sum(densities))


def test_one_neighbor_approaches_its_limit_not_the_best():
    errors = torch.tensor([simulated_error(2_000, 1, seed=seed) for seed in range(10)])
    spread = errors.std().item() / len(errors) ** 0.5
    assert abs(errors.mean().item() - 0.2248) < 4 * spread
    assert spread < 0.005
    assert errors.max() < 2 * 0.1587  # every seed
    assert errors.min() > 0.1587 + 0.02


def test_many_neighbors_approach_the_best():
    """K = sqrt(n): within 0.01 of the Bayes error in the median over seeds."""
    errors = torch.tensor([simulated_error(2_000, 45, seed=seed) for seed in range(10)])
    assert abs(errors.median().item() - 0.1587) < 0.01
