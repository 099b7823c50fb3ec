import math

import pytest
import torch

from dlbook.models.finite_family import (
    empirical_risks,
    expected_risks,
    random_rules,
    resampled_risks,
    risks_of_the_chosen,
    selection_bound,
)


@pytest.mark.parametrize("risk", [0.05, 0.2414, 0.5])
@pytest.mark.parametrize("num_points", [10, 100, 1000])
def test_empirical_risk_of_a_fixed_rule_is_unbiased(risk, num_points):
    risks = resampled_risks(risk, num_points, 2_000, seed=num_points)
    standard_error = math.sqrt(risk * (1 - risk) / num_points / 2_000)
    assert abs(risks.mean().item() - risk) < 3 * standard_error


def test_its_variance_falls_like_one_over_n():
    sizes = torch.tensor([10, 30, 100, 300, 1000])
    variances = torch.stack(
        [resampled_risks(0.24, int(n), 2_000, seed=int(n)).var() for n in sizes]
    )
    x, y = sizes.double().log(), variances.log()
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    assert slope.item() == pytest.approx(-1, abs=0.03)


def test_rules_err_as_often_as_they_are_expected_to():
    rules = random_rules(50, 10, seed=0)
    torch.testing.assert_close(rules.norm(dim=0), torch.ones(50))
    expected = expected_risks(rules, signal=1.0)
    spread = (expected * (1 - expected) / 100_000).sqrt()
    deviation = (empirical_risks(rules, 1.0, 100_000, seed=1) - expected) / spread
    assert deviation.abs().max() < 4.5
    assert deviation.abs().max() > 1  # 50 exact zeros would be no simulation


@pytest.mark.parametrize("signal", [0.0, 1.0])
@pytest.mark.parametrize("num_points", [10, 100])
def test_the_chosen_rule_flatters_itself_the_more_the_larger_its_set(signal, num_points):
    sizes = [1, 10, 100, 1000]
    seen, true = risks_of_the_chosen(
        sizes, num_points, signal=signal, dimension=10, num_repeats=200, seed=0
    )
    gaps = true - seen
    standard_errors = gaps.std(dim=0) / math.sqrt(len(gaps))
    mean_gaps = gaps.mean(dim=0)
    growth = gaps.diff(dim=1)  # paired: the smaller set is the beginning of the larger one
    assert abs(mean_gaps[0]) < 3 * standard_errors[0]  # a single rule: nothing was chosen
    assert (mean_gaps[1:] > 5 * standard_errors[1:]).all()
    assert (growth.mean(dim=0) > 3 * growth.std(dim=0) / math.sqrt(len(gaps))).all()
    assert (mean_gaps <= selection_bound(torch.tensor(sizes), num_points) + standard_errors).all()


def test_a_larger_set_holds_better_rules_too():
    _, true = risks_of_the_chosen([1, 1000], 100, signal=1.0, dimension=10, num_repeats=100, seed=0)
    assert true[:, 1].median() < true[:, 0].median() - 0.1
