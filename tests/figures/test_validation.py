"""Figures of splits and folds: what their sentences and the page's questions rest on."""

import pytest

from dlbook.figures.validation import STUDENT_T, cross_validated, leaky, three_way


def trace(figure, name):
    return next(trace for trace in figure.data if trace.name == name)


def strips(figure):
    """Validation and test scores of the three-way split."""
    dots = [trace for trace in figure.data if trace.mode == "markers"]
    test, validation = (trace.x for trace in dots)
    return validation, test


def test_half_teach_a_fifth_chooses_the_rest_judges():
    figure = three_way(50, 20)
    assert "284 patients teach, 114 choose K, 171 judge" in figure.layout.meta["status"]
    _, test = strips(figure)
    assert 0.04 < max(test) - min(test) < 0.07  # the page's question: about 5 points


def test_each_share_is_paid_for():
    means = {}
    for shares in ((50, 5), (50, 20), (10, 20), (70, 25)):
        validation, test = strips(three_way(*shares))
        means[shares] = sum(validation) / 20, sum(test) / 20, max(test) - min(test)
    assert means[50, 5][0] - means[50, 5][1] > 0.02  # few to choose: flattery
    assert means[10, 20][1] < means[50, 20][1] - 0.015  # few to learn: a worse model
    assert means[70, 25][2] > 0.09  # few to judge: no verdict


def test_leak_of_the_page():
    figure = leaky(2000, 20, 50)
    before, inside = (
        trace(figure, n).x for n in ("chosen before folding", "chosen inside each fold")
    )
    assert min(before) > 0.8
    assert sum(before) / 40 == pytest.approx(0.95, abs=0.02)
    assert sum(inside) / 40 == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize(("folds", "low", "high"), [(5, 0.87, 0.93), (2, 0.70, 0.79)])
def test_intervals_of_twenty_cases_miss_too_often(folds, low, high):
    status = cross_validated(20, folds, 1.5).layout.meta["status"]
    held = float(status.split("% of 1,000")[0].split()[-1]) / 100
    assert low < held < high


def test_intervals_of_160_cases_nearly_hold():
    status = cross_validated(160, 10, 1.5).layout.meta["status"]
    assert float(status.split("% of 1,000")[0].split()[-1]) > 92


@pytest.mark.parametrize("folds", [2, 5])
def test_bars_are_drawn_whole_between_zero_and_one(folds):
    figure = cross_validated(20, folds, 1.5)
    low, high = figure.layout.xaxis.range
    assert low < 0 < 1 < high
    for name in ("interval holds the truth", "interval misses it"):
        ends = [x for x in trace(figure, name).x[2:] if x is not None]
        assert all(0 <= x <= 1 for x in ends)


def test_student_t_matches_scipy():
    stats = pytest.importorskip("scipy.stats")
    for folds, value in STUDENT_T.items():
        assert value == pytest.approx(stats.t.ppf(0.975, folds - 1), abs=1e-3)
