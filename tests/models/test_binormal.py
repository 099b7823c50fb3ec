"""The two-Gaussian score model against its own samples, integrals and numerical minima."""

import math

import pytest
import torch

from dlbook import metrics, random
from dlbook.models.binormal import Binormal

DISTANCES = [0.0, 0.5, 1.0, 2.0, 3.0]
FINE = torch.linspace(-8, 11, 19_001, dtype=torch.float64)


@pytest.mark.parametrize("distance", DISTANCES)
def test_area_is_the_integral_of_the_curve(distance):
    model = Binormal(distance)
    area = metrics.area_under(model.fpr(FINE).flip(0), model.tpr(FINE).flip(0))
    assert model.auc == pytest.approx(area, abs=1e-6)
    assert model.auc == pytest.approx(0.5 * (1 + math.erf(distance / 2)), abs=1e-12)


@pytest.mark.parametrize("distance", DISTANCES)
def test_area_of_samples_is_the_closed_form(distance):
    n = 2_000
    areas = []
    for seed in range(20):
        scores = random.normal(2 * n, seed=seed).double()
        y = (torch.arange(2 * n) >= n).long()
        areas.append(metrics.auc(scores + distance * y, y))
    areas = torch.tensor(areas)
    assert abs(areas.mean() - Binormal(distance).auc) < 4 * areas.std() / 20**0.5 + 1e-4


@pytest.mark.parametrize("prevalence", [0.01, 0.1, 0.5])
def test_rates_and_precision_agree_with_the_counts(prevalence):
    model = Binormal(1.0, prevalence)
    counts, t = model.confusion(0.7, 10_000_000), torch.tensor(0.7)
    assert counts.tpr == pytest.approx(model.tpr(t).item(), abs=1e-5)
    assert counts.fpr == pytest.approx(model.fpr(t).item(), abs=1e-5)
    assert counts.precision == pytest.approx(model.precision(t).item(), abs=1e-4)
    assert counts.cost(cost_fp=1, cost_fn=7) == pytest.approx(
        model.cost(t, cost_fp=1, cost_fn=7).item(), abs=1e-4
    )


def test_densities_are_weighted_to_the_fractions():
    negative, positive = Binormal(2.0, 0.1).densities(FINE)
    assert negative.sum().item() * 0.001 == pytest.approx(0.9, abs=1e-6)
    assert positive.sum().item() * 0.001 == pytest.approx(0.1, abs=1e-6)


@pytest.mark.parametrize("distance", DISTANCES[1:])
@pytest.mark.parametrize("prevalence", [0.01, 0.1, 0.5])
@pytest.mark.parametrize("ratio", [0.1, 1, 30])
def test_best_threshold_is_the_minimum_of_the_cost(distance, prevalence, ratio):
    model = Binormal(distance, prevalence)
    best = model.best_threshold(cost_fp=1, cost_fn=ratio)
    grid = torch.linspace(-40, 40, 80_001, dtype=torch.float64)
    lowest = model.cost(grid, cost_fp=1, cost_fn=ratio).min().item()
    at_best = model.cost(torch.tensor(best, dtype=torch.float64), cost_fp=1, cost_fn=ratio).item()
    assert at_best <= lowest + 1e-12


def test_scores_that_know_nothing():
    assert Binormal(0.0, 0.1).best_threshold(cost_fp=1, cost_fn=1) == math.inf
    assert Binormal(0.0, 0.1).best_threshold(cost_fp=1, cost_fn=100) == -math.inf
    t = torch.linspace(-2, 2, 5)
    torch.testing.assert_close(
        Binormal(0.0, 0.1).precision(t), torch.full((5,), 0.1, dtype=torch.float64)
    )


@pytest.mark.parametrize(("distance", "prevalence"), [(-1, 0.5), (1, 0), (1, 1)])
def test_bad_settings_are_named(distance, prevalence):
    with pytest.raises(ValueError, match=f"not {distance} and {prevalence}"):
        Binormal(distance, prevalence)
