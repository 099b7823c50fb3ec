"""Shattering by lines: three points yes, four points never."""

import pytest
import torch

from dlbook.models.shattering import (
    common_point,
    cover_count,
    labellings,
    num_separable,
    separating_line,
)
from dlbook.random import normal

TRIANGLE = torch.tensor([[-0.8, -0.6], [0.8, -0.5], [0.0, 0.7]])
ON_A_LINE = torch.tensor([[-1.0, -1.0], [0.0, 0.0], [1.0, 1.0]])
CORNERS = torch.tensor([[-0.75, -0.7], [0.7, -0.8], [0.8, 0.6], [-0.6, 0.7]])
ONE_INSIDE = torch.tensor([[-0.85, -0.75], [0.85, -0.75], [0.0, 0.8], [0.05, -0.25]])


def test_all_labellings():
    assert labellings(3).shape == (8, 3)
    assert len({tuple(row) for row in labellings(4).tolist()}) == 16


def test_all_labellings_of_a_triangle_are_separable():
    assert num_separable(TRIANGLE) == 8


def test_three_points_on_a_line_are_not_shattered():
    assert num_separable(ON_A_LINE) == 6


def test_fourteen_labellings_of_four_corners_are_separable():
    assert num_separable(CORNERS) == 14
    assert separating_line(CORNERS, torch.tensor([1, -1, 1, -1])) is None


def test_no_set_of_four_points_is_shattered():
    assert num_separable(ONE_INSIDE) == 14
    for seed in range(20):
        assert num_separable(normal((4, 2), seed=seed)) == 14


@pytest.mark.parametrize("X", [TRIANGLE, ON_A_LINE, CORNERS, ONE_INSIDE])
def test_either_a_line_or_a_common_point_exists(X):
    for labels in labellings(len(X)):
        separator, point = separating_line(X, labels), common_point(X, labels)
        assert (separator is None) != (point is None)
        if separator is not None:
            w, b = separator
            assert (labels * (X.double() @ w + b) > 0).all()


@pytest.mark.parametrize(("num_points", "dimension"), [(3, 2), (4, 2), (5, 2), (4, 3), (5, 3)])
def test_count_of_points_in_general_position(num_points, dimension):
    X = normal((num_points, dimension), seed=0)
    assert num_separable(X) == cover_count(num_points, dimension)
