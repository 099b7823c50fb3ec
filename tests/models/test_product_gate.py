import pytest
import torch

from dlbook.models.product_gate import (
    CURVATURE,
    FOURTH_DERIVATIVE,
    num_units,
    one_layer_product,
    product_gate,
    product_tree,
    worst_error,
)
from dlbook.random import uniform

X = 2 * uniform((500, 4), seed=3).double() - 1


@pytest.mark.parametrize(("scale", "error"), [(0.1, 0.0017), (0.01, 1.7e-5)])
def test_the_error_of_the_gate(scale, error):
    assert worst_error(2, scale) == pytest.approx(error, rel=0.03)


def test_the_error_is_proportional_to_the_square_of_the_scale():
    for factors in (2, 4, 8):
        ratio = worst_error(factors, 0.1) / worst_error(factors, 0.01)
        assert ratio == pytest.approx(100, rel=0.02)


def test_with_32_bits_rounding_wins():
    errors = {s: worst_error(2, s, torch.float32) for s in (0.1, 0.03, 0.001)}
    assert errors[0.03] < errors[0.1] < 0.01
    assert errors[0.001] > 0.05


def test_tree_and_layer_multiply_four_factors():
    expected = X.prod(1)
    assert (product_tree(X, 0.03) - expected).abs().max() < 1e-3
    assert (one_layer_product(X, 0.03) - expected).abs().max() < 1e-3


def test_units():
    assert [num_units(n) for n in (2, 4, 8, 16)] == [(4, 4), (12, 16), (28, 256), (60, 65_536)]


def test_the_derivatives_of_softplus_at_zero():
    z, found = torch.zeros((), dtype=torch.float64, requires_grad=True), []
    value = torch.nn.functional.softplus(z)
    for _ in range(4):
        (value,) = torch.autograd.grad(value, z, create_graph=True)
        found.append(value.item())
    assert found[1] == CURVATURE
    assert found[3] == pytest.approx(FOURTH_DERIVATIVE)


def test_what_cannot_be_multiplied_is_refused():
    with pytest.raises(ValueError, match="positive"):
        product_gate(X[:, 0], X[:, 1], 0.0)
    with pytest.raises(ValueError, match="3 factors"):
        product_tree(X[:, :3], 0.1)
