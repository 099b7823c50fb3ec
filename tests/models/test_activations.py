import math

import pytest
import torch
import torch.nn.functional as F

from dlbook.models import activations as a
from dlbook.models.activations import ACTIVATIONS
from dlbook.random import normal

Z = torch.linspace(-8, 8, 1601, dtype=torch.float64) + 1e-4  # beside the kinks
PARAMETERS = (0.1, 0.5, 1.0, 4.0)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("parameter", PARAMETERS)
def test_autograd_derivative_is_the_formula(name, parameter):
    z = Z.clone().requires_grad_()
    (autograd,) = torch.autograd.grad(ACTIVATIONS[name](z, parameter).sum(), z)
    torch.testing.assert_close(ACTIVATIONS[name].slope(Z, parameter), autograd, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_parameter_matters_exactly_where_there_is_one(name):
    one, two = (ACTIVATIONS[name](Z, parameter) for parameter in (0.5, 2.0))
    assert torch.equal(one, two) == (ACTIVATIONS[name].parameter == "")


@pytest.mark.parametrize(
    ("ours", "torchs"),
    [
        (a.sigmoid(Z), 1 / (1 + torch.exp(-Z))),
        (a.tanh(Z), torch.tanh(Z)),
        (a.relu(Z), F.relu(Z)),
        (a.leaky_relu(Z, 0.1), F.leaky_relu(Z, 0.1)),
        (a.elu(Z, 1.5), F.elu(Z, 1.5)),
        (a.swish(Z), F.silu(Z)),
        (a.softplus(Z, 2.0), F.softplus(Z, 2.0)),
        (a.gelu(Z), F.gelu(Z)),
        (a.softmax(Z.view(-1, 1) * torch.ones(3)), torch.full((len(Z), 3), 1 / 3)),
    ],
)
def test_equals_torch(ours, torchs):
    torch.testing.assert_close(ours, torchs.double(), rtol=0, atol=3e-7)


def test_derivatives_at_the_kink_are_torchs():
    z = torch.zeros(1, requires_grad=True)
    for name, torchs in (("ReLU", F.relu), ("leaky ReLU", lambda z: F.leaky_relu(z, 0.25))):
        (gradient,) = torch.autograd.grad(torchs(z).sum(), z)
        assert torch.equal(ACTIVATIONS[name].slope(z.detach(), 0.25), gradient)


def test_tanh_is_a_stretched_sigmoid():
    z = torch.linspace(-20, 20, 4001, dtype=torch.float64)
    assert (torch.tanh(z) - (2 * torch.sigmoid(2 * z) - 1)).abs().max() < 1e-15
    assert (torch.tanh(z) - a.tanh(z)).abs().max() < 1e-15


def test_largest_slopes():
    zero = torch.zeros(1, dtype=torch.float64)
    for slope, largest in ((a.sigmoid_derivative, 0.25), (a.tanh_derivative, 1.0)):
        assert float(slope(zero)) == largest
        assert slope(Z).max() <= largest


def test_lowest_point_of_swish():
    z = torch.linspace(-1.3, -1.25, 500_001, dtype=torch.float64)
    lowest = a.swish(z).argmin()
    assert float(z[lowest]) == pytest.approx(-1.27846, abs=1e-5)
    assert float(a.swish(z)[lowest]) == pytest.approx(-0.27846, abs=1e-5)
    for beta in (0.5, 2.0, 4.0):  # at −1.27846/β for every β
        at = torch.tensor(-1.2784645 / beta, dtype=torch.float64)
        assert a.swish_derivative(at, beta).abs() < 1e-7


def test_limits_of_swish_and_softplus():
    assert (a.swish(Z, 1e-6) - Z / 2).abs().max() < 1e-4
    assert (a.swish(Z, 1e4) - a.relu(Z)).abs().max() < 1e-4
    assert (a.softplus(Z, 1e4) - a.relu(Z)).abs().max() < 1e-4


def test_nothing_overflows_in_the_functions():
    far = torch.tensor([-1e4, 1e4], dtype=torch.float64)
    for activation in ACTIVATIONS.values():
        assert activation(far).isfinite().all()
        assert activation.slope(far).isfinite().all()
    assert a.softmax(torch.tensor([1e4, 0.0, -1e4])).tolist() == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gradients_far_from_zero_are_the_slope(name, dtype):
    """The quotient 1 / (1 + exp(−z)) has the right value at z = −100, but a gradient of NaN."""
    z = torch.tensor([-1000.0, -100.0, 100.0, 1000.0], dtype=dtype, requires_grad=True)
    (autograd,) = torch.autograd.grad(ACTIVATIONS[name](z).sum(), z)
    torch.testing.assert_close(autograd, ACTIVATIONS[name].slope(z.detach()), rtol=0, atol=1e-30)


@pytest.mark.parametrize("temperature", [0.25, 1.0, 4.0])
def test_softmax_rows_sum_to_one_and_ignore_constant_shifts(temperature):
    logits = 5 * normal((200, 7), seed=0).double()
    p = a.softmax(logits, temperature)
    assert (p.sum(1) - 1).abs().max() < 1e-12
    assert (p > 0).all()
    for shift in (-30.0, 0.1, 500.0):
        assert (a.softmax(logits + shift, temperature) - p).abs().max() < 1e-12
    torch.testing.assert_close(p, torch.softmax(logits / temperature, 1), rtol=0, atol=1e-12)


def test_temperature_goes_from_the_largest_to_even_shares():
    logits = torch.tensor([1.0, 3.0, 2.0], dtype=torch.float64)
    assert a.softmax(logits, 0.01).tolist() == pytest.approx([0, 1, 0], abs=1e-9)
    assert a.softmax(logits, 1e6).tolist() == pytest.approx([1 / 3] * 3, abs=1e-5)


def test_softmax_couples_all_outputs():
    logits = normal((5,), seed=1).double()
    jacobian = torch.func.jacrev(a.softmax)(logits)
    p = a.softmax(logits)
    torch.testing.assert_close(jacobian, a.softmax_jacobian(p), rtol=0, atol=1e-14)
    off_diagonal = jacobian[~torch.eye(5, dtype=torch.bool)]
    assert (off_diagonal < -1e-3).all()  # every other output falls; seen -0.011 at most
    elementwise = torch.func.jacrev(a.sigmoid)(logits)
    assert torch.equal(elementwise, elementwise.diag().diag())


def test_softmax_of_two_is_a_sigmoid_of_the_difference():
    logits = normal((50, 2), seed=2).double()
    difference = a.softmax(logits)[:, 1] - a.sigmoid(logits[:, 1] - logits[:, 0])
    assert difference.abs().max() < 1e-14


def test_maxout_contains_relu_leaky_relu_and_the_absolute_value():
    x = Z[:, None]
    for slopes, function in (
        ((1.0, 0.0), a.relu(Z)),
        ((1.0, 0.1), a.leaky_relu(Z, 0.1)),
        ((1.0, -1.0), Z.abs()),
    ):
        weights = torch.tensor(slopes, dtype=torch.float64)[:, None]
        assert torch.equal(a.maxout(x, weights, torch.zeros(2, dtype=torch.float64)), function)


def test_maxout_is_convex():
    weights, biases = normal((4, 1), seed=3).double(), normal((4,), seed=4).double()
    y = a.maxout(Z[:, None], weights, biases)
    assert (y.diff().diff() > -1e-12).all()


def test_relu_is_flat_left_of_zero_and_its_unit_is_dead():
    """A ReLU saturates like any other where z < 0: no gradient reaches the weights."""
    X = normal((100, 3), seed=5)
    for name, dead in (("ReLU", True), ("leaky ReLU", False), ("ELU", False)):
        w = torch.ones(3, requires_grad=True)
        b = torch.tensor(-20.0, requires_grad=True)
        ACTIVATIONS[name](X @ w + b, 0.1).sum().backward()
        assert bool((w.grad == 0).all()) == dead
        assert bool(b.grad == 0) == dead


def test_relu_is_not_linear():
    x, y = torch.tensor([2.0]), torch.tensor([-1.0])
    assert a.relu(x + y) != a.relu(x) + a.relu(y)
    assert math.isclose(float(a.relu(x + y)), 1.0)
