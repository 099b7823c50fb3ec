"""Operators written in simpler ones before they are lowered: torch's own tables, and our own."""

from functools import cache

import torch
from torch import Tensor
from torch._decomp import core_aten_decompositions, get_decompositions

from dlbook.compile.lowering import CannotCompile

aten = torch.ops.aten

# Operators that core ATen keeps and that are simple in terms of others.
TORCHS_OWN = [
    aten._log_softmax, aten._softmax, aten.addmm, aten.gelu,
    aten.leaky_relu, aten.elu, aten.softplus, aten.hardswish, aten.silu,
    aten.mish, aten.baddbmm, aten.hardsigmoid, aten.hardtanh, aten.log_sigmoid_forward,
    aten.linalg_vector_norm,
]  # fmt: skip


@cache
def decompositions() -> dict:
    """Operator -> its decomposition, for `make_fx`."""
    table = dict(core_aten_decompositions())
    table.update(get_decompositions(TORCHS_OWN))
    for kept in (
        aten.mean.dim, aten.mean.default, aten.threshold_backward.default,
        aten.select_scatter.default, aten.tanh_backward.default, aten.sigmoid_backward.default,
    ):  # fmt: skip
        table.pop(kept, None)
    return table | OWN


def convolution_backward(
    out, x, weight, bias_sizes, stride, padding, dilation, transposed, output_padding, groups, mask
):
    """The gradients of a convolution as convolutions: of the input, the weight and the bias."""
    if groups != 1:
        return NotImplemented  # refused when the convolution itself is lowered
    gradients = transposed_backward if transposed else plain_backward
    over_places = [0, *range(2, out.dim())]
    x_grad, weight_grad = gradients(out, x, weight, stride, padding, dilation, mask)
    return x_grad, weight_grad, out.sum(over_places) if mask[2] else None


def plain_backward(out, x, weight, stride, padding, dilation, mask):
    """Of y = conv(x, weight)."""
    x_grad = weight_grad = None
    spatial = range(len(stride))
    if mask[0]:
        reached = [
            (out.shape[i + 2] - 1) * stride[i] - 2 * padding[i]
            + dilation[i] * (weight.shape[i + 2] - 1) + 1
            for i in spatial
        ]  # fmt: skip
        rest = [x.shape[i + 2] - reached[i] for i in spatial]
        x_grad = aten.convolution(out, weight, None, stride, padding, dilation, True, rest, 1)
    if mask[1]:
        weight_grad = weight_gradient(x, out, weight, stride, padding, dilation)
    return x_grad, weight_grad


def transposed_backward(out, x, weight, stride, padding, dilation, mask):
    """Of y = convᵀ(x, weight): the roles of x and y swap."""
    x_grad = weight_grad = None
    if mask[0]:
        none = [0] * len(stride)
        x_grad = aten.convolution(out, weight, None, stride, padding, dilation, False, none, 1)
        x_grad = beginning(x_grad, x)
    if mask[1]:
        weight_grad = weight_gradient(out, x, weight, stride, padding, dilation)
    return x_grad, weight_grad


def weight_gradient(x, out, weight, stride, padding, dilation) -> Tensor:
    """The correlation of a convolution's input with the gradient of its output."""
    gradient = aten.convolution(
        x.transpose(0, 1), out.transpose(0, 1), None, dilation, padding, stride, False,
        [0] * len(stride), 1,
    ).transpose(0, 1)  # fmt: skip
    return beginning(gradient, weight)


def beginning(gradient: Tensor, like: Tensor) -> Tensor:
    """As many places of space as `like` has."""
    for axis in range(2, like.dim()):
        gradient = gradient.narrow(axis, 0, like.shape[axis])
    return gradient


def batch_norm(x, weight, bias, running_mean, running_var, training, momentum, eps):
    """Normalisation over the batch; what a layer keeps of it (running statistics) is refused."""
    shape = [1, -1] + [1] * (x.dim() - 2)
    if training and running_mean is not None:
        raise CannotCompile(
            "batch norm that updates running statistics can't be compiled: use"
            " track_running_stats=False, or keep them in the state yourself"
        )
    if training:
        axes = [0, *range(2, x.dim())]
        mean = x.mean(axes)
        var = ((x - mean.reshape(shape)) ** 2).mean(axes)
    else:
        mean, var = running_mean, running_var
    scale = torch.rsqrt(var + eps)
    y = scaled_and_shifted((x - mean.reshape(shape)) * scale.reshape(shape), weight, bias, shape)
    return y, mean, scale


def scaled_and_shifted(y, weight, bias, shape):
    """weight · y + bias, where there are any."""
    if weight is not None:
        y = y * weight.reshape(shape)
    return y if bias is None else y + bias.reshape(shape)


def batch_norm_without_statistics(x, weight, bias, training, momentum, eps):
    return batch_norm(x, weight, bias, None, None, training, momentum, eps)


def layer_norm(x, normalized_shape, weight, bias, eps):
    """Normalisation over the last axes."""
    axes = list(range(x.dim() - len(normalized_shape), x.dim()))
    mean = x.mean(axes, keepdim=True)
    scale = torch.rsqrt(((x - mean) ** 2).mean(axes, keepdim=True) + eps)
    y = scaled_and_shifted((x - mean) * scale, weight, bias, normalized_shape)
    return y, mean, scale


def group_norm(x, weight, bias, examples, channels, pixels, groups, eps):
    """Normalisation over groups of channels."""
    grouped = x.reshape(examples, groups, -1)
    mean = grouped.mean(2, keepdim=True)
    scale = torch.rsqrt(((grouped - mean) ** 2).mean(2, keepdim=True) + eps)
    y = ((grouped - mean) * scale).reshape(x.shape)
    y = scaled_and_shifted(y, weight, bias, [1, -1] + [1] * (x.dim() - 2))
    return y, mean.squeeze(2), scale.squeeze(2)


def var_mean(x, dim=None, correction=None, keepdim=False):
    """Variance and mean over some axes."""
    axes = list(dim or range(x.dim())) if x.dim() else []
    count = 1
    for axis in axes:
        count = count * x.shape[axis]
    mean = x.mean(axes, keepdim=True)
    correction = 1 if correction is None else correction
    count = torch.sym_max(count - correction, 0)
    var = ((x - mean) ** 2).sum(axes, keepdim=True) / count
    return (var, mean) if keepdim else (var.squeeze(axes), mean.squeeze(axes))


def variance(x, dim=None, correction=None, keepdim=False):
    return var_mean(x, dim, correction, keepdim)[0]


def addcmul(x, left, right, value=1):
    """x + value · left · right, without a factor 1 that would be multiplied place by place."""
    product = left * right
    return x + (product if value == 1 else value * product)


def lerp(start, end, weight):
    """start + weight · (end − start), counted from the nearer end as torch does."""
    weight = torch.as_tensor(weight, dtype=start.dtype)
    near = weight.abs() < 0.5
    return torch.where(near, start, end) + torch.where(near, weight, weight - 1) * (end - start)


def max_pool_backward(gradient, x, kernel_size, stride, padding, dilation, ceil_mode, indices):
    """Each output's gradient goes where its maximum was."""
    flat = [*x.shape[:-2], -1]
    zeros = torch.zeros_like(x).reshape(flat)
    spread = zeros.scatter_add(-1, indices.reshape(flat), gradient.reshape(flat))
    return spread.reshape(x.shape)


OWN = {
    aten.addcmul.default: addcmul,
    aten.lerp.Tensor: lerp,
    aten.lerp.Scalar: lerp,
    aten.convolution_backward.default: convolution_backward,
    aten.native_batch_norm.default: batch_norm,
    aten._native_batch_norm_legit.default: batch_norm,
    aten._native_batch_norm_legit.no_stats: batch_norm_without_statistics,
    aten.native_layer_norm.default: layer_norm,
    aten.native_group_norm.default: group_norm,
    aten.var_mean.correction: var_mean,
    aten.var.correction: variance,
    aten.max_pool2d_with_indices_backward.default: max_pool_backward,
}
