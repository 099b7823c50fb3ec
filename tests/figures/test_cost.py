"""Figures of cost: bars, bills and saw teeth."""

import numpy as np
import pytest

from dlbook.figures.cost import (
    NUM_STEPS,
    checkpoints,
    cost_bars,
    dense_costs,
    descent_by_work,
    model_sizes,
)


def status(figure):
    return figure.layout.meta["status"]


def test_three_equal_bars_and_one_missing():
    forward, weights, message = (np.array(trace.y) for trace in cost_bars(3072, 256, 3).data[:3])
    assert np.array_equal(forward, weights)
    assert message[0] == 0
    assert np.array_equal(message[1:], forward[1:])
    assert forward.sum() == pytest.approx(1)
    assert forward[4:].sum() == 0


def test_the_questions_of_the_page():
    assert "Backward costs 1.00 times that" in status(cost_bars(3072, 256, 1))
    assert "takes 100%" in status(cost_bars(3072, 256, 1))
    assert dense_costs(3072, 256, 1)[0].forward / (3072 * 256 + 2560) == pytest.approx(
        0.997, abs=5e-4
    )
    assert "Backward costs 1.9" in status(cost_bars(64, 256, 8))


def test_both_bills_are_for_the_same_losses():
    back, nudge = descent_by_work(16, 1).data
    assert back.y == nudge.y
    assert np.allclose(np.diff(np.log10(nudge.x) - np.log10(back.x)), 0)
    assert nudge.x[-1] == NUM_STEPS * 1109
    assert back.x[0] == pytest.approx(2.06, abs=0.01)
    assert back.y[-1] < 0.2 < 1.2 < back.y[0]
    assert "1,108 parameters" in status(descent_by_work(16, 1))


def test_the_bill_of_nudging_grows_with_the_parameters_only():
    (a, small), (b, large) = (descent_by_work(w, d).data for w, d in ((2, 1), (64, 3)))
    assert large.x[-1] / small.x[-1] == pytest.approx(90, rel=0.02)
    assert b.x[-1] / a.x[-1] < 4 / 3  # 1.30


@pytest.mark.parametrize("layers", [16, 64, 144, 256])
def test_memory_is_a_triangle_without_checkpoints(layers):
    figure = checkpoints(layers, 1)
    forward, again, backward = figure.data[:3]
    assert max(forward.y) == max(backward.y) == 1
    assert max(backward.x) == pytest.approx(2, abs=0.05)
    assert max(again.y) == 0
    assert f"at most {layers} in memory" in status(figure)


def test_the_best_rate_for_64_layers():
    assert "at most 15 in memory at a time, in place of 64; 88% of a forward" in status(
        checkpoints(64, 8)
    )
    assert min(checkpoints(64, 8).data[3].y) == 15 / 64


def test_models_by_size():
    words = status(model_sizes())
    assert "Model 1 (dense): 1 MACs a weight, backward / forward 1.08" in words
    assert "Model 3 (3 × 3 convolutions): 24 MACs a weight, backward / forward 1.99" in words
