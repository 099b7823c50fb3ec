import pytest
import torch

from dlbook.models.curves import CURVES, LIMIT
from dlbook.models.random_features import (
    ACTIVATIONS,
    DEGREES,
    best_polynomial,
    features,
    fit,
    hidden_layer,
    num_dimensions,
)

X = torch.linspace(-LIMIT, LIMIT, 401, dtype=torch.float64)


@pytest.mark.parametrize(("activation", "degree"), DEGREES.items())
@pytest.mark.parametrize("seed", range(3))
def test_a_polynomial_cannot_go_below_the_best_one_of_its_degree(activation, degree, seed):
    for curve in ("sine", "bump", "chirp"):
        y = CURVES[curve](X)
        best = (best_polynomial(degree, X, y) - y).square().mean()
        for units in (1, 3, 10, 100):
            error = (fit(activation, units, X, y, seed) - y).square().mean()
            assert error >= best * (1 - 1e-9)
        assert error == pytest.approx(float(best), rel=1e-6)  # and 100 units reach it


@pytest.mark.parametrize("activation", sorted(set(ACTIVATIONS) - set(DEGREES)))
def test_others_come_close_to_every_curve(activation):
    for curve in ("sine", "bump", "chirp"):
        y = CURVES[curve](X)
        errors = [(fit(activation, 100, X, y, seed) - y).square().mean() for seed in range(3)]
        assert max(errors) < 3e-3  # ReLU on the chirp; the parabola's are 0.2 to 0.5


def test_the_rank_is_the_number_of_dimensions():
    for seed in range(3):
        assert [num_dimensions("z²", k, seed) for k in (1, 2, 10, 100)] == [2, 3, 3, 3]
        assert [num_dimensions("z³", k, seed) for k in (1, 2, 3, 100)] == [2, 3, 4, 4]
        assert num_dimensions("ReLU", 100, seed) == 101


def test_the_fit_is_the_projection_on_the_features():
    y = CURVES["bump"](X)
    columns = features("tanh", 6, X)
    off = y - fit("tanh", 6, X, y)
    assert (columns.T @ off).abs().max() < 1e-8


def test_more_units_leave_the_earlier_ones():
    few, many = hidden_layer(5, 3), hidden_layer(50, 3)
    assert all(torch.equal(a, b[:5]) for a, b in zip(few, many, strict=True))
    w, b = many
    assert (w.abs() >= 0.5).all()
    assert ((-b / w).abs() <= LIMIT).all()


def test_an_unknown_activation_is_named():
    with pytest.raises(ValueError, match=r"'cube'.*ReLU"):
        features("cube", 3, X)
