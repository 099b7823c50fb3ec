"""Pieces of the plots of polynomial fits, lassos and shattering."""

import doctest

import pytest
import torch

from dlbook.plots import words
from dlbook.plots.lasso import to_and_fro
from dlbook.plots.polynomials import drawable
from dlbook.plots.shattering import clipped_square


def test_examples_of_words():
    assert doctest.testmod(words).failed == 0
    assert words.in_words(-0.5) == "−0.5"


def test_errors_are_cut_at_the_rim():
    assert drawable([1e-20, 0.5, 1e9]) == [1e-3, 0.5, 100.0]


def test_paths_turn_outside_the_axis():
    x, y = to_and_fro([1.0, 2.0], torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    assert x == [0.1, 1.0, 2.0, 20.0, 20.0, 2.0, 1.0, 0.1]
    assert y == [1.0, 1.0, 2.0, 2.0, 4.0, 4.0, 3.0, 3.0]


@pytest.mark.parametrize(("offset", "count"), [(0.0, 4), (5.0, 4), (-5.0, 0)])
def test_part_of_a_square_on_one_side_of_a_line(offset, count):
    line = (torch.tensor([1.0, 0.0]), torch.tensor(offset))
    corners = clipped_square(1.0, line, 1)
    assert len(corners) == count
    assert all(x + offset >= 0 for x, _ in corners)
