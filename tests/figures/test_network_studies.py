"""What training finds from many starts, on seeds that the pages don't show."""

from functools import partial

from torch import nn

from dlbook.figures.network_studies import (
    is_solved,
    train_on_corners,
    train_on_digits,
    train_on_rings,
)

SEEDS = range(20, 25)


def test_two_units_seldom_find_xor_and_sixteen_nearly_always():
    few, many = is_solved(train_on_corners((2, 16), seeds=range(100, 200))).double().mean(1)
    assert few < 0.35  # seen 0.19 over 200 starts
    assert many > 0.9  # seen 0.99


def test_depth_without_activation_is_no_use_on_rings():
    found = train_on_rings((0, 1, 2, 3), seeds=SEEDS)
    assert found[:, 0].max() < 0.55  # seen 0.506
    assert found[:, 1, 2].min() > 0.93  # seen 0.972


def test_relu_units_that_start_dead_stay_dead():
    kinds = {"ReLU": nn.ReLU, "leaky": partial(nn.LeakyReLU, 0.1)}
    relu, leaky = train_on_digits(kinds, (-2.0, 0.0), seeds=SEEDS)
    assert relu[:, 0].max() < 0.3  # guessing; seen 0.256
    assert relu[:, 1].min() > 0.85  # seen 0.911
    assert leaky[:, 0].min() > 0.6  # seen 0.728
