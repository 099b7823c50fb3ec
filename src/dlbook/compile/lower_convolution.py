"""Convolutions as matrix products: the windows of the images become the columns of a matrix."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dlbook.compile.buffers import Expression, Index, Tensor, Window, read
from dlbook.compile.builder import Builder
from dlbook.compile.lower_pointwise import plus
from dlbook.compile.lower_views import permuted
from dlbook.compile.lowering import Call
from dlbook.compile.nests import Fill, MatrixProduct
from dlbook.compile.scalars import Scalar, rounded
from dlbook.compile.sizes import Size, contiguous_strides, equal, product, typical


@dataclass(frozen=True)
class Geometry:
    """How a kernel moves over an image: three numbers for each axis of space."""

    stride: list[int]
    padding: list[Size]
    dilation: list[int]

    @classmethod
    def of(cls, call: Call) -> "Geometry":
        axes = len(call["input"].shape) - 2
        numbers = (list(call[name]) for name in ("stride", "padding", "dilation"))
        return cls(*(n * (axes if len(n) == 1 else 1) for n in numbers))

    def rest(self, kernel: Sequence[int]) -> list[Size]:
        """The padding that the transposed convolution of stride 1 needs."""
        return [
            d * (n - 1) - p for d, n, p in zip(self.dilation, kernel, self.padding, strict=True)
        ]


def convolution(call: Call) -> Tensor:
    """convolution(input, weight, bias, stride, padding, dilation, transposed, ...)."""
    x, weight, bias = call["input"], call["weight"], call.get("bias")
    if call["groups"] != 1:
        call.refuse("groups are not supported")
    if call.kind != "float":
        call.refuse(f"convolutions are of float32, not of {call.kind}")
    lower = transposed if call["transposed"] else plain
    out = lower(call.build, x, weight, call.shape, Geometry.of(call))
    if bias is None:
        return out

    def at(index: Index) -> Scalar:
        return rounded(plus(out.at(index), read(bias, [index[1]])), "float")

    return Expression(call.shape, "float", at)


def plain(
    build: Builder, x: Tensor, weight: Tensor, shape: list[Size], geometry: Geometry
) -> Window:
    """out[n, o, p] = Σ_{c, k} weight[o, c, k] · x[n, c, stride · p + dilation · k − padding]."""
    weight = build.contiguous(weight)
    x = padded(build, build.in_memory(x), geometry.padding)
    examples, channels, *spatial = x.strides
    rows = [(x.shape[1], channels)]
    rows += _spaced(weight.shape[2:], spatial, geometry.dilation)
    columns = [(shape[0], examples), *_spaced(shape[2:], spatial, geometry.stride)]
    inner, places = (product(n for n, _ in axes) for axes in (rows, columns))
    kernel = Window(weight.buffer, [weight.shape[0], inner], None, weight.offset)
    matrix, swapped = _matrix(build, x, rows, columns)
    if swapped:  # the matrix is there, with rows and columns exchanged: (W M)ᵀ = Mᵀ Wᵀ
        out = build.tensor([places, weight.shape[0]], "float")
        build.steps.append(MatrixProduct(matrix, build.copied(permuted(kernel, [1, 0])), out))
        row, column = 1, weight.shape[0]
    else:
        out = build.tensor([weight.shape[0], places], "float")
        build.steps.append(MatrixProduct(kernel, matrix, out))
        row, column = places, 1
    example, *along = (s * column for s in contiguous_strides([shape[0], *shape[2:]]))
    return Window(out.buffer, shape, [example, row, *along])


Axes = list[tuple[Size, Size]]  # (length, stride)


def _spaced(lengths: list[Size], strides: list[Size], factors: list[int]) -> Axes:
    """Axes of a window whose places are `factors` apart."""
    return [(n, s * d) for n, s, d in zip(lengths, strides, factors, strict=True)]


def _matrix(build: Builder, x: Window, rows: Axes, columns: Axes) -> tuple[Window, bool]:
    """The elements of `x` along some axes as rows and along others as columns, or exchanged.

    One convolution and the gradient of its weight need the same matrix, one of them exchanged.
    """
    key = (x.buffer, x.offset, tuple(rows), tuple(columns))
    exchanged = (x.buffer, x.offset, tuple(columns), tuple(rows))
    if exchanged in build.matrices:
        return build.matrices[exchanged], True
    if key not in build.matrices:
        axes = [*rows, *columns]
        windows = Window(x.buffer, [n for n, _ in axes], [s for _, s in axes], x.offset)
        shape = [product(n for n, _ in rows), product(n for n, _ in columns)]
        build.matrices[key] = Window(build.copied(windows).buffer, shape)
    return build.matrices[key], False


def padded(build: Builder, x: Window, padding: Sequence[Size]) -> Window:
    """`x` with zeros around its last axes; made once, whatever the order of the axes."""
    if not any(padding):
        return x
    around = [0] * (len(x.shape) - len(padding)) + list(padding)
    order = sorted(range(len(x.shape)), key=lambda k: -typical(x.strides[k]))
    back = [order.index(k) for k in range(len(order))]
    inner, around = permuted(x, order), [around[k] for k in order]
    key = (x.buffer, x.offset, tuple(inner.shape), tuple(inner.strides), tuple(around))
    if key not in build.matrices:
        whole = build.tensor([n + 2 * p for n, p in zip(inner.shape, around, strict=True)], x.kind)
        offset = sum(p * s for p, s in zip(around, whole.strides, strict=True))
        build.store(Window(whole.buffer, inner.shape, whole.strides, offset), inner)
        build.matrices[key] = whole  # memory begins as zeros, and nobody writes the border
    return permuted(build.matrices[key], back)


def transposed(
    build: Builder, x: Tensor, weight: Tensor, shape: list[Size], geometry: Geometry
) -> Window:
    """out[n, o, stride · p + dilation · k − padding] += weight[c, o, k] · x[n, c, p]."""
    if _is_plain(x, weight, shape, geometry):
        return _as_plain(build, x, weight, shape, geometry)
    x, weight = build.in_memory(x), build.contiguous(weight)
    taps, places = weight.shape[1:], [x.shape[0], *x.shape[2:]]
    kernel = Window(weight.buffer, [weight.shape[0], product(taps)], None, weight.offset)
    image = build.contiguous(permuted(x, [1, 0, *range(2, len(x.shape))]))
    pixels = Window(image.buffer, [x.shape[1], product(places)], None, image.offset)
    parts = build.tensor([product(taps), product(places)], "float")
    build.steps.append(MatrixProduct(permuted(kernel, [1, 0]), pixels, parts))
    parts = Window(parts.buffer, [*taps, *places])  # (o, k, n, p)
    return _gathered(build, parts, shape, geometry)


def _gathered(build: Builder, parts: Window, shape: list[Size], geometry: Geometry) -> Window:
    """Add what every pixel gives to every place that it reaches; cut the padding off."""
    stride, padding, dilation = geometry.stride, geometry.padding, geometry.dilation
    axes = len(stride)
    reach = [
        max((m - 1) * s + d * (k - 1) + 1, n + 2 * p)
        for m, k, n, s, d, p in zip(
            parts.shape[axes + 2 :], parts.shape[1 : axes + 1], shape[2:], stride, dilation,
            padding, strict=True,
        )
    ]  # fmt: skip
    whole = build.tensor([*shape[:2], *reach], "float")
    build.steps.append(Fill(whole, "0"))
    examples, outputs, *spatial = whole.strides
    steps = [s * w for s, w in zip(stride, spatial, strict=True)]
    taps = [d * w for d, w in zip(dilation, spatial, strict=True)]
    places = Window(whole.buffer, parts.shape, [outputs, *taps, examples, *steps])
    build.store(places, parts, add=True)
    offset = sum(p * w for p, w in zip(padding, spatial, strict=True))
    return Window(whole.buffer, shape, whole.strides, offset)


def _is_plain(x: Tensor, weight: Tensor, shape: list[Size], geometry: Geometry) -> bool:
    """Whether a plain convolution of x, with some padding around it, gives the same."""
    rest = geometry.rest(weight.shape[2:])
    lengths = zip(shape[2:], x.shape[2:], rest, geometry.padding, strict=True)
    return (
        all(s == 1 for s in geometry.stride)
        and all(isinstance(r, int) and r >= 0 for r in rest)
        and all(equal(n, m + r - p) for n, m, r, p in lengths)
    )


def _as_plain(
    build: Builder, x: Tensor, weight: Tensor, shape: list[Size], geometry: Geometry
) -> Window:
    """With stride 1: the convolution with the kernel turned around, and the rest of the padding."""
    lengths = weight.shape[2:]

    def turned(index) -> Scalar:
        taps = [i * -1 + (n - 1) for i, n in zip(index[2:], lengths, strict=True)]
        return weight.at([index[1], index[0], *taps])

    kernel = Expression([weight.shape[1], weight.shape[0], *lengths], "float", turned)
    return plain(build, x, kernel, shape, replace(geometry, padding=geometry.rest(lengths)))


LOWERINGS = {"convolution": convolution}
