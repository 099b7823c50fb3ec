import numpy as np
import pytest

from dlbook.figures.losses import (
    error_staircase,
    margin_losses,
    softmax_cross_entropy,
    surprise,
    threshold_risks,
)


def test_slopes_at_a_margin_of_two():
    status = margin_losses(2.0).layout.meta["status"]
    assert "zero-one 0.00 (slope 0.00), perceptron 0.00 (slope 0.00)" in status
    assert (
        "hinge 0.00 (slope 0.00), logistic 0.13 (slope −0.12), squared 1.00 (slope 2.00)" in status
    )


def test_error_rate_is_a_staircase_and_its_surrogate_is_not():
    for seed in range(5):
        error_rate, logistic = threshold_risks(seed)
        assert (np.diff(error_rate) == 0).mean() > 0.6
        assert (np.diff(logistic) != 0).all()
        assert (np.diff(logistic, n=2) > 0).all()  # convex


def test_staircase_counts_the_points_on_the_wrong_side():
    figure = error_staircase(-1.0, 0)
    blue, orange = (np.asarray(figure.data[label].x) for label in (0, 1))
    wrong = (blue > -1).sum() + (orange <= -1).sum()
    assert figure.layout.meta["status"].startswith(f"{wrong} of 40 points are wrong.")


def test_softmax_bars():
    figure = softmax_cross_entropy(1, 2, 0)
    p, y, gradient = (np.asarray(trace.y) for trace in figure.data)
    expected = np.exp([1, 2, 0]) / np.exp([1, 2, 0]).sum()
    assert p == pytest.approx(expected)
    assert gradient == pytest.approx(p - y)
    assert f"{-np.log(expected[0]):.3f} nats" in figure.layout.meta["status"]


def test_surprise_adds_a_constant_for_a_factor():
    marks = next(t for t in surprise().data if t.mode == "markers")
    assert marks.y[1] - marks.y[0] == pytest.approx(2 * np.log(10))
