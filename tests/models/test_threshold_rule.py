import pytest
import torch

from dlbook.datasets.heights import basketball_heights
from dlbook.models.threshold_rule import ThresholdRule, threshold_errors


@pytest.fixture
def heights():
    heights_f, heights_m = basketball_heights()
    y = torch.cat([torch.zeros(len(heights_f)), torch.ones(len(heights_m))]).long()
    return torch.cat([heights_f, heights_m]).float(), y


def test_five_of_24_errors_between_188_and_190(heights):
    thresholds = torch.arange(165, 210.5, 0.5)
    errors = threshold_errors(*heights, thresholds)
    assert errors.min() == 5
    best = thresholds[errors == 5]
    assert best.min() > 188
    assert best.max() == 190
    assert threshold_errors(*heights, torch.tensor([188.0, 190.5])).tolist() == [6, 7]


def test_fit_takes_the_middle_of_the_best_gap(heights):
    rule = ThresholdRule.fit(*heights)
    assert rule.threshold == 189.0
    assert (rule.predict(heights[0]) != heights[1]).sum() == 5


@pytest.mark.parametrize("labels", [[0, 0, 0], [1, 1, 1], [0, 1, 1], [0, 0, 1]])
def test_fit_separates_what_can_be_separated(labels):
    x, y = torch.tensor([1.0, 2.0, 3.0]), torch.tensor(labels)
    assert torch.equal(ThresholdRule.fit(x, y).predict(x), y)
