import numpy as np
import pytest
import torch

from dlbook.figures.neighbor_errors import (
    digits_errors,
    error_by_k,
    errors_on_two_gaussians,
    radius_map,
    two_coins,
)


@pytest.mark.parametrize("points", ["two Gaussians", "disc"])
@pytest.mark.parametrize("num_points", [50, 200])
@pytest.mark.parametrize("label_noise", [0.0, 0.2])
def test_no_risk_is_below_the_bayes_error(points, num_points, label_noise):
    _, train, _, risk, least, best = error_by_k(num_points, points, label_noise).data
    assert train.y[0] == 0
    assert min(risk.y) > least.y[0] - 1e-3
    assert best.y[0] == pytest.approx(min(risk.y), abs=1e-6)


def test_risk_falls_then_rises_inside_the_disc():
    risk = np.asarray(error_by_k(200, "disc", 0.1).data[3].y)
    assert risk[0] > risk.min() + 0.03
    assert risk[-1] > risk.min() + 0.2


def test_digits():
    train, test = digits_errors()
    accuracy = [1 - test[k] for k in (1, 3, 51, 201)]
    assert accuracy == pytest.approx([0.982, 0.987, 0.947, 0.887], abs=5e-4)
    assert train[1] == 0


def test_humps_touch_in_the_middle_and_differ_by_two_far_out():
    best, one = two_coins(2.0, 0.0).data[:2]
    x, ratio = np.asarray(best.x), np.asarray(one.y) / np.asarray(best.y)
    assert ratio[x == 0] == pytest.approx(1)
    assert ratio[-1] == pytest.approx(2, abs=0.01)
    assert np.trapezoid(best.y, x) == pytest.approx(0.1587, abs=1e-3)
    assert np.trapezoid(one.y, x) == pytest.approx(0.2248, abs=1e-3)


def test_root_n_neighbors_reach_the_bayes_error_and_one_does_not():
    figure = two_coins(2.0, 0.0)
    one, many, least, limit = (figure.data[i] for i in (5, 7, 8, 9))
    assert least.y[0] == 1  # risks are multiples of the Bayes error
    assert limit.y[0] == pytest.approx(0.2248 / 0.1587, abs=1e-3)
    assert many.y[-1] == pytest.approx(least.y[0], abs=0.06)
    assert one.y[-1] == pytest.approx(limit.y[0], abs=0.09)
    errors = errors_on_two_gaussians(2_000, [1, 45]).median(dim=0).values
    assert (errors - torch.tensor([0.2248, 0.1587])).abs().max() < 0.015


def test_votes_by_radius_are_the_same_in_every_direction():
    z = np.asarray(radius_map("radius", 21, 0.2).data[0].z)
    np.testing.assert_array_equal(z, z[::-1])
    np.testing.assert_array_equal(z, z.T)
    plane = np.asarray(radius_map("coordinates", 21, 0.2).data[0].z)
    assert (plane != plane.T).mean() > 0.5


@pytest.mark.parametrize("label_noise", [0.0, 0.1, 0.2])
def test_radius_beats_coordinates(label_noise):
    """The lowest error over K on 1,000 new points."""

    def best(feature):
        statuses = [
            radius_map(feature, k, label_noise).layout.meta["status"]
            for k in (1, 3, 5, 11, 21, 51, 101)
        ]
        return min(float(s.split("wrong, ")[1].split("%")[0]) for s in statuses)

    assert best("radius") < best("coordinates") - 2
