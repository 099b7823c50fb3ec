"""Figures of the rules of Hebb, Oja and ADALINE."""

import pytest
import torch

from dlbook.figures.hebb import cloud, hebb_and_oja, late_turns, path, restless, sign_errors
from dlbook.models.hebb import angle_between, principal_direction


def test_both_clouds_are_long_in_the_same_direction():
    along, across = (principal_direction(cloud(kind)[0]) for kind in ("along", "across"))
    assert angle_between(along, across) < 10


@pytest.mark.parametrize("rule", ["Hebb", "Oja"])
def test_both_rules_turn_to_the_long_axis(rule):
    for kind in ("along", "across"):
        X, _ = cloud(kind)
        angles = angle_between(path(rule, kind, 0.03), principal_direction(X))
        assert angles[0] > 60
        assert angles[-1] < 10


def test_the_long_axis_tells_classes_apart_only_if_they_differ_along_it():
    for seed in range(20):
        errors = [
            sign_errors(X, y, principal_direction(X))
            for X, y in (cloud(kind, seed) for kind in ("along", "across"))
        ]
        assert errors[0] < 0.06
        assert errors[1] > 0.4


def test_only_hebbs_arrow_grows():
    assert path("Hebb", "across", 0.03)[-1].norm() > 100
    assert abs(path("Oja", "across", 0.03)[-1].norm() - 1) < 0.1
    figure = hebb_and_oja(300, "Hebb", 0.1, "along")
    assert all(torch.tensor(list(t.x), dtype=torch.float64).isfinite().all() for t in figure.data)


def test_the_perceptron_is_restless_where_classes_overlap_and_small_steps_are_not():
    turns = torch.tensor([late_turns(0.7, 0.003, seed) for seed in range(10)])
    assert turns[:, 0].median() > 3 * turns[:, 1].median()


def test_before_the_first_pass_there_is_no_line():
    figure = restless(0, 0.7, 0.01, 0)
    lines = [trace for trace in figure.data if trace.name in ("perceptron", "ADALINE")][:2]
    assert all(len(trace.x) == 0 for trace in lines)
    assert "best of all lines" in figure.layout.meta["status"]


def test_the_legend_is_complete_before_the_first_pass_and_stays_so():
    """plotly leaves traces without points out of the legend."""
    legends = [
        [
            t.name
            for t in restless(passes, 1.0, 0.01, 1).data
            if t.showlegend is not False and len(t.x)
        ]
        for passes in (0, 20)
    ]
    assert legends[0] == legends[1]
    assert {"perceptron", "ADALINE", "best of all lines"} < set(legends[0])
