"""System Y03: creation, types, views, strides, operators; the layout arithmetic against torch."""

import random

import pytest
import torch

from dlbook.random import normal
from dlbook.tensor_layout import Layout, contiguous, layout_of, shares_storage

SHAPES = [(12,), (3, 4), (2, 3, 4), (1, 5), (2, 1, 3, 2)]


@pytest.mark.parametrize("shape", [*SHAPES, (), (0, 3)])
def test_a_new_tensor_is_contiguous(shape):
    x = torch.empty(shape)
    assert layout_of(x) == contiguous(shape)
    assert contiguous(shape).is_contiguous


@pytest.mark.parametrize("shape", SHAPES)
def test_positions_are_addresses_in_the_storage(shape):
    x = torch.arange(torch.Size(shape).numel()).view(shape)  # each element holds its own address
    assert torch.equal(layout_of(x).positions(), x)
    for index in torch.cartesian_prod(*map(torch.arange, shape)).reshape(x.numel(), -1).tolist():
        assert layout_of(x).position(tuple(index)) == x[tuple(index)]


@pytest.mark.parametrize("seed", range(100))
def test_chains_of_views_have_the_layouts_of_torch(seed):
    """Random chains of 5 operations: shape, stride, offset and contents stay those of torch."""
    generator = random.Random(seed)
    x = torch.arange(120).view(generator.choice([(2, 3, 4, 5), (6, 20), (120,), (1, 8, 15)]))
    layout = layout_of(x)
    for _ in range(5):
        x, layout = random_view(generator, x, layout)
        assert layout == layout_of(x)
        assert torch.equal(layout.positions(), x)
        assert layout.is_contiguous == x.is_contiguous()


def random_view(generator, x, layout):
    dim = generator.randrange(x.dim())
    size = x.shape[dim]
    match generator.choice(["transpose", "narrow", "every", "expand"]):
        case "transpose":
            other = generator.randrange(x.dim())
            return x.transpose(dim, other), layout.transpose(dim, other)
        case "narrow":
            start = generator.randrange(size)
            length = generator.randint(1, size - start)
            return x.narrow(dim, start, length), layout.narrow(dim, start, length)
        case "every":
            step = generator.randint(1, 3)
            chosen = [slice(None)] * x.dim()
            chosen[dim] = slice(None, None, step)
            return x[tuple(chosen)], layout.every(dim, step)
    if size != 1:
        return x, layout
    sizes = [-1] * x.dim()
    sizes[dim] = 3
    return x.expand(sizes), layout.expand(dim, 3)


def test_an_index_outside_is_refused():
    with pytest.raises(IndexError, match=r"\(0, 4\) is outside the shape \(3, 4\)"):
        contiguous((3, 4)).position((0, 4))
    with pytest.raises(IndexError):
        contiguous((3, 4)).position((1,))
    with pytest.raises(IndexError, match="axis 0, which has 3"):
        contiguous((3, 4)).narrow(0, 2, 2)
    with pytest.raises(ValueError, match="not 3"):
        contiguous((3, 4)).expand(0, 5)


def test_strided_layouts_describe_diagonal_and_sliding_windows():
    x = torch.arange(16).view(4, 4)
    assert torch.equal(Layout((4,), (5,)).positions(), x.diagonal())
    windows = torch.arange(6).unfold(0, 3, 1)
    assert layout_of(windows) == Layout((4, 3), (1, 1))


# The operations of the tensor interface, with the values printed in Fleuret 2019, section 1.4.


def test_creation_fill_and_reductions():
    x = torch.empty(2, 5)
    assert x.fill_(1.125) is x
    assert (x.mean().item(), x.std().item(), x.sum().item()) == (1.125, 0.0, 11.25)


def test_an_element_is_a_tensor_without_axes():
    x = torch.tensor([[11.0, 12.0, 13.0], [21.0, 22.0, 23.0]])
    assert x[1, 2].dim() == 0
    assert x[1, 2].item() == 23.0


def test_componentwise_and_matrix_products():
    x, y = torch.tensor([10.0, 20.0, 30.0]), torch.tensor([11.0, 21.0, 31.0])
    m = torch.tensor([[0.0, 0.0, 3.0], [0.0, 2.0, 0.0], [1.0, 0.0, 0.0]])
    assert (x + y).tolist() == [21, 41, 61]
    assert (x * y).tolist() == [110, 420, 930]
    assert (x**2).tolist() == [100, 400, 900]
    assert m.mv(x).tolist() == (m @ x).tolist() == [90, 40, 10]


def test_slice_assignment_writes_into_the_tensor():
    x = torch.tensor([[11.0, 12.0, 13.0], [21.0, 22.0, 23.0]])
    assert x[0].tolist() == [11, 12, 13]
    assert x[:, 0].tolist() == [11, 21]
    x[:, 1:3] = -1
    assert x.tolist() == [[11, -1, -1], [21, -1, -1]]


def test_fills_are_methods_not_functions():
    """E-13: bernoulli_ and normal_ belong to tensors; as functions they don't exist."""
    assert not hasattr(torch, "bernoulli_")
    assert not hasattr(torch, "normal_")
    generator = torch.Generator().manual_seed(0)
    ones = torch.empty(10_000).bernoulli_(0.2, generator=generator)
    assert set(ones.unique().tolist()) == {0.0, 1.0}
    assert ones.mean().item() == pytest.approx(0.2, abs=0.02)  # 5 standard errors of 0.004
    draws = torch.empty(10_000).normal_(2, 0.5, generator=generator)
    assert draws.mean().item() == pytest.approx(2, abs=0.025)
    assert draws.std().item() == pytest.approx(0.5, abs=0.025)


def test_removed_linear_algebra_and_what_replaces_it():
    """E-12: gels is gone; eig, symeig, solve and lstsq exist only to raise."""
    assert not hasattr(torch, "gels")
    a, b = normal((5, 5), seed=0) + 5 * torch.eye(5), normal((5, 2), seed=0, stream=1)
    for removed in (torch.eig, torch.symeig):
        with pytest.raises(RuntimeError, match="removed"):
            removed(a)
    for removed in (torch.solve, torch.lstsq):
        with pytest.raises(RuntimeError, match="removed"):
            removed(b, a)
    torch.testing.assert_close(a @ torch.linalg.solve(a, b), b)
    torch.testing.assert_close(torch.linalg.lstsq(a, b).solution, torch.linalg.solve(a, b))
    values, vectors = torch.linalg.eig(a)
    torch.testing.assert_close(a.to(vectors.dtype) @ vectors, vectors * values)


@pytest.mark.parametrize("seed", range(5))
def test_eigh_rebuilds_a_symmetric_matrix(seed):
    a = normal((6, 6), seed=seed)
    a = a + a.T
    values, vectors = torch.linalg.eigh(a)
    torch.testing.assert_close((vectors * values) @ vectors.T, a, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    ("view", "shares"),
    [
        (lambda x: x.view(2, 6), True),
        (lambda x: x.t(), True),
        (lambda x: x.transpose(0, 1), True),
        (lambda x: x.narrow(1, 1, 2), True),
        (lambda x: x[:, 1:3], True),
        (lambda x: x.split(2)[1], True),
        (lambda x: x.chunk(2, dim=1)[1], True),
        (lambda x: x.reshape(12), True),
        (lambda x: x[:1].expand(5, 4), True),
        (lambda x: torch.from_numpy(x.numpy()), True),
        (lambda x: x.t().reshape(12), False),
        (lambda x: torch.cat((x, x)), False),
        (lambda x: x.index_select(1, torch.tensor([1, 2])), False),
        (lambda x: x[:, [1, 2]], False),
        (lambda x: x[x > 3], False),
        (lambda x: x.clone(), False),
        (lambda x: x.flip(0), False),
        (lambda x: torch.tensor(x.tolist()), False),
    ],
)
def test_which_operations_share_memory(view, shares):
    x = torch.arange(12.0).view(3, 4)
    y = view(x)
    assert shares_storage(x, y) is shares
    before = x.clone()
    y[(0,) * y.dim()] = -1
    assert torch.equal(x, before) is not shares


def test_transposing_twice_is_the_identity():
    x = torch.arange(24).view(2, 3, 4)
    assert torch.equal(x.transpose(0, 2).transpose(0, 2), x)
    assert layout_of(x.transpose(0, 2).transpose(0, 2)) == layout_of(x)


def test_zeroing_a_narrow_changes_the_parent():
    x = torch.ones(5, 3, 4, 4)
    view = x.narrow(1, 1, 2)
    assert view.storage_offset() == 16
    assert view.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()
    view.fill_(0)
    assert x.sum(dim=(0, 2, 3)).tolist() == [80, 0, 0]


def test_view_refuses_what_strides_cannot_say():
    with pytest.raises(RuntimeError, match="view size is not compatible"):
        torch.arange(12).view(3, 4).t().view(12)


@pytest.mark.parametrize(
    ("dtype", "start", "result"),
    [
        (torch.uint8, 255, 0),
        (torch.int8, 127, -128),
        (torch.int64, 2**63 - 1, -(2**63)),
        (torch.bfloat16, 256, 256),
        (torch.float16, 2048, 2048),
        (torch.float32, 2**24, 2**24),
    ],
)
def test_where_counting_stops(dtype, start, result):
    assert (torch.tensor(start, dtype=dtype) + 1).item() == result
    assert torch.tensor(start - 1, dtype=dtype).add(1).item() == start
