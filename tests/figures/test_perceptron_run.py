"""Figures of a perceptron's run: what is ringed is wrong, and the run stays in the wedge."""

import numpy as np
import pytest
import torch

from dlbook.figures.perceptron import perceptron_run, points, run_and_proof
from dlbook.figures.perceptron_digits import digit_run, perceptron_weights
from dlbook.models.perceptron import ORDERS
from dlbook.plots.perceptron import OUT_OF_SIGHT


def _trace(figure, name):
    return next(trace for trace in figure.data if trace.name == name)


@pytest.mark.parametrize("update", [1, 5, 24, 26])
def test_rings_count_what_the_sentence_says(update):
    figure = perceptron_run(update, 0.02, "in turn")
    ringed = sum(x < OUT_OF_SIGHT for x in _trace(figure, "wrong now").x)
    assert f": {ringed} of 40 points are wrong" in figure.layout.meta["status"]


def test_the_red_arrow_leads_from_the_old_weights_to_the_new():
    figure = perceptron_run(7, 0.02, "worst first")
    old, change, new = (_trace(figure, name) for name in ("w before", "± mistake", "w"))
    assert (old.x[1], old.y[1]) == (change.x[0], change.y[0])
    assert (new.x[1], new.y[1]) == (change.x[1], change.y[1])
    run, _, _ = run_and_proof(0.02, "worst first")
    X, y = points(0.02)
    n = run.mistakes[6]
    step = np.array([change.x[1] - change.x[0], change.y[1] - change.y[0]])
    np.testing.assert_allclose(step, 0.5 * (y[n] * X[n]).numpy(), atol=1e-6)


@pytest.mark.parametrize("margin", [0.02, 0.3])
@pytest.mark.parametrize("order", ORDERS)
def test_the_run_ends_before_the_tip_of_the_wedge(margin, order):
    run, _, wrong = run_and_proof(margin, order)
    figure = perceptron_run(26, margin, order)
    tip = _trace(figure, "end")
    assert run.num_updates < tip.x[0]
    assert wrong[-1] == 0
    assert "the run is over" in figure.layout.meta["status"]


def test_the_image_shows_the_weights():
    weights, train, _ = digit_run(3, 8)
    figure = perceptron_weights((3, 8), 5)
    np.testing.assert_allclose(figure.data[0].z[::-1], weights[5].reshape(8, 8))
    assert train[-1] == 0
    assert torch.equal(weights[0], torch.zeros(64))
    assert "the last one" in perceptron_weights((3, 8), 200).layout.meta["status"]
