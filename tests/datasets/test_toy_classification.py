import math

import pytest
import torch

from dlbook.datasets.toy_classification import (
    blobs,
    circles,
    moons,
    radial,
    spiral,
    two_gaussians,
    xor,
)

ALL_SETS = [blobs, xor, moons, circles, spiral, radial, two_gaussians]
MIXED_EVENLY = [blobs, xor, moons, circles, spiral, two_gaussians]


@pytest.mark.parametrize("toy_set", ALL_SETS)
def test_shapes_types_and_labels(toy_set):
    X, y = toy_set(51, seed=3)
    assert X.shape == (51, 2)
    assert X.dtype == torch.float32
    assert y.shape == (51,)
    assert y.dtype == torch.int64
    assert set(y.tolist()) == {0, 1}


@pytest.mark.parametrize("toy_set", ALL_SETS)
def test_a_seed_decides_everything(toy_set):
    X, y = toy_set(40, 0.2, seed=1, label_noise=0.2)
    again_X, again_y = toy_set(40, 0.2, seed=1, label_noise=0.2)
    other_X, _ = toy_set(40, 0.2, seed=2, label_noise=0.2)
    assert torch.equal(X, again_X)
    assert torch.equal(y, again_y)
    assert not torch.equal(X, other_X)


@pytest.mark.parametrize("toy_set", ALL_SETS)
def test_more_points_leave_the_earlier_ones_where_they_were(toy_set):
    X, y = toy_set(30, 0.2, seed=4, label_noise=0.3)
    longer_X, longer_y = toy_set(90, 0.2, seed=4, label_noise=0.3)
    assert torch.equal(longer_X[:30], X)
    assert torch.equal(longer_y[:30], y)


@pytest.mark.parametrize("toy_set", MIXED_EVENLY)
def test_classes_alternate(toy_set):
    _, y = toy_set(9, seed=0)
    assert y.tolist() == [0, 1, 0, 1, 0, 1, 0, 1, 0]


@pytest.mark.parametrize("toy_set", ALL_SETS)
def test_noise_is_the_standard_deviation_of_the_jitter(toy_set):
    clean, _ = toy_set(4000, 0.0, seed=5)
    noisy, _ = toy_set(4000, 0.25, seed=5)
    assert (noisy - clean).std(dim=0).tolist() == pytest.approx([0.25, 0.25], rel=0.06)
    assert clean.abs().max() <= 1.5


@pytest.mark.parametrize("toy_set", ALL_SETS)
def test_label_noise_is_the_fraction_of_wrong_labels(toy_set):
    _, clean = toy_set(4000, seed=6, label_noise=0.0)
    _, some = toy_set(4000, seed=6, label_noise=0.1)
    _, more = toy_set(4000, seed=6, label_noise=0.3)
    assert (some != clean).float().mean().item() == pytest.approx(0.1, abs=0.025)
    assert (more != clean).float().mean().item() == pytest.approx(0.3, abs=0.037)
    assert not ((some != clean) & (more == clean)).any()  # what was wrong stays wrong


def test_label_noise_moves_to_every_other_class():
    _, clean = blobs(3000, num_classes=4)
    _, y = blobs(3000, num_classes=4, label_noise=1.0)
    assert (y != clean).all()
    steps = torch.bincount((y - clean) % 4, minlength=4)
    assert steps[1:].min() > 850  # 1,000 expected, standard deviation 26


def test_blobs_stand_on_the_unit_circle():
    X, y = blobs(9, 0.0, num_classes=3)
    angle = torch.atan2(X[:, 1], X[:, 0])
    expected = math.pi + y * 2 * math.pi / 3
    assert torch.cos(angle - expected).tolist() == pytest.approx([1.0] * 9)
    assert blobs(2, 0.0)[0].flatten().tolist() == pytest.approx([-1, 0, 1, 0], abs=1e-6)


@pytest.mark.parametrize("margin", [0.05, 0.3, 0.6])
def test_blobs_keep_their_margin(margin):
    X, y = blobs(2000, 0.8, margin=margin)
    distance = X[:, 0] * (2 * y - 1)
    assert distance.min() >= margin
    assert distance.min() < margin + 0.05  # and no more than asked for


def test_xor_labels_are_the_signs():
    X, y = xor(500)
    assert torch.equal(y, ((X[:, 0] < 0) != (X[:, 1] < 0)).long())
    assert X.abs().max() <= 1
    quadrant = 2 * (X[:, 0] < 0).long() + (X[:, 1] < 0).long()
    assert torch.bincount(quadrant).min() > 90  # 125 expected, standard deviation 8


def test_moons_are_half_circles_and_their_mirror_image():
    X, y = moons(400, 0.0)
    upper = X[y == 0] + torch.tensor([0.5, 0.25])
    lower = -X[y == 1] + torch.tensor([0.5, 0.25])
    for half in (upper, lower):
        assert half.norm(dim=1).tolist() == pytest.approx([1.0] * 200, abs=1e-6)
        assert half[:, 1].min() >= 0


def test_circles_have_their_radii():
    X, y = circles(100, 0.0, inner_radius=0.4)
    assert X.norm(dim=1).tolist() == pytest.approx([0.4 if c else 1.0 for c in y], abs=1e-6)


def test_spiral_arms_turn_with_the_radius():
    X, y = spiral(60, 0.0, num_classes=3, turns=2.0)
    radius = X.norm(dim=1)
    angle = 2 * math.pi * (2.0 * (radius - 0.1) / 0.9 + y / 3)
    assert torch.cos(torch.atan2(X[:, 1], X[:, 0]) - angle).min() > 1 - 1e-5
    assert set(y.tolist()) == {0, 1, 2}


def test_radial_labels_are_the_radius():
    X, y = radial(4000, radius=0.6, label_noise=0.0)
    assert torch.equal(y, (X.norm(dim=1) < 0.6).long())
    _, y = radial(4000, label_noise=0.0)
    assert y.float().mean().item() == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize("num_features", [1, 2])
def test_two_gaussians_have_their_means_and_spread(num_features):
    X, y = two_gaussians(20_000, 0.5, distance=3.0, num_features=num_features)
    assert X.shape == (20_000, num_features)
    for label, mean in ((0, -1.5), (1, 1.5)):
        points = X[y == label]
        assert points[:, 0].mean().item() == pytest.approx(mean, abs=0.025)  # five standard errors
        assert points.std(dim=0).tolist() == pytest.approx([0.5] * num_features, abs=0.018)


def test_two_gaussians_reach_the_error_that_their_docstring_gives():
    X, y = two_gaussians(40_000)
    error = ((X[:, 0] > 0).long() != y).float().mean().item()
    assert error == pytest.approx(0.1587, abs=0.009)  # five standard errors


@pytest.mark.parametrize("prevalence", [0.0, 0.01, 0.1, 0.5, 0.57, 1.0])
def test_prevalence_is_met_by_every_beginning(prevalence):
    _, y = two_gaussians(1000, prevalence=prevalence)
    ones = y.cumsum(0).double()
    expected = torch.arange(1, 1001, dtype=torch.float64) * prevalence
    assert (ones - expected).abs().max() < 1
    assert ones[-1] == round(1000 * prevalence)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: moons(0), "num_points is 0"),
        (lambda: moons(5, -0.1), "noise is -0.1"),
        (lambda: moons(5, math.nan), "noise is nan"),
        (lambda: moons(5, label_noise=1.5), "label_noise is 1.5"),
        (lambda: blobs(5, num_classes=1), "num_classes is 1"),
        (lambda: blobs(5, num_classes=3, margin=0.2), "margin is 0.2"),
        (lambda: blobs(5, margin=-0.2), "margin is -0.2"),
        (lambda: circles(5, inner_radius=1.0), "inner_radius is 1.0"),
        (lambda: radial(5, radius=0), "radius is 0"),
        (lambda: two_gaussians(5, distance=-1), "distance is -1"),
        (lambda: two_gaussians(5, num_features=3), "num_features is 3"),
        (lambda: two_gaussians(5, prevalence=1.1), "prevalence is 1.1"),
        (lambda: xor(5, seed=-1), "seed is -1"),
    ],
)
def test_mistakes_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
