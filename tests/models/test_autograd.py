"""The miniature engine against torch, and its rules one by one."""

import math

import pytest
import torch

from dlbook.models import autograd
from dlbook.models.autograd import Node, backward, backward_steps, topological_order


def test_the_deck_example():
    x, y, z = Node(1.0), Node(-3.0), Node(4.0)
    f = (x + y) * z
    backward(f)
    assert f.value.item() == -8
    assert [node.grad.item() for node in (x, y, z)] == [4, 4, -2]


UNARY = {
    "exp": (lambda a: autograd.exp(a * 0.1), lambda a: (a * 0.1).exp()),
    "log": (lambda a: autograd.log(a * a + 1.0), lambda a: (a * a + 1.0).log()),
    "tanh": (autograd.tanh, torch.tanh),
    "sigmoid": (autograd.sigmoid, torch.sigmoid),
    "relu": (autograd.relu, torch.relu),
    "square": (lambda a: a**2, lambda a: a**2),
    "inverse": (lambda a: 1.0 / (a * a + 1.0), lambda a: 1.0 / (a * a + 1.0)),
    "minus": (lambda a: 2.0 - a, lambda a: 2.0 - a),
    "negative": (lambda a: -a, lambda a: -a),
}
BINARY = {
    "add": (lambda a, b: a + b, lambda a, b: a + b),
    "subtract": (lambda a, b: a - b, lambda a, b: a - b),
    "multiply": (lambda a, b: a * b, lambda a, b: a * b),
    "divide": (lambda a, b: a / (b * b + 1.0), lambda a, b: a / (b * b + 1.0)),
    "maximum": (autograd.maximum, torch.maximum),
}


def random_expression(seed):
    """The same random expression of three inputs, as a node and as a torch tensor."""
    draw = torch.Generator().manual_seed(seed)

    def pick(items):
        return items[int(torch.randint(len(items), (1,), generator=draw))]

    values = torch.randn(3, 4, generator=draw, dtype=torch.float64)
    ours = [Node(value) for value in values]
    theirs = [value.clone().requires_grad_() for value in values]
    pairs = list(zip(ours, theirs, strict=True))
    for _ in range(12):
        if pick([0, 1]):
            f, g = pick(list(UNARY.values()))
            a, b = pick(pairs)
            new = autograd.tanh(f(a) * 0.5), torch.tanh(g(b) * 0.5)
        else:
            f, g = pick(list(BINARY.values()))
            (a, b), (c, d) = pick(pairs), pick(pairs)  # a node may meet itself
            new = f(a, c), g(b, d)
        pairs.append(new)
    node, tensor = pairs[-1]
    for a, b in pairs[:3]:  # every input takes part
        node, tensor = node * a + a, tensor * b + b
    return autograd.total(node), tensor.sum(), ours, theirs


@pytest.mark.parametrize("seed", range(100))
def test_random_expressions_agree_with_torch(seed):
    node, tensor, ours, theirs = random_expression(seed)
    backward(node)
    tensor.backward()
    torch.testing.assert_close(node.value, tensor.detach(), rtol=1e-9, atol=1e-9)
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a.grad, b.grad, rtol=1e-9, atol=1e-9)


def test_random_expressions_use_every_operation():
    signs = {n.name for seed in range(100) for n in topological_order(random_expression(seed)[0])}
    assert {"+", "×", "^2", "^-1", "exp", "log", "tanh", "σ", "relu", "max", "Σ"} <= signs


def test_a_matrix_sends_its_transpose_back():
    A, x = torch.randn(2, 3, dtype=torch.float64), torch.randn(3, dtype=torch.float64)
    message = torch.tensor([1.0, 10.0], dtype=torch.float64)
    node = Node(x)
    z = Node(A) @ node
    backward(autograd.total(z * Node(message)))
    jacobian = torch.autograd.functional.jacobian(lambda v: A @ v, x)  # z_i by x_j: (2, 3)
    assert torch.equal(jacobian, A)
    assert torch.allclose(node.grad, jacobian.T @ message, atol=1e-12)
    with pytest.raises(RuntimeError):
        jacobian @ message  # the slide's formula doesn't even have the right shape
    square = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert not torch.equal(square @ torch.ones(2), square.T @ torch.ones(2))


@pytest.mark.parametrize("shape", [(3,), (3, 5)])
def test_matrix_products_agree_with_torch(shape):
    A = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    B = torch.randn(*shape, dtype=torch.float64, requires_grad=True)
    a, b = Node(A.detach()), Node(B.detach())
    backward(autograd.total(autograd.tanh(a @ b)))
    (A @ B).tanh().sum().backward()
    torch.testing.assert_close(a.grad, A.grad, rtol=0, atol=1e-12)
    torch.testing.assert_close(b.grad, B.grad, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("left", "right"), [((3,), (3, 3)), ((3,), (3,)), ((2, 3), (5, 3, 2))])
def test_other_products_are_refused(left, right):
    """A vector times a square matrix used to get the gradient of another product."""
    with pytest.raises(ValueError, match="matrix on the left"):
        Node(torch.ones(left)) @ Node(torch.ones(right))


@pytest.mark.parametrize(
    ("constant", "name"),
    [(-2, "−2"), (0.1, "0.1"), (torch.tensor(2.5), "2.5"), (torch.ones(2), ""), ([1.0, 3.0], "")],
)
def test_constants_are_named_by_their_number(constant, name):
    node = autograd.as_node(constant)
    assert node.name == name
    assert torch.equal(node.value, torch.as_tensor(constant, dtype=torch.float64))
    a = Node([1.0, 2.0])
    backward(autograd.total(a * constant))
    assert torch.equal(a.grad, node.value.expand(2))


def test_a_broadcast_bias_gets_the_sum():
    X = torch.randn(5, 3, dtype=torch.float64)
    bias, row, number = Node(torch.zeros(3)), Node(torch.zeros(1, 3)), Node(2.0)
    backward(autograd.total((Node(X) + bias + row) * number))
    assert bias.grad.tolist() == [10.0] * 3
    assert row.grad.tolist() == [[10.0] * 3]
    assert number.grad.item() == pytest.approx(X.sum().item())


def test_gates():
    x, y = Node(2.0), Node(5.0)
    backward(x + y)
    assert (x.grad, y.grad) == (1, 1)  # add copies
    backward(x * y)
    assert (x.grad, y.grad) == (5, 2)  # multiply swaps
    backward(autograd.maximum(x, y))
    assert (x.grad, y.grad) == (0, 1)  # max chooses
    backward(x * x)
    assert x.grad == 4  # a branch adds
    backward(autograd.maximum(x, Node(2.0)))
    assert x.grad == 0.5
    with torch.enable_grad():
        tie = torch.tensor(2.0, requires_grad=True)
        torch.maximum(tie, torch.tensor(2.0)).backward()
    assert tie.grad == 0.5


def test_running_backward_again_starts_from_zero():
    x = Node(3.0)
    f = x * x
    backward(f)
    backward(f)
    assert x.grad == 6


def test_steps_deliver_one_node_at_a_time():
    x, y, z = Node(1.0), Node(-3.0), Node(4.0)
    f = (x + y) * z
    steps = backward_steps(f)
    assert next(steps) is f
    assert (x.grad, z.grad) == (0, -2)
    assert next(steps).name == "+"
    assert x.grad == 4
    assert next(steps, None) is None


def test_order_puts_parents_first_and_survives_deep_graphs():
    x = Node(1.0)
    f = x
    for _ in range(20_000):
        f = f + 0.0
    backward(f)
    assert x.grad == 1
    position = {id(node): k for k, node in enumerate(topological_order(f))}
    assert all(position[id(p)] < position[id(n)] for n in topological_order(f) for p in n.parents)


def test_doubling_stages_count_paths():
    for stages in (1, 5, 10, 20):
        x = Node(1.0)
        u = x
        for _ in range(stages):
            u = u + u
        backward(u)
        assert x.grad == 2**stages
        assert len(topological_order(u)) == stages + 1


def test_only_numbers_have_a_gradient():
    with pytest.raises(ValueError, match=r"one number, not of shape \(2,\)"):
        backward(Node([1.0, 2.0]) * 2.0)


def test_local_derivatives():
    x, y = Node(2.0), Node(5.0)
    assert autograd.local_derivatives(x * y) == (5, 2)
    assert autograd.local_derivatives(autograd.exp(x)) == pytest.approx((math.exp(2),))
