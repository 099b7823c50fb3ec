import pytest
import torch

from dlbook.figures.plane_waves import landscape
from dlbook.models.plane_waves import (
    SIZE,
    Waves,
    drawn_waves,
    num_units,
    reach,
    square_grid,
    wave_network,
    waves_of,
)

PLACES = square_grid(50)


def two_waves() -> Waves:
    return Waves(
        0.3,
        torch.tensor([0.5, 0.2]).double(),
        torch.tensor([[1.0, 2.0], [3.0, -1.0]]).double(),
        torch.tensor([0.4, -2.0]).double(),
    )


def test_waves_are_found_again():
    waves = waves_of(two_waves()(square_grid(SIZE))).first(2)
    assert waves.mean == pytest.approx(0.3)
    torch.testing.assert_close(waves.heights, two_waves().heights)
    torch.testing.assert_close(waves(PLACES), two_waves()(PLACES))


def test_all_waves_are_the_landscape():
    waves = waves_of(landscape(square_grid(SIZE)))
    assert (waves(PLACES) - landscape(PLACES)).abs().max() < 2e-3


@pytest.mark.parametrize("pieces", [3, 8])
def test_the_network_has_one_hidden_layer_and_draws_the_waves(pieces):
    model = wave_network(two_waves(), pieces)
    drawn, epsilon = drawn_waves(two_waves(), pieces, PLACES)
    torch.testing.assert_close(model(PLACES)[:, 0], drawn)
    assert model[0].weight.shape == (num_units(two_waves(), pieces), 2)
    assert epsilon <= (2 * torch.pi / pieces) ** 2 / 8  # h²/8 · max |sin''|


def test_the_range_of_a_wave_holds_all_its_values():
    u = PLACES @ two_waves().directions.T + two_waves().phases
    assert (u.abs().amax(0) <= reach(two_waves())).all()


@pytest.mark.parametrize("count", [1, 4, 16, 64])
@pytest.mark.parametrize("pieces", [3, 6, 16])
def test_the_error_stays_within_its_budget(count, pieces):
    waves = waves_of(landscape(square_grid(SIZE))).first(count)
    delta = (waves(PLACES) - landscape(PLACES)).abs().max()
    drawn, epsilon = drawn_waves(waves, pieces, PLACES)
    error = (drawn - landscape(PLACES)).abs().max()
    assert error <= delta + epsilon * waves.heights.sum() + 1e-12
