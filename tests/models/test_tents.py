import pytest
import torch

from dlbook.models.mlp import num_parameters
from dlbook.models.tents import num_pieces, shallow_square, square_network, tent, tent_network

X = torch.linspace(0, 1, 4_097, dtype=torch.float64)


@pytest.mark.parametrize("depth", range(1, 9))
def test_every_layer_doubles_the_pieces(depth):
    model = tent_network(depth)
    assert num_pieces(model) == 2**depth
    assert sum(p.numel() for p in model.parameters()) == num_parameters([1, *[2] * depth, 1])


def test_the_network_is_the_tent_again_and_again():
    expected = X
    for depth in range(1, 6):
        expected = tent(expected)
        torch.testing.assert_close(tent_network(depth)(X[:, None])[:, 0], expected)


@pytest.mark.parametrize("depth", range(1, 9))
def test_every_layer_divides_the_error_of_the_square_by_four(depth):
    off = (square_network(depth)(X[:, None])[:, 0] - X.square()).abs().max()
    assert float(off) == pytest.approx(4.0 ** -(depth + 1), rel=1e-9)


@pytest.mark.parametrize("units", [3, 8, 24])
def test_one_layer_has_the_error_of_its_chords(units):
    off = (shallow_square(units)(X[:, None])[:, 0] - X.square()).abs().max()
    assert float(off) == pytest.approx(1 / (4 * units**2), rel=1e-2)


def test_deep_squares_are_ahead_from_twelve_units_on():
    for depth in range(1, 9):
        deep, shallow = 4.0 ** -(depth + 1), 1 / (36 * depth**2)
        assert (deep < shallow) == (depth >= 4)
