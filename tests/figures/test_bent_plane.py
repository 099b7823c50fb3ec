import numpy as np
import pytest

from dlbook.figures.bent_plane import CHECKPOINTS, WORLDS, bent_plane, num_errors


@pytest.mark.parametrize("data", WORLDS)
def test_training_parts_the_points(data):
    errors = [num_errors(data, steps) for steps in CHECKPOINTS]
    assert errors[0] > 20
    assert errors[1] < errors[0]
    assert errors[2] == 0


@pytest.mark.parametrize("data", WORLDS)
def test_the_cut_is_straight_at_the_end_and_bent_at_the_beginning(data):
    first, last = (bent_plane(data, 300, layer).data[4] for layer in (0, 12))
    assert np.abs(np.asarray(last.x)).max() < 1e-5
    assert np.ptp(np.asarray(first.x)) > 0.5


def test_the_cut_separates_the_points_at_every_layer():
    """Sides of the cut, told by the model, agree with sides of the drawn line at the end."""
    figure = bent_plane("two spirals", 300, 12)
    for label in (0, 1):
        x = np.asarray(figure.data[5 + label].x)
        assert ((x > 0) == bool(label)).all()


def test_layer_zero_is_the_plane_as_it_is():
    figure = bent_plane("two moons", 300, 0)
    horizontal = np.asarray(figure.data[0].y)
    assert np.allclose(np.unique(horizontal.round(4)), np.linspace(-2.2, 2.2, 9), atol=1e-3)
    assert "as it is" in figure.layout.meta["status"]
