"""Figures of the lasso and of penalised digits: zeros under L1, none under L2."""

import pytest
import torch

from dlbook.datasets.toy_regression import sparse_weights
from dlbook.figures.lasso import lasso_path, path, penalties, selection
from dlbook.figures.penalised_digits import STRENGTHS, digit_weights, fit
from dlbook.figures.total_variation import denoised_steps
from dlbook.plots.penalised_digits import LIMIT

MATTERS = sparse_weights() != 0


def test_penalties_are_thirty():
    assert len(set(penalties())) == 30
    assert (penalties()[0], penalties()[-1]) == (0.01, 10.0)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("num_points", [30, 100])
def test_lasso_empties_and_ridge_never_does(seed, num_points):
    counts = [int(n) for n in (path(1.0, num_points, seed)[0] != 0).sum(dim=1)]
    assert counts[0] > 15
    assert counts[-1] == 0
    assert (path(0.0, num_points, seed)[0] != 0).all()


def test_lasso_selects_and_predicts_best():
    (missed, extra, error), ridge = (selection(r, 30, MATTERS, 5) for r in (1.0, 0.0))
    assert missed == 0
    assert 1 <= extra <= 10
    assert ridge[1] == 16
    assert error < 0.75 * ridge[2]


def test_sentence():
    status = lasso_path(penalties()[14], 1.0, 30).layout.meta["status"]
    assert "11 of 20 weights are not zero" in status


def test_present_penalty_is_marked_in_a_colour_of_its_own():
    colors = {
        trace.name: trace.line.color if trace.mode == "lines" else trace.marker.color
        for trace in lasso_path(penalties()[0], 1.0, 30).data
        if trace.showlegend is not False
    }
    assert "present λ" in colors
    assert len(set(colors.values())) == len(colors)


def test_digit_images_are_square_and_show_every_weight():
    figure = digit_weights(1e-3, "L1")
    assert figure.layout.yaxis.scaleanchor == "x"
    images, names = figure.data[:2]
    shown = torch.tensor(images.z)
    weights, _, _ = fit("L1", 1e-3)
    for digit, x, y in zip(range(10), names.x, names.y, strict=True):
        top, left = round(y - 1.8), round(x - 3.5)  # rows count upwards
        image = shown[top - 7 : top + 1, left : left + 8].flip(0)
        torch.testing.assert_close(image, weights[digit].reshape(8, 8).clamp(-LIMIT, LIMIT))


@pytest.mark.parametrize("seed", range(3))
def test_l1_prunes_a_digit_classifier_and_l2_does_not(seed):
    _, accuracy, used = fit("L1", 1e-3, seed)
    assert accuracy > 0.94
    assert used < 0.65
    assert fit("L1", 1e-2, seed)[2] < 0.16
    assert fit("L2", 1e-2, seed)[2] > 0.9
    assert fit("L1", STRENGTHS[-1], seed)[2] == 0


def test_denoising_removes_most_of_the_error():
    figure, gap = denoised_steps(0.3, 1.0, 0)
    assert gap < 1e-3
    assert "before" in figure.layout.meta["status"]
