from functools import partial

from torch import nn

from dlbook.models.network_studies import (
    digit_accuracies,
    is_solved,
    ring_accuracies,
    train_on_corners,
)


def test_two_units_seldom_find_xor_and_sixteen_nearly_always():
    few, many = (is_solved(train_on_corners(w, seeds=range(100, 200))) for w in (2, 16))
    assert few.double().mean() < 0.35  # seen 0.19 over 200 starts
    assert many.double().mean() > 0.9  # seen 0.99


def test_depth_without_activation_is_no_use_on_rings():
    seeds = range(20, 25)
    for depth in (0, 1, 3):
        assert ring_accuracies(depth, nn.Identity, seeds=seeds).max() < 0.55  # seen 0.506
    assert ring_accuracies(2, nn.ReLU, seeds=seeds).min() > 0.93  # seen 0.972


def test_relu_units_that_start_dead_stay_dead():
    seeds = range(20, 25)
    assert digit_accuracies(nn.ReLU, -2.0, seeds=seeds).max() < 0.3  # guessing; seen 0.256
    assert digit_accuracies(nn.ReLU, 0.0, seeds=seeds).min() > 0.85  # seen 0.911
    leaky = partial(nn.LeakyReLU, 0.1)
    assert digit_accuracies(leaky, -2.0, seeds=seeds).min() > 0.6  # seen 0.728
