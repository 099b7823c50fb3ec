"""Figures of lifted points, of random products and of kernels."""

import re

import numpy as np
import pytest

from dlbook.figures.digit_products import all_errors, eight_against_the_rest, settled_errors
from dlbook.figures.kernels import KERNELS, NOISE, errors_on_new_points, kernel_map
from dlbook.figures.lifted_plane import lifted_xor, separable_shares, xor_points
from dlbook.plots.lifted_plane import LETTERS_AT, project


def _status(figure):
    return figure.layout.meta["status"]


def test_the_flat_cut_parts_lifted_points_only_where_the_axes_fit():
    assert "cut at height 0 gets 0 wrong. Some plane" in _status(lifted_xor(1.0, 30, 0.0))
    assert "No plane of u, v, uv parts" in _status(lifted_xor(1.0, 30, 45.0))
    assert "Flat" in _status(lifted_xor(0.0, 30, 0.0))


def test_all_products_do_not_depend_on_the_axes():
    shares = separable_shares(num_sets=5)
    assert shares["u, v"] == [0.0] * 7
    assert shares["u, v, u², uv, v²"] == [1.0] * 7
    assert shares["u, v, uv"][0] == 1 > shares["u, v, uv"][3]


@pytest.mark.parametrize("azimuth", [0, 45, 180])
def test_projection_keeps_heights_apart(azimuth):
    low, high = project(np.array([[0.3, -0.2, 0.0], [0.3, -0.2, 1.0]]), azimuth)
    assert low[0] == pytest.approx(high[0])
    assert high[1] - low[1] == pytest.approx(np.cos(np.radians(28)))
    X, _ = xor_points()
    assert X.abs().min() >= 0.12


def test_letters_turn_with_the_inputs():
    letters = [
        next(trace for trace in lifted_xor(1.0, azimuth, 0.0).data if trace.name == "inputs")
        for azimuth in (0, 90)
    ]
    assert list(letters[0].x) == pytest.approx([LETTERS_AT, 0])
    assert list(letters[1].x) == pytest.approx([0, -LETTERS_AT])


def test_letters_lie_beyond_the_points_however_these_are_turned():
    for turn in (0.0, 15.0, 30.0, 45.0):
        assert xor_points(turn)[0].abs().max() < LETTERS_AT - 0.15


@pytest.mark.parametrize(("passes", "words"), [(1, "1 pass:"), (3, "its last 3 passes")])
def test_the_status_says_over_which_passes_a_median_is_taken(passes, words):
    assert words in _status(eight_against_the_rest(0, passes))
    assert "last 10 passes" in _status(eight_against_the_rest(0, 30))


def test_products_lower_both_errors():
    train, test = all_errors()[0, :, :, -1].mean(dim=1), settled_errors().mean(dim=1)
    assert test[2] < 0.85 * test[0]
    assert (test.diff() < 0).all()
    assert test[4] < 0.6 * test[0]
    assert train[4] < 0.005
    assert "training error 0.038, test error 0.047" in _status(eight_against_the_rest(0, 30))
    assert "training error 0.003, test error 0.020" in _status(eight_against_the_rest(2048, 30))
    assert "2048 products" in _status(eight_against_the_rest(2048, 30))


def _new_wrong(sentence):
    """The percentage of new points that are wrong."""
    return float(re.search(r"([\d.]+)% of new ones", sentence)[1])


def test_what_kernels_can_and_cannot():
    wrong = {
        (points, kernel): _new_wrong(_status(kernel_map(points, kernel, 30)))
        for points in NOISE
        for kernel in KERNELS
    }
    assert wrong["xor", "linear"] > 30 > 10 > wrong["xor", "degree 2"]
    assert wrong["circles", "linear"] > 30 > 10 > wrong["circles", "degree 2"]
    assert wrong["spirals", "degree 2"] > 30 > 5 > wrong["spirals", "bumps 0.3"]
    assert (wrong["circles", "bumps 0.1"], wrong["circles", "degree 3"]) == (9.1, 2.4)


def test_narrow_bumps_are_worse_on_most_circles_than_degree_3():
    bumps, cubic = (errors_on_new_points("circles", kernel) for kernel in ("bumps 0.1", "degree 3"))
    assert (bumps > cubic).sum() >= 16  # seen: 18 of 20
    assert bumps.mean() == pytest.approx(0.065, abs=0.002)
    assert cubic.mean() == pytest.approx(0.041, abs=0.002)


def test_narrow_bumps_are_better_on_spirals_than_degree_3():
    bumps, cubic = (errors_on_new_points("spirals", kernel) for kernel in ("bumps 0.1", "degree 3"))
    assert bumps.mean() == pytest.approx(0.011, abs=0.001)
    assert cubic.mean() == pytest.approx(0.107, abs=0.002)
