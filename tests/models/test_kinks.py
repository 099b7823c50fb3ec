import math

import pytest
import torch

from dlbook.models.curves import CURVES, LIMIT
from dlbook.models.kinks import (
    bent_knots,
    best_convex,
    error_bound,
    even_knots,
    growing_sum,
    kink_network,
    largest_error,
    slope_changes,
    sum_of_units,
    through,
)
from dlbook.models.mlp import num_parameters
from dlbook.random import normal


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("place", [even_knots, bent_knots])
def test_the_network_equals_the_curve_at_its_knots(curve, place):
    f = CURVES[curve]
    knots = place(12) if place is even_knots else place(f, 12)
    model = kink_network(f, knots)
    torch.testing.assert_close(model(knots[:, None])[:, 0], f(knots), rtol=0, atol=1e-9)
    assert sum(p.numel() for p in model.parameters()) == num_parameters([1, 12, 1])


@pytest.mark.parametrize(
    ("pieces", "error"), [(8, 0.0704), (16, 0.0188), (32, 0.0048), (64, 0.0012)]
)
def test_the_error_of_the_sine_is_that_of_its_chords(pieces, error):
    knots = even_knots(pieces)
    found = largest_error(torch.sin, kink_network(torch.sin, knots))
    assert found == pytest.approx(error, abs=6e-5)
    assert found <= error_bound(knots, 1.0)


@pytest.mark.parametrize("curve", ["sine", "bump", "chirp"])
@pytest.mark.parametrize("pieces", [1, 3, 8, 20, 64])
def test_no_error_is_above_the_bound(curve, pieces):
    f, knots = CURVES[curve], even_knots(pieces)
    error = largest_error(f, kink_network(f, knots))
    assert error <= error_bound(knots, f.curvature) * (1 + 1e-9)


@pytest.mark.parametrize("curve", ["sine", "bump", "chirp"])
def test_the_curvature_is_the_largest_second_derivative(curve):
    f = CURVES[curve]
    x = torch.linspace(-LIMIT, LIMIT, 100_001, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    (bend,) = torch.autograd.grad(slope.sum(), x)
    assert bend.abs().max().item() == pytest.approx(f.curvature, rel=1e-3)
    assert bend.abs().max() <= f.curvature


@pytest.mark.parametrize("curve", CURVES)
def test_outside_of_the_knots_the_slope_is_constant(curve):
    model = kink_network(CURVES[curve], even_knots(16))
    for x in torch.tensor([[LIMIT, 20.0], [-20.0, -LIMIT]]).double():
        places = torch.linspace(float(x[0]), float(x[1]), 60, dtype=torch.float64)
        outputs = model(places[:, None])[:, 0]
        assert outputs.diff().diff().abs().max() < 1e-6
    assert (model(torch.tensor([[-9.0], [-30.0]]).double()).diff(dim=0) == 0).all()


def test_the_output_is_continuous_at_every_knot():
    knots = even_knots(16)
    model = kink_network(CURVES["chirp"], knots)
    steepest = slope_changes(knots, CURVES["chirp"](knots)).cumsum(0).abs().max()
    for gap in (1e-3, 1e-6):
        jump = model(knots[:, None] + gap) - model(knots[:, None] - gap)
        assert jump.abs().max() <= 2 * gap * steepest * (1 + 1e-6)


def test_units_are_added_from_left_to_right():
    knots = even_knots(16)
    values = torch.sin(knots)
    x = torch.linspace(-LIMIT, LIMIT, 500, dtype=torch.float64)
    sums = growing_sum(knots, values, x)
    assert sums.shape == (17, 500)
    model = kink_network(torch.sin, knots)
    torch.testing.assert_close(sums[-1], model(x[:, None])[:, 0])
    for units in range(1, 17):
        left = x <= knots[units - 1]
        assert torch.equal(sums[units][left], sums[units - 1][left])  # nothing changes there
        done = x <= knots[units]
        torch.testing.assert_close(sums[units][done], sums[-1][done])


def test_a_plain_sum_of_relus_is_convex():
    x = torch.linspace(-3, 3, 301, dtype=torch.float64)
    for seed in range(20):
        W, b = normal((2, 40), seed=seed).double()
        bends = sum_of_units(W, b, x).diff().diff()
        assert bends.min() > -1e-10


def test_no_convex_function_comes_closer_to_the_sine():
    """Half of the largest gap to the convex hull is the best that is possible."""
    knots = even_knots(16)
    values = torch.sin(knots)
    best = best_convex(knots, values)
    assert (slope_changes(knots, best)[1:] > -1e-12).all()
    error = (best - values).abs().max()
    assert error == pytest.approx(0.672, abs=1e-3)
    for seed in range(50):
        W, b = normal((2, 10), seed=seed).double()
        other = sum_of_units(W, b, knots)
        design = torch.stack([other, knots, torch.ones_like(knots)], dim=1)
        scale, slope, shift = torch.linalg.lstsq(design, values).solution
        off = design @ torch.stack([scale.clamp(min=0), slope, shift]) - values
        assert off.abs().max() >= error - 1e-9


def test_a_plain_sum_misses_the_sine_by_068_with_any_number_of_units():
    x = even_knots(16_000)
    assert (best_convex(x, torch.sin(x)) - torch.sin(x)).abs().max() == pytest.approx(
        0.682, abs=1e-3
    )


def test_knots_go_where_the_curve_bends():
    for curve in ("root", "bump", "chirp"):
        f = CURVES[curve]
        even = largest_error(f, kink_network(f, even_knots(32)))
        bent = largest_error(f, kink_network(f, bent_knots(f, 32)))
        assert bent < 0.6 * even


def test_knots_must_increase():
    with pytest.raises(ValueError, match="increase"):
        slope_changes(torch.tensor([0.0, 1.0, 1.0]), torch.zeros(3))


def test_between_given_points_the_line_is_straight():
    x, y = torch.tensor([0.0, 1.0, 3.0]), torch.tensor([0.0, 2.0, 0.0])
    assert through(x, y, torch.tensor([0.0, 0.5, 2.0, 3.0])).tolist() == [0, 1, 1, 0]


def test_a_jump_is_missed_by_half_of_its_height():
    """However steep the network is, no place of its own hides the miss."""
    f = CURVES["jump"]
    for pieces in (8, 9, 24, 32, 64):
        for knots in (even_knots(pieces), bent_knots(f, pieces)):
            assert largest_error(f, kink_network(f, knots)) > 0.8 - 1e-6
    assert largest_error(f, kink_network(f, even_knots(9))) == pytest.approx(0.8, abs=1e-6)
    for pieces in (8, 64):  # a knot lies at the jump
        assert largest_error(f, kink_network(f, even_knots(pieces))) == pytest.approx(1.6, abs=1e-6)
    assert math.isinf(f.curvature)
