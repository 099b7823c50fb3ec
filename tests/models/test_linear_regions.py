from itertools import pairwise

import pytest
import torch

from dlbook.models.linear_regions import (
    creased_network,
    gates,
    lower_bound,
    most_cells,
    num_pieces,
    patterns,
    pieces,
    upper_bound,
)
from dlbook.models.mlp import linears, mlp, num_parameters
from dlbook.random import uniform


def points(count: int, limit: float) -> torch.Tensor:
    return limit * (2 * uniform((count, 2), seed=9).double() - 1)


@pytest.mark.parametrize(("units", "count"), [(3, 7), (4, 11), (5, 16), (8, 37), (16, 137)])
def test_generic_lines_cut_the_plane_into_one_plus_r_plus_pairs(units, count):
    assert most_cells(units, 2) == count == 1 + units + units * (units - 1) // 2
    for seed in range(5):
        assert num_pieces(creased_network([2, units, 1], seed)) == count


def test_lines_that_are_not_generic_make_fewer_pieces():
    model = mlp([2, 4, 1]).double().requires_grad_(False)
    model[0].weight.copy_(torch.tensor([[1.0, 0.0]] * 4))
    model[0].bias.copy_(torch.arange(4.0))
    assert num_pieces(model) == 5


@pytest.mark.parametrize("widths", [(6,), (4, 4), (8, 3), (5, 5, 5)])
def test_the_counter_finds_the_patterns_that_random_points_find(widths):
    """Nothing is missed; what points don't find are the smallest pieces."""
    model = creased_network([2, *widths, 1], seed=2)
    exact = {piece.pattern for piece in pieces(model, 2.0)}
    found = {tuple(row) for row in patterns(model, points(100_000, 2.0)).int().tolist()}
    assert found <= exact
    assert len(found) > 0.9 * len(exact)
    assert len(exact) == num_pieces(model, 2.0)  # one piece a pattern


def test_in_a_piece_the_network_is_the_affine_map():
    model = creased_network([2, 6, 5, 1], seed=1)
    for piece in pieces(model, 2.0):
        middle = torch.tensor(piece.corners).double().mean(0)
        affine = torch.from_numpy(piece.weight) @ middle + torch.from_numpy(piece.bias)
        torch.testing.assert_close(model(middle), affine, rtol=0, atol=1e-9)


def test_pieces_fill_the_square():
    model = creased_network([2, 6, 5, 4, 1], seed=4)
    areas = []
    for piece in pieces(model, 2.0):
        x, y = torch.tensor(piece.corners).double().T
        areas.append(float((x * y.roll(-1) - y * x.roll(-1)).sum().abs() / 2))
    assert sum(areas) == pytest.approx(16)


@pytest.mark.parametrize("widths", [(4,), (4, 4), (8, 8), (2, 9), (5, 5, 5), (6, 6, 6, 6)])
def test_no_count_is_above_the_bounds(widths):
    tight, loose = upper_bound(2, widths), upper_bound(2, widths, tight=False)
    assert tight <= loose
    for seed in range(3):
        assert num_pieces(creased_network([2, *widths, 1], seed)) <= tight
        assert num_pieces(mlp([2, *widths, 1], seed=seed)) <= tight


def test_bounds_have_the_values_of_the_slide_and_the_tighter_ones():
    assert upper_bound(2, (4, 4), tight=False) == 11 * 16 == 176
    assert upper_bound(2, (4, 4)) == 121
    assert upper_bound(2, (8, 8), tight=False) == 9_472
    assert upper_bound(2, (8, 8)) == 1_369
    by_depth = [upper_bound(2, [24 // d] * d, tight=False) for d in (1, 2, 3)]
    assert by_depth == [301, 323_584, 2_424_832]
    assert lower_bound(2, 4, 3) == 176


def test_units_are_not_parameters():
    counts = [num_parameters([2, *[24 // d] * d, 1]) for d in (1, 2, 3, 4)]
    assert counts == [97, 205, 177, 151]


def test_gates_make_relu_a_multiplication_and_signs_do_not():
    model = creased_network([2, 7, 1], seed=3)
    first, second = linears(model)
    for x in points(50, 2.0):
        z = first.weight @ x + first.bias
        B = gates(first.weight, first.bias, x)
        assert set(B.diag().tolist()) <= {0.0, 1.0}
        torch.testing.assert_close(second.weight @ B @ z + second.bias, model(x))
        torch.testing.assert_close(torch.diag(z.sign()) @ z, z.abs())


def test_a_network_with_montufars_number_of_pieces():
    """Two layers fold both coordinates, the third draws four lines: 16 · 11 in the unit square."""
    model = mlp([2, 4, 4, 4, 1]).double().requires_grad_(False)
    first, second, third, _ = linears(model)
    first.weight.copy_(torch.tensor([[1.0, 0], [1, 0], [0, 1], [0, 1]]))
    first.bias.copy_(torch.tensor([0, -0.5, 0, -0.5]))
    fold = torch.tensor([[2.0, -4, 0, 0], [0, 0, 2, -4]])
    second.weight.copy_(fold.repeat_interleave(2, dim=0))
    second.bias.copy_(first.bias)
    lines = torch.tensor([[1.0, 0.3], [0.3, 1], [1, -0.8], [1, 1.7]])
    third.weight.copy_(lines @ fold)
    offsets = torch.tensor([0.05, 0.1, -0.05, 0.08])
    third.bias.copy_(offsets - lines @ torch.tensor([0.5, 0.5]))
    inside = [p for p in pieces(model, 1.0) if min(map(min, p.corners)) >= -1e-9]
    assert len(inside) == lower_bound(2, 4, 3) == 176


def test_depth_does_not_multiply_the_pieces_of_random_networks():
    """24 units: the bounds grow from 301 to 2.4 million, the counts do not; seen 232 to 358."""
    for widths in ([24], [12, 12], [8, 8, 8]):
        for seed in range(3):
            assert 150 < num_pieces(mlp([2, *widths, 1], seed=seed)) < 500


def test_creases_run_through_the_middle():
    for widths in ([8], [8, 8], [5, 5, 5]):
        model = creased_network([2, *widths, 1], seed=0)
        on = patterns(model, points(20_000, 1.0))
        assert (on.any(0) & ~on.all(0)).all()  # every unit switches in [−1, 1]²


def test_a_network_with_three_inputs_is_refused():
    with pytest.raises(ValueError, match="3 inputs"):
        num_pieces(mlp([3, 4, 1]))


def test_layers_only_cut():
    counts = [num_pieces(creased_network([2, *[6] * d, 1], seed=1)) for d in (1, 2, 3)]
    assert all(a < b for a, b in pairwise(counts))
