import random

import pytest
import torch

from dlbook.broadcasting import broadcast_shapes, match_axes
from dlbook.random import normal


def random_shape_pairs(number: int, seed: int):
    """Pairs of shapes with up to 4 axes and many ones, so that matches and errors are frequent."""
    generator = random.Random(seed)

    def shape():
        return tuple(generator.choice([0, 1, 1, 2, 3]) for _ in range(generator.randint(0, 4)))

    return [(shape(), shape()) for _ in range(number)]


def torch_shape(a, b):
    """What torch makes of a sum of tensors of these shapes: a shape, or None for its error."""
    try:
        return tuple((torch.empty(a) + torch.empty(b)).shape)
    except RuntimeError:
        return None


def our_shape(a, b):
    try:
        return broadcast_shapes(a, b)
    except ValueError:
        return None


def test_agrees_with_torch_on_200_random_pairs():
    pairs = random_shape_pairs(200, seed=0)
    wanted = [torch_shape(a, b) for a, b in pairs]
    assert [our_shape(a, b) for a, b in pairs] == wanted
    assert 40 <= sum(shape is None for shape in wanted) <= 160  # both answers are put to the test


def test_agrees_with_torch_on_all_small_pairs():
    sizes = (0, 1, 2, 3)
    shapes = [(), *[(i,) for i in sizes], *[(i, j) for i in sizes for j in sizes]]
    for a in shapes:
        for b in shapes:
            assert our_shape(a, b) == torch_shape(a, b), (a, b)


def test_the_error_names_the_axis_and_the_sizes():
    with pytest.raises(ValueError, match="axis -2, 3 meets 4 and neither is 1"):
        broadcast_shapes((3, 5), (2, 4, 1))


def test_a_negative_size_is_refused():
    with pytest.raises(ValueError, match="-1 is among"):
        broadcast_shapes((-1, 2), (2,))


def test_every_axis_is_explained_from_the_right():
    steps = match_axes((4, 1), (2, 4, 5))
    assert [(step.axis, step.a, step.b, step.size) for step in steps] == [
        (-1, 1, 5, 5),
        (-2, 4, 4, 4),
        (-3, None, 2, 2),
    ]
    assert [step.reason for step in steps] == [
        "1 is stretched to 5",
        "both are 4",
        "missing on one side, taken as 1 and stretched to 2",
    ]


def test_column_plus_row():
    """Fleuret 2019, section 1.4: a column of 4 and a row of 5 make a table of 4 x 5."""
    column = torch.tensor([[1.0], [2.0], [3.0], [4.0]])
    row = torch.tensor([[5.0, -5.0, 5.0, -5.0, 5.0]])
    table = column + row
    assert table.shape == broadcast_shapes(column.shape, row.shape) == (4, 5)
    assert table[0].tolist() == [6, -4, 6, -4, 6]
    assert table[3].tolist() == [9, -1, 9, -1, 9]


@pytest.mark.parametrize("seed", range(10))
def test_centring_by_broadcasting(seed):
    x = 2 + normal((100, 4), seed=seed)
    assert (x.mean(0) - 2).abs().max() < 0.6  # the standard error is 0.1
    x -= x.mean(0)
    assert x.mean(0).abs().max() < 1e-6


@pytest.mark.parametrize("seed", range(5))
def test_a_missing_axis_turns_a_fit_into_the_mean(seed):
    """(n, 1) against (n,) compares every prediction with every target: the slope dies."""
    X = normal((50, 1), seed=seed)
    y = 3 * X[:, 0]
    right, wrong = (slope_after_descent(X, target) for target in (y.view(50, 1), y))
    assert right == pytest.approx(3, abs=1e-3)
    assert wrong == pytest.approx(0, abs=1e-3)


def slope_after_descent(X, target):
    slope, bias = torch.zeros(1, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    for _ in range(200):
        loss = ((X @ slope + bias - target) ** 2).mean()
        for parameter, gradient in zip(
            (slope, bias), torch.autograd.grad(loss, (slope, bias)), strict=True
        ):
            parameter.data -= 0.2 * gradient
    return slope.item()
