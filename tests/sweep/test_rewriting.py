"""Graphs that are rewritten: the same numbers, and what each rule is for."""

from collections import Counter

import pytest
import torch
from torch import nn

from dlbook.sweep.batch_norm import BatchNorm
from dlbook.sweep.channels_last import PER_CHANNEL, ChannelsLast
from dlbook.sweep.cheaper import Cheaper
from dlbook.sweep.graph import aten, trace
from dlbook.sweep.reuse import Reuse

MEMBERS, SAMPLES = 3, 5


def numbers(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def targets(graph) -> Counter:
    return Counter(node.target for node in graph.graph.nodes if node.op == "call_function")


def gradient_step(model):
    """(weights of all members, X) -> their losses' gradients; X is shared by the members."""

    def loss(params, X):
        return torch.func.functional_call(model, params, (X,)).square().sum()

    return torch.vmap(torch.func.grad(loss), in_dims=(0, None))


def traced(model, X):
    """The graph of the gradients, its inputs, and what comes out of it."""
    names = dict(model.named_parameters())
    params = [numbers(MEMBERS, *p.shape, seed=i) for i, p in enumerate(names.values())]

    def flat(*tensors):
        *weights, X = tensors
        grads = gradient_step(model)(dict(zip(names, weights, strict=True)), X)
        return list(grads.values())

    inputs = [*params, X]
    return trace(flat, inputs), inputs, flat(*inputs)


def small_cnn(pooling):
    return nn.Sequential(
        nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(), pooling, nn.Conv2d(2, 3, 3), nn.ReLU(),
        nn.Flatten(), nn.Linear(12, 2),
    )  # fmt: skip


@pytest.mark.parametrize("pooling", [nn.MaxPool2d(2), nn.AvgPool2d(2), nn.AdaptiveAvgPool2d(4)])
def test_convolutions_and_pooling_are_stacked_alike_and_have_their_bias(pooling):
    graph, inputs, expected = traced(small_cnn(pooling), numbers(SAMPLES, 1, 8, 8))
    before = targets(graph)
    graph = ChannelsLast(graph).run()
    for found, value in zip(graph(*inputs), expected, strict=True):
        torch.testing.assert_close(found, value, rtol=1e-4, atol=1e-5)
    convolutions = [n for n in graph.graph.nodes if n.target is aten.convolution.default]
    pools = [n for n in graph.graph.nodes if "pool2d" in str(n.target)]
    assert (len(convolutions), len(pools)) == (2, 2)  # of the pools one is the gradient's
    assert all(node.args[2] is not None for node in convolutions), "a bias is a sum of its own"
    for images in (node.args[0].meta["val"] for node in pools):
        assert images.shape[0] == SAMPLES
        assert images.is_contiguous(memory_format=torch.channels_last)
    assert targets(graph)[aten.add.Tensor] == before[aten.add.Tensor] - 2


def test_a_sum_with_images_of_another_place_is_no_bias():
    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Conv2d(1, 2, 3, padding=1, bias=False)
            self.second = nn.Conv2d(2, 2, 3, padding=1, bias=False)

        def forward(self, X):
            h = self.first(X)
            return self.second(h) + h

    graph, inputs, expected = traced(Residual(), numbers(SAMPLES, 1, 6, 6))
    for found, value in zip(ChannelsLast(graph).run()(*inputs), expected, strict=True):
        torch.testing.assert_close(found, value, rtol=1e-4, atol=1e-4)


def test_numbers_of_channels_lie_side_by_side():
    """Those of batch norm: parts of the parameters, which have gaps between members."""
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3, bias=False), nn.BatchNorm2d(2, track_running_stats=False), nn.ReLU()
    )
    graph, inputs, expected = traced(model, numbers(SAMPLES, 1, 6, 6))
    graph = ChannelsLast(graph).run()
    for found, value in zip(graph(*inputs), expected, strict=True):
        torch.testing.assert_close(found, value, rtol=1e-4, atol=1e-4)
    each = [
        node.args[1]
        for node in graph.graph.nodes
        if node.target in PER_CHANNEL and node.args[1].meta["val"].numel() == 2 * MEMBERS
    ]
    assert len(each) >= 2  # scale and shift, and what the gradient needs of them
    assert all(node.target is aten.clone.default for node in each)


def normalizing(dims):
    """Batch norm after a product, in so many dimensions."""
    first, norm = {
        1: (nn.Linear(6, 4, bias=False), nn.BatchNorm1d),
        2: (nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d),
        3: (nn.Conv3d(1, 4, 3, bias=False), nn.BatchNorm3d),
    }[dims]
    return nn.Sequential(first, norm(4, track_running_stats=False), nn.Tanh())


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_batch_norm_scales_and_shifts_and_has_the_gradients_of_both(dims):
    X = numbers(SAMPLES, 6) if dims == 1 else numbers(SAMPLES, 1, *[6] * dims)
    graph, inputs, expected = traced(normalizing(dims), X)
    before = targets(graph)
    graph = BatchNorm(graph).run()
    for found, value in zip(graph(*inputs), expected, strict=True):
        torch.testing.assert_close(found, value, rtol=1e-4, atol=1e-4 * float(value.abs().max()))
    (norm,) = (n for n in graph.graph.nodes if n.target is aten.native_batch_norm.default)
    assert [part.target for part in norm.args[1:3]] == [aten.reshape.default] * 2
    left_out = before - targets(graph)
    # forward · scale + shift; backward x − mean, · 1 / deviation, · gradient, both sums, · scale
    assert left_out[aten.add.Tensor] == left_out[aten.sub.Tensor] == 1
    assert left_out[aten.mul.Tensor] == 4
    assert left_out[aten.sum.dim_IntList] == 2
    assert left_out[aten.ones.default] == 2


CHANNELS, POINTS = 4, 4  # of each member; as many points as channels, so that wrong axes fit, too
FLAT = MEMBERS * CHANNELS


def by_channel(flat):
    """(point, member · channel) -> (member, channel, point), as vmap does."""
    return flat.transpose(0, 1).reshape(MEMBERS, CHANNELS, POINTS)


def same_with_batch_norm(function, *inputs):
    """Check that a function's numbers stay as they are."""
    graph = BatchNorm(trace(lambda *tensors: list(function(*tensors)), inputs)).run()
    for found, value in zip(graph(*inputs), function(*inputs), strict=True):
        torch.testing.assert_close(found, value, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "then",
    [
        lambda x, mean, scale, shift, points: [x * scale + shift],
        lambda x, mean, scale, shift, points: [x * scale + shift, x],
        lambda x, mean, scale, shift, points: [(y := x * scale) + shift, y],
        lambda x, mean, scale, shift, points: [x * (mean + 1) + shift],
        lambda x, mean, scale, shift, points: [x * scale + mean],
        lambda x, mean, scale, shift, points: [x * points + shift],
        lambda x, mean, scale, shift, points: [x * scale + points],
        lambda x, mean, scale, shift, points: [torch.add(x * scale, shift, alpha=2)],
        lambda x, mean, scale, shift, points: [x.transpose(1, 2) * scale + shift],
    ],
)
@pytest.mark.parametrize("weighted", [False, True])
def test_what_resembles_a_batch_norms_scale_and_shift_stays_right(then, weighted):
    def function(x, weight, *parts):
        weight = weight + 0 if weighted else torch.ones(FLAT)
        y, mean, _ = aten.native_batch_norm(
            x, weight, torch.zeros(FLAT), None, None, True, 0.1, 1e-5
        )
        return then(by_channel(y), mean.reshape(MEMBERS, CHANNELS, 1), *parts)

    scale, shift = (numbers(MEMBERS, CHANNELS, 1, seed=i) for i in (1, 2))
    points = numbers(MEMBERS, 1, POINTS, seed=3)
    same_with_batch_norm(
        function, numbers(POINTS, FLAT), numbers(FLAT, seed=4), scale, shift, points
    )


@pytest.mark.parametrize(
    "further",
    [
        lambda g, x: [(g * ((x - 1) * 2)).sum(2)],
        lambda g, x: [((x - 1) * 2 * g).sum(2)],
        lambda g, x: [g.sum(1), g.sum([0, 2])],
        lambda g, x: [g.sum(2).exp()],  # before the gradient of the batch norm is known
        lambda g, x: [(x * g).sum(2)],
    ],
)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("by", ["channel", "point", "not turned", "turned else"])
def test_what_resembles_the_gradient_of_a_batch_norm_stays_right(further, weighted, by):
    def function(gradient, x, mean, deviation, weight, scale, points):
        turned = gradient.transpose(1, 2)
        sums = further(turned, by_channel(x))
        given = {
            "not turned": gradient,
            "turned else": gradient.reshape(POINTS, CHANNELS, MEMBERS).transpose(0, 2),
        }.get(by, turned)
        scaled = given * (points if by == "point" else scale)
        weight = weight + 0 if weighted else torch.ones(FLAT)
        flat = scaled.transpose(1, 2).transpose(0, 1).reshape(POINTS, FLAT)
        return *sums, aten.native_batch_norm_backward(
            flat, x, weight, None, None, mean, deviation, True, 1e-5, [True, False, False]
        )[0]

    x = numbers(POINTS, FLAT)
    _, mean, deviation = aten.native_batch_norm(x, None, None, None, None, True, 0.1, 1e-5)
    same_with_batch_norm(
        function, numbers(MEMBERS, POINTS, CHANNELS, seed=6), x, mean, deviation,
        numbers(FLAT, seed=4), numbers(MEMBERS, CHANNELS, 1, seed=1),
        numbers(MEMBERS, 1, POINTS, seed=3),
    )  # fmt: skip


def reused(function, *inputs):
    """The rewritten graph of a function, after a check that its numbers are as before."""
    graph = trace(lambda *tensors: [function(*tensors)], inputs)
    graph = Reuse(graph).run()
    kept = [x.clone() for x in inputs]
    for _ in range(2):
        (found,) = graph(*inputs)
        torch.testing.assert_close(found, function(*kept), rtol=0, atol=0)
    for x, before in zip(inputs, kept, strict=True):
        torch.testing.assert_close(x, before, rtol=0, atol=0)
    return targets(graph)


X, ROW = numbers(4, 4), numbers(4, seed=1)


def test_what_is_not_read_again_is_overwritten():
    found = reused(lambda x: x.exp().relu().mul(2), X)
    assert found[aten.relu_.default] == 1
    assert found[aten.mul_.Tensor] == 1
    assert found[aten.exp.default] == 1, "an input must stay"
    found = reused(lambda x, g: aten.tanh_backward(g.exp(), x.tanh()), X, X)
    assert found[aten.tanh_backward.grad_input] == 1
    found = reused(lambda x: x.exp().t().relu(), X)
    assert found[aten.relu_.default] == 1, "a view is as good, if nobody reads what it shows"


@pytest.mark.parametrize(
    "function",
    [
        lambda x, row: x.exp().relu() + x,
        lambda x, row: (y := x.exp()).relu() * y,
        lambda x, row: (y := x.exp()).t().relu() + y,
        lambda x, row: (y := x.exp()).sub(y.t()),
        lambda x, row: (y := x.exp()).view(16)[:4] + y.relu().sum(0),
        lambda x, row: row.exp().expand(4, 4).relu() + x,
        lambda x, row: row.exp().mul(x),
        lambda x, row: row.exp().relu() + x.exp().relu().sum(0),
        lambda x, row: (x > 0).logical_not().mul(row),
        lambda x, row: x.t().relu(),
        lambda x, row: 2 ** x.exp(),
        lambda x, row: torch.stack([y := x.exp(), y.relu()]),
    ],
)
def test_what_is_still_read_stays(function):
    reused(function, X, ROW)


@pytest.mark.parametrize("columns", [2, 8, 15, 16])
def test_softmax_of_short_rows_is_the_same(columns):
    x, g = numbers(3, 6, columns), numbers(3, 6, columns, seed=1)
    x[0, :, 0] = -torch.inf  # masked, as in attention
    x[1] *= 50

    def both(x, g):
        y = torch.softmax(x, -1)
        return [y, aten._softmax_backward_data(g, y, -1, torch.float32)]

    graph = Cheaper(trace(both, [x, g])).run()
    assert (aten._softmax.default in targets(graph)) == (columns >= 16)
    for found, value in zip(graph(x, g), both(x, g), strict=True):
        torch.testing.assert_close(found, value, rtol=1e-5, atol=1e-6)


def test_a_number_is_divided_before_it_is_repeated():
    x = numbers(3, 1)
    graph = Cheaper(trace(lambda x: [aten.div.Scalar(x.expand(3, 7), 7)], [x])).run()
    sizes = [n.meta["val"].shape for n in graph.graph.nodes if n.target is aten.div.Scalar]
    assert sizes == [(3, 1)]
    torch.testing.assert_close(graph(x)[0], x.expand(3, 7) / 7, rtol=0, atol=0)
