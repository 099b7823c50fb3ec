"""Convolutions of every geometry, plain and transposed, with their gradients: equal to torch."""

import itertools

import pytest
import torch
from torch.nn import functional as F

pytestmark = pytest.mark.xdist_group("programs")  # one browser
TOLERANCE = 2e-5  # sums of up to 2 · 9 products of numbers of size 1 to 10, in another order


def with_gradients(convolve):
    """(x, weight) -> the convolution and the gradients of a sum of its cosine-weighted numbers."""

    def function(x, weight):
        leaves = [t.detach().requires_grad_() for t in (x, weight)]
        y = convolve(*leaves)
        loss = (y * torch.arange(y.numel()).reshape(y.shape).cos()).sum()
        slopes = torch.autograd.grad(loss, leaves)
        return {"y": y.detach(), "x": slopes[0], "weight": slopes[1]}

    return function


def numbers(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(len(shape)))


def valid(length: int, kernel: int, padding: int, dilation: int) -> bool:
    return length + 2 * padding >= dilation * (kernel - 1) + 1


@pytest.mark.parametrize(("kernel", "dilation"), [(1, 1), (2, 1), (3, 1), (1, 2), (2, 2)])
def test_every_padding_and_stride(check, kernel, dilation):
    for padding, stride in itertools.product(range(5), (1, 2)):
        if valid(4, kernel, padding, dilation):
            check(
                with_gradients(
                    lambda x, w, p=padding, s=stride: F.conv2d(x, w, None, s, p, dilation)
                ),
                numbers(2, 2, 5, 4), numbers(3, 2, kernel, kernel), tolerance=TOLERANCE,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "output_padding", "dilation"),
    [(1, 1, 1, 0, 1), (3, 1, 1, 0, 1), (2, 1, 2, 0, 1), (3, 2, 2, 1, 1), (3, 1, 0, 1, 2),
     (2, 1, 1, 1, 2), (3, 1, 4, 0, 1)],
)  # fmt: skip
def test_transposed(check, kernel, stride, padding, output_padding, dilation):
    options = {"stride": stride, "padding": padding, "output_padding": output_padding}
    check(
        with_gradients(lambda x, w: F.conv_transpose2d(x, w, dilation=dilation, **options)),
        numbers(2, 2, 8, 7), numbers(2, 3, kernel, kernel), tolerance=TOLERANCE,
    )  # fmt: skip
