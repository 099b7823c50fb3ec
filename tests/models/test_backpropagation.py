"""Back-propagation by hand against autograd, finite differences and the decks' formulas."""

import pytest
import torch
from torch import nn

from dlbook import losses, random
from dlbook.models import backpropagation as bp
from dlbook.models.gradient_check import numerical_gradient, relative_error
from dlbook.models.mlp import linears, mlp

SIZES = ([3, 4], [3, 5, 4], [4, 6, 6, 3], [2, 7, 5, 6, 3])


def problem(sizes, seed=0, batch=6):
    layers = bp.init_layers(sizes, seed=seed)
    X = random.normal((batch, sizes[0]), seed=seed, stream=100).double()
    y = random.integers(sizes[-1], batch, seed=seed, stream=101)
    return layers, X, y


@pytest.mark.parametrize(
    ("name", "module"), [("tanh", nn.Tanh), ("relu", nn.ReLU), ("sigmoid", nn.Sigmoid)]
)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_forward_pass_is_that_of_torch_modules(sizes, name, module):
    layers, X, _ = problem(sizes)
    model = mlp(sizes, module).double()
    with torch.no_grad():
        for linear, (W, b) in zip(linears(model), layers, strict=True):
            linear.weight.copy_(W)
            linear.bias.copy_(b)
        logits = model(X)
    passed = bp.forward(layers, X, bp.ACTIVATIONS[name])
    torch.testing.assert_close(passed.s[-1], logits, rtol=0, atol=1e-12)
    torch.testing.assert_close(passed.x[-1], logits.softmax(dim=1), rtol=0, atol=1e-12)
    assert len(passed.s) == len(layers)
    assert torch.equal(passed.x[0], X)


def by_autograd(layers, X, y, activation):
    leaves = [(W.clone().requires_grad_(), b.clone().requires_grad_()) for W, b in layers]
    bp.mean_loss(leaves, X, y, activation).backward()
    return [(W.grad, b.grad) for W, b in leaves]


@pytest.mark.parametrize("name", bp.ACTIVATIONS)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_gradients_equal_autograd(sizes, name, seed):
    activation = bp.ACTIVATIONS[name]
    layers, X, y = problem(sizes, seed)
    ours = bp.backward(layers, bp.forward(layers, X, activation), y, activation)
    for pair, other in zip(ours, by_autograd(layers, X, y, activation), strict=True):
        for a, b in zip(pair, other, strict=True):
            assert a.shape == b.shape
            assert (a - b).abs().max() < 1e-10


@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_gradients_equal_finite_differences(sizes, name):
    activation = bp.ACTIVATIONS[name]
    layers, X, y = problem(sizes)
    ours = bp.backward(layers, bp.forward(layers, X, activation), y, activation)
    for pair, gradients in zip(layers, ours, strict=True):
        for parameter, gradient in zip(pair, gradients, strict=True):
            nudged = numerical_gradient(
                lambda: bp.mean_loss(layers, X, y, activation), parameter, 1e-5
            )
            assert (nudged - gradient).abs().max() < 1e-6


@pytest.mark.parametrize("slope", bp.ACTIVATIONS)
def test_slopes_of_activations(slope):
    s = torch.linspace(-3, 3, 20, dtype=torch.float64, requires_grad=True)  # 0 is not among them
    activation = bp.ACTIVATIONS[slope]
    (gradient,) = torch.autograd.grad(activation(s).sum(), s)
    assert (gradient - activation.slope(s)).abs().max() < 1e-12


def test_shapes_and_the_bias_rule():
    activation = bp.ACTIVATIONS["relu"]
    layers, X, y = problem([4, 6, 5, 3])
    passed = bp.forward(layers, X, activation)
    found = bp.deltas(layers, passed, y, activation)
    for (W, b), (dW, db), delta, s, x in zip(
        layers, bp.backward(layers, passed, y, activation), found, passed.s, passed.x, strict=False
    ):
        assert (dW.shape, db.shape, delta.shape) == (W.shape, b.shape, s.shape)
        assert torch.equal(db, delta.sum(dim=0))
        assert torch.allclose(dW, sum(torch.outer(d, v) for d, v in zip(delta, x, strict=True)))
    assert torch.allclose(passed.x[-1].sum(dim=1), torch.ones(6, dtype=torch.float64))


def test_one_sample_has_delta_as_bias_gradient():
    activation = bp.ACTIVATIONS["tanh"]
    layers, X, y = problem([4, 6, 5, 3], batch=1)
    passed = bp.forward(layers, X, activation)
    found = bp.deltas(layers, passed, y, activation)
    for delta, (_, db) in zip(found, bp.backward(layers, passed, y, activation), strict=True):
        assert torch.equal(db, delta[0])


@pytest.mark.parametrize("name", bp.ACTIVATIONS)
def test_jacobians_multiply_to_the_derivative_by_the_input(name):
    """E-36: the product of the layers' Jacobians is ∂f/∂x, and not the gradient by parameters."""
    activation = bp.ACTIVATIONS[name]
    layers, X, _ = problem([4, 6, 5, 3])
    passed = bp.forward(layers, X[:1], activation)
    product = torch.eye(4, dtype=torch.float64)
    for jacobian in bp.layer_jacobians(layers, passed, activation):
        product = jacobian @ product

    def logits(x):
        return bp.forward(layers, x[None], activation).s[-1][0]

    by_input = torch.autograd.functional.jacobian(logits, X[0])
    assert (product - by_input).abs().max() < 1e-12
    epsilon = 1e-6
    step = torch.eye(4, dtype=torch.float64) * epsilon
    numeric = torch.stack([(logits(X[0] + e) - logits(X[0] - e)) / (2 * epsilon) for e in step], 1)
    assert (product - numeric).abs().max() < 1e-7
    assert product.shape == (3, 4)
    assert product.numel() != layers[0][0].numel()  # a gradient by W1 would have 6 x 4 entries


def test_parameters_of_a_layer_need_their_own_last_factor():
    """E-36: for W^(l) the product stops at layer l and is multiplied by ∂s^(l)/∂W^(l)."""
    activation = bp.ACTIVATIONS["tanh"]
    layers, X, _ = problem([4, 6, 5, 3], batch=1)
    passed = bp.forward(layers, X, activation)
    jacobians = bp.layer_jacobians(layers, passed, activation)
    stopped = jacobians[2] @ jacobians[1] @ torch.diag(activation.slope(passed.s[0][0]))  # (3, 6)
    by_weights = torch.einsum("ki,j->kij", stopped, X[0])  # ∂s_i/∂W_ij = x_j

    def logits(W):
        return bp.forward([(W, layers[0][1]), *layers[1:]], X, activation).s[-1][0]

    expected = torch.autograd.functional.jacobian(logits, layers[0][0])
    assert (by_weights - expected).abs().max() < 1e-12


def test_formulas_of_the_three_layer_deck():
    """E-21: δ3 = ∂l/∂x3 ⊙ σ'(s3) and so on, with an element-wise last layer and squared error."""
    A1, A2, A3 = (W.requires_grad_() for W, _ in bp.init_layers([4, 5, 6, 3], seed=1))
    b1, b2, b3 = (torch.zeros(n, dtype=torch.float64, requires_grad=True) for n in (5, 6, 3))
    x0, y = torch.randn(4, dtype=torch.float64), torch.randn(3, dtype=torch.float64)
    sigma, slope = torch.sigmoid, bp.ACTIVATIONS["sigmoid"].slope
    s1 = A1 @ x0 + b1
    x1 = sigma(s1)
    s2 = A2 @ x1 + b2
    x2 = sigma(s2)
    s3 = A3 @ x2 + b3
    x3 = sigma(s3)
    x1.retain_grad()
    x2.retain_grad()
    ((x3 - y) ** 2).sum().backward()
    with torch.no_grad():
        d3 = 2 * (x3 - y) * slope(s3)
        d2 = (A3.T @ d3) * slope(s2)
        d1 = (A2.T @ d2) * slope(s1)
        for found, expected in (
            (A3.T @ d3, x2.grad),
            (A2.T @ d2, x1.grad),
            (torch.outer(d3, x2), A3.grad),
            (torch.outer(d2, x1), A2.grad),
            (torch.outer(d1, x0), A1.grad),
            (d3, b3.grad),
            (d2, b2.grad),
            (d1, b1.grad),
        ):
            assert (found - expected).abs().max() < 1e-12
        with pytest.raises(RuntimeError):  # the slide's matrix product of two columns of 3
            (2 * (x3 - y))[:, None] @ slope(s3)[:, None]
        assert (torch.outer(d2, x1) - torch.outer(A3.T @ d3, x1)).abs().max() > 1e-3  # without σ'


def test_softmax_couples_all_outputs():
    """E-22: the Jacobian is diag(p) − ppᵀ; with cross-entropy it collapses to p − y."""
    for seed in range(5):
        s = random.normal(4, seed=seed).double()
        p = s.softmax(0)
        jacobian = torch.autograd.functional.jacobian(lambda v: v.softmax(0), s)
        assert (jacobian - (torch.diag(p) - torch.outer(p, p))).abs().max() < 1e-14
        off_diagonal = jacobian - torch.diag(jacobian.diagonal())
        assert off_diagonal.abs().max() > 0.02
        target = torch.eye(4, dtype=torch.float64)[2]
        leaf = s.clone().requires_grad_()
        losses.cross_entropy(leaf[None], torch.tensor([2])).sum().backward()
        assert (leaf.grad - (p - target)).abs().max() < 1e-12
        by_chain = jacobian.T @ (-target / p)
        assert (leaf.grad - by_chain).abs().max() < 1e-12
        wrong = p * (1 - p) * (-target / p)  # element by element: only one output moves
        assert (leaf.grad - wrong).abs().max() > 0.01


def test_training_by_hand_is_training_with_torch():
    activation = bp.ACTIVATIONS["relu"]
    layers, X, y = problem([4, 8, 6, 3], batch=40)
    ours, history = bp.train(layers, X, y, activation, lr=0.1, num_steps=50)
    leaves = [p.clone().requires_grad_() for pair in layers for p in pair]
    optimizer = torch.optim.SGD(leaves, lr=0.1)
    for _ in range(50):
        optimizer.zero_grad()
        pairs = list(zip(leaves[::2], leaves[1::2], strict=True))
        bp.mean_loss(pairs, X, y, activation).backward()
        optimizer.step()
    for a, b in zip([p for pair in ours for p in pair], leaves, strict=True):
        assert (a - b).abs().max() < 1e-10
    assert history[-1] < history[0]


def test_eight_points_can_be_overfitted():
    activation = bp.ACTIVATIONS["tanh"]
    for seed in range(3):
        layers, X, y = problem([4, 16, 16, 3], seed, batch=8)
        _, history = bp.train(layers, X, y, activation, lr=0.5, num_steps=400)
        assert history[-1] < 0.02


def test_the_same_layers_begin_alike():
    a, b = bp.init_layers([3, 4, 2], seed=5), bp.init_layers([3, 4, 2], seed=5)
    for s, t in zip(a, b, strict=True):
        assert torch.equal(s[0], t[0])
        assert torch.equal(s[1], t[1])
    assert [tuple(W.shape) for W, _ in a] == [(4, 3), (2, 4)]


def test_relative_error_of_equal_and_opposite():
    a = torch.tensor([3.0, 4.0])
    assert relative_error(a, a) == 0
    assert relative_error(a, -a) == 1
    assert relative_error(0 * a, 0 * a) == 0
