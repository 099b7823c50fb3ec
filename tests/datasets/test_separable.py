"""Two strips on either side of a line."""

import math

import pytest
import torch

from dlbook.datasets.separable import strips


@pytest.mark.parametrize("margin", [0.0, 0.05, 0.3])
@pytest.mark.parametrize("angle", [0.0, 0.9])
def test_points_keep_their_margin_and_width(margin, angle):
    X, y = strips(200, margin, seed=3, angle=angle)
    distance = (2 * y - 1) * (X @ torch.tensor([math.cos(angle), math.sin(angle)]))
    assert X.shape == (200, 2)
    assert X.dtype == torch.float32
    assert distance.min() >= margin - 1e-6
    assert margin + 0.3 < distance.max() < margin + 0.4 + 1e-6


def test_more_points_leave_the_earlier_ones():
    assert torch.equal(strips(10, seed=1)[0], strips(50, seed=1)[0][:10])


@pytest.mark.parametrize("wrong", [{"margin": -0.1}, {"width": 0.0}])
def test_what_is_out_of_range_is_named(wrong):
    with pytest.raises(ValueError, match="margin must be at least 0, width positive"):
        strips(10, **wrong)
