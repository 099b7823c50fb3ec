"""Convolutions as products of matrices, which can be stacked: patches of the image as columns."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode


class Patches(TorchFunctionMode):
    """While it is active, a plain `conv2d` is patches times weights; others are as they were.

    A stacked convolution would be one grouped convolution, which is slow; a stacked product is not.
    """

    def __torch_function__(self, function, types, args=(), kwargs=None):
        """Called by torch in place of `function`."""
        kwargs = kwargs or {}
        if function in (torch.conv2d, F.conv2d) and _is_plain(*args, **kwargs):
            return by_patches(*args, **kwargs)
        return function(*args, **kwargs)


def by_patches(
    X: Tensor, weight: Tensor, bias: Tensor | None = None, stride=1, padding=0, dilation=1, groups=1
) -> Tensor:
    """conv2d(X, weight, bias) for X (n, c, h, w) and weight (o, c, kh, kw)."""
    (up, across), (high, wide) = _pair(stride), _pair(padding)
    (num_out, _, kh, kw), num = weight.shape, len(X)
    X = F.pad(X, (wide, wide, high, high)) if high or wide else X
    height, width = (X.shape[2] - kh) // up + 1, (X.shape[3] - kw) // across + 1
    shifted = [
        X[:, :, i : i + up * (height - 1) + 1 : up, j : j + across * (width - 1) + 1 : across]
        for i in range(kh)
        for j in range(kw)
    ]
    columns = torch.stack(shifted, 2)  # (n, c, kh kw, height, width)
    columns = columns.permute(1, 2, 0, 3, 4).reshape(-1, num * height * width)
    y = weight.reshape(num_out, -1) @ columns  # (o, n height width)
    if bias is not None:
        y = y + bias[:, None]
    return y.reshape(num_out, num, height, width).transpose(0, 1)


def _is_plain(X, weight, bias=None, stride=1, padding=0, dilation=1, groups=1) -> bool:
    return (
        X.dim() == 4 and not isinstance(padding, str) and _pair(dilation) == (1, 1) and groups == 1
    )


def _pair(value: int | Sequence[int]) -> tuple[int, int]:
    if isinstance(value, int):
        return value, value
    return value[0], value[-1]
