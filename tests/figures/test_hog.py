"""Figures of oriented gradients."""

import numpy as np
import pytest
import torch

from dlbook.datasets.digits import split_enlarged_digits
from dlbook.figures.hog import IMAGES, changing_light, lit, relative_changes, turned, turning_image
from dlbook.figures.hog_accuracy import edges, fit_digits, under_light


@pytest.mark.parametrize("degrees", [0, 20, 60, 120])
def test_the_bar_of_the_stripes_walks_from_bin_to_bin(degrees):
    bars = np.asarray(turning_image(degrees, "stripes").data[3].y)
    assert bars.argmax() == degrees // 20
    assert (
        f"orientation of the gradients is {degrees}°"
        in (turning_image(degrees, "stripes").layout.meta["status"])
    )


@pytest.mark.parametrize("image", IMAGES)
def test_images_are_grey_and_blocks_withstand_contrast(image):
    before = turned(image, 0)
    assert before.shape == (64, 64)
    assert before.min() >= -1e-6
    assert before.max() <= 1 + 1e-6
    moved = relative_changes(before, lit(before, 0.5, 0.0))
    assert moved["histograms"] == pytest.approx(0.5, abs=0.01)
    assert moved["normalised blocks"] < 0.1
    assert "pixels" in changing_light(0.5, 0.0, image).layout.meta["status"]


def test_hog_and_a_linear_rule_keep_their_accuracy_when_contrast_falls():
    for seed in range(2):
        (X, y), (X_test, y_test) = split_enlarged_digits(seed=seed)
        accuracy = {}
        for method in ("pixels + linear", "HOG + linear"):
            predict = fit_digits(method, X[:200], y[:200], seed=seed)
            accuracy[method] = [
                float((predict(under_light(X_test, contrast)) == y_test).float().mean())
                for contrast in (1.0, 0.2)
            ]
        assert accuracy["HOG + linear"][0] > accuracy["pixels + linear"][0]
        assert min(accuracy["HOG + linear"]) > 0.93
        assert accuracy["pixels + linear"][1] < 0.75


def test_digits_have_nine_blocks_of_thirty_six():
    assert edges(torch.rand(2, 1, 28, 28)).shape == (2, 9 * 36)
