import numpy as np
import pytest

from dlbook.figures.risk import chosen_rule_risks, fixed_rule_risks, gap_by_family_size


@pytest.mark.parametrize("num_points", [10, 1000])
@pytest.mark.parametrize("threshold", [180, 189, 204])
def test_histogram_of_a_fixed_rule_is_centred_on_its_expected_risk(num_points, threshold):
    bars, mean, expected = fixed_rule_risks(num_points, threshold).data
    assert sum(bars.y) == pytest.approx(1)
    assert mean.x[0] == pytest.approx(expected.x[0], abs=0.01)


def test_a_hundred_times_the_players_make_it_ten_times_narrower():
    spreads = []
    for num_points in (10, 1000):
        status = fixed_rule_risks(num_points, 189).layout.meta["status"]
        spreads.append(float(status.rsplit(" ", 1)[1].rstrip(".")))
    assert spreads[0] / spreads[1] == pytest.approx(10, rel=0.1)


def mean_lines(*settings):
    return [trace.x[0] for trace in chosen_rule_risks(*settings).data[2:]]


def test_the_best_of_a_thousand_coin_flippers_looks_good():
    seen, true = mean_lines(30, 1000, 0.0)
    assert seen == pytest.approx(0.23, abs=0.02)
    assert true == pytest.approx(0.5, abs=1e-6)


def test_one_rule_is_not_flattered_and_more_points_shrink_the_gap():
    seen, true = mean_lines(30, 1, 1.0)
    assert seen == pytest.approx(true, abs=0.02)
    gaps = [np.subtract(*mean_lines(n, 1000, 1.0)[::-1]) for n in (10, 100, 1000)]
    assert gaps[0] > 2 * gaps[1] > 4 * gaps[2] > 0


def test_mean_gaps_stay_below_the_bound():
    _, _, means, bound = gap_by_family_size(30, 1.0).data
    assert all(mean <= limit + 0.01 for mean, limit in zip(means.y, bound.y, strict=True))
    assert list(means.y) == sorted(means.y)
