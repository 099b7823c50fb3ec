"""Pooling over windows of images."""

from dlbook.compile.buffers import Expression, Index, Window
from dlbook.compile.lower_pointwise import plus
from dlbook.compile.lower_reductions import keep_extreme
from dlbook.compile.lowering import Call
from dlbook.compile.nests import Fill
from dlbook.compile.scalars import Linear, Scalar, number, value_of
from dlbook.compile.sizes import Size


def two(values, default: list[int]) -> list[int]:
    """A setting of both axes."""
    values = list(values) or default
    return values * 2 if len(values) == 1 else values


def max_pool(call: Call) -> list[Window]:
    """max_pool2d_with_indices: values, and their places in the image, row by row."""
    x, build = call["self"], call.build
    kernel = two(call["kernel_size"], [])
    stride, padding = two(call["stride"], kernel), two(call["padding"], [])
    dilation = two(call["dilation"], [])
    shape = call.sizes.shape(call.value[0])
    *leading, height, width = x.shape
    values, places = build.tensor(shape, x.kind), build.tensor(shape, "integer")
    loops, index = build.loops(shape)
    inner_loops, inner = build.loops(kernel)
    row, column = (index[-2 + k] * stride[k] + inner[k] * dilation[k] + -padding[k] for k in (0, 1))
    overhang = call["ceil_mode"] or any(padding)
    element = x.at([*index[: len(leading)], row, column])
    if overhang:
        inside = Scalar("and", _within(row, height), _within(column, width))
        element = Scalar("select", inside, element, number(float("-inf")))
    here = value_of(row * width + column)
    start = _start(index, stride, padding, width) if overhang else number(0)
    build.steps.append(
        keep_extreme(build, element, here, max, loops, inner_loops, index, values, places, start)
    )
    return [values, places]


def _start(index: Index, stride: list[int], padding: list[int], width: Size) -> Scalar:
    """The first place of a window inside the image: where minus infinity alone is found."""
    row, column = (
        Scalar("max", value_of(index[-2 + k] * stride[k] + -padding[k]), number(0)) for k in (0, 1)
    )
    return plus(Scalar("*", row, number(width)), column)


def _within(place: Linear, length: Size) -> Scalar:
    value = value_of(place)
    return Scalar("and", Scalar(">=", value, number(0)), Scalar("<", value, number(length)))


def settings_of_average(call: Call) -> tuple[list[int], list[int], int]:
    """Kernel, stride and divisor; refuses what changes the divisor from place to place."""
    kernel = two(call["kernel_size"], [])
    if call["ceil_mode"] or any(two(call["padding"], [])):
        call.refuse("averages over windows that reach beyond the image are not supported")
    divisor = call.get("divisor_override", kernel[0] * kernel[1])
    return kernel, two(call.get("stride", []), kernel), divisor


def average_pool(call: Call) -> Window:
    """avg_pool2d."""
    x, build = call.build.in_memory(call["self"]), call.build
    kernel, stride, divisor = settings_of_average(call)
    *leading, down, along = x.strides
    windows = Window(
        x.buffer,
        [*call.shape, *kernel],
        [*leading, down * stride[0], along * stride[1], down, along],
        x.offset,
    )
    out = build.tensor(call.shape, call.kind)
    build.reduce(
        out,
        kernel,
        lambda index, inner, total: Scalar("+", total, windows.at([*index, *inner])),
        0,
        lambda total: Scalar("/", total, number(divisor)),
    )
    return out


def average_pool_backward(call: Call):
    """Every pixel of a window gets its share."""
    gradient, build = call["grad_output"], call.build
    call.read("self")
    kernel, stride, divisor = settings_of_average(call)
    out = build.tensor(call.shape, call.kind)
    build.steps.append(Fill(out, "0"))
    *leading, down, along = out.strides
    windows = Window(
        out.buffer,
        [*gradient.shape, *kernel],
        [*leading, down * stride[0], along * stride[1], down, along],
    )

    def share(index: Index) -> Scalar:
        return Scalar("/", gradient.at(index[:-2]), number(divisor))

    build.store(windows, Expression(windows.shape, "float", share), add=True)
    return out


LOWERINGS = {
    "max_pool2d_with_indices": max_pool,
    "avg_pool2d": average_pool,
    "avg_pool2d_backward": average_pool_backward,
}
