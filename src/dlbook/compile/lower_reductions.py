"""Reductions: sums, means, extremes and their places, running sums."""

from collections.abc import Callable

from dlbook.compile.buffers import Index, Tensor, Window
from dlbook.compile.builder import Builder
from dlbook.compile.lower_conversions import convert_scalar, converted
from dlbook.compile.lower_views import reshaped
from dlbook.compile.lowering import Call
from dlbook.compile.nests import Accumulator, Loop, Nest, Store
from dlbook.compile.ranges import whole_product, whole_sum
from dlbook.compile.scalars import Scalar, number, value_of
from dlbook.compile.sizes import Size, product

ZERO_PLACE = number(0)
# name -> (what the accumulator starts with, the operation that takes in one element)
TURNS = {
    "sum": (0, "+"), "mean": (0, "+"), "prod": (1, "*"),
    "amax": (float("-inf"), "max"), "amin": (float("inf"), "min"),
    "max": (float("-inf"), "max"), "min": (float("inf"), "min"),
    "any": (0, "or"), "all": (1, "and"),
}  # fmt: skip


def reduce(call: Call) -> Tensor:
    """sum, mean, prod, amax, amin, any, all over some axes, or max and min over all."""
    initial, op = TURNS[call.name]
    x, axes = _summands(call), call.axes()
    count = product(x.shape[axis] for axis in axes)

    def turn(index: Index, inner: Index, total: Scalar) -> Scalar:
        element = x.at(joined(index, axes, inner))
        if op in ("or", "and"):
            element = convert_scalar(element, x.kind, "boolean")
        return _taken_in(call, op, total, element, count)

    def finish(total: Scalar) -> Scalar:
        if call.name == "mean":
            return Scalar("/", total, number(count))
        counts = call.kind == "integer" and op == "+" and not isinstance(count, int)
        return Scalar("whole", total) if counts else total

    kept = [1 if axis in axes else n for axis, n in enumerate(x.shape)]
    out = call.build.tensor(kept, call.kind)
    call.build.reduce(out, [x.shape[axis] for axis in axes], turn, initial, finish)
    return reshaped(call.build, out, call.shape)


def _taken_in(call: Call, op: str, total: Scalar, element: Scalar, count: Size) -> Scalar:
    """An accumulator's next value, one of `count`; whole numbers are kept exact."""
    if call.kind == "integer" and op == "+":
        return whole_sum(total, element, count)
    if call.kind == "integer" and op == "*":
        return whole_product(total, element)
    return Scalar(op, total, element)


def _summands(call: Call) -> Tensor:
    """What sums and products run over: numbers of the kind that is asked for."""
    call.read("dtype")
    x = call["self"]
    return converted(x, call.kind) if call.name in ("sum", "mean", "prod", "cumsum") else x


def joined(index: Index, axes: list[int], inner: Index) -> list:
    """`index` with the places of `axes` taken from `inner`."""
    full = list(index)
    for axis, place_ in zip(axes, inner, strict=True):
        full[axis] = place_
    return full


def extreme(call: Call) -> Tensor | list[Tensor]:
    """max, min over one axis (value and place), argmax, argmin (place)."""
    if call.name in ("max", "min") and "dim" not in call.arguments:
        return reduce(call)
    x, rank = call["self"], len(call["self"].shape)
    if call.get("dim") is None:  # over all elements, in their order
        x = reshaped(call.build, x, [product(x.shape)])
        axis = 0
    else:
        axis = call["dim"] % max(1, rank)
    values, places = _extreme_along(call, x, axis, best=max if "max" in call.name else min)
    if call.name.startswith("arg"):
        return reshaped(call.build, places, call.shape)
    shape = call.sizes.shape(call.value[0])
    return [reshaped(call.build, t, shape) for t in (values, places)]


def _extreme_along(call: Call, x: Tensor, axis: int, best) -> tuple[Window, Window]:
    """The extreme element along an axis and where it is; the first of equals, NaN before all."""
    build, shape = call.build, list(x.shape)
    if not shape:
        return build.in_memory(x), build.tensor([], "integer")
    kept = [1 if k == axis else n for k, n in enumerate(shape)]
    values, places = build.tensor(kept, x.kind), build.tensor(kept, "integer")
    loops, index = build.loops(kept)
    inner_loops, (along,) = build.loops([shape[axis]])
    element = x.at(joined(index, [axis], [along]))
    build.steps.append(
        keep_extreme(
            build, element, value_of(along), best, loops, inner_loops, index, values, places
        )
    )
    return values, places


def keep_extreme(
    build: Builder,
    element: Scalar,
    here: Scalar,
    best: Callable,
    loops: list[Loop],
    inner_loops: list[Loop],
    index: Index,
    values: Window,
    places: Window,
    start: Scalar = ZERO_PLACE,
) -> Nest:
    """Loops that keep the best element and where it was found (`here`; `start` if nowhere)."""
    value, where = build.accumulator(), build.accumulator()
    comparison = Scalar(">" if best is max else "<", element, value)
    better = Scalar("beats", element, value, comparison)
    worst = number(float("-inf") if best is max else float("inf"))
    updates = [
        Accumulator(value, worst, Scalar("select", better, element, value)),
        Accumulator(where, start, Scalar("select", better, here, where)),
    ]
    found = (value, where) if inner_loops else (element, here)
    stores = [
        Store(out.buffer, out.place(index), scalar)
        for out, scalar in zip((values, places), found, strict=True)
    ]
    return Nest(loops, stores, inner_loops, updates if inner_loops else [])


def running_sum(call: Call) -> Window:
    """cumsum."""
    x, build = _summands(call), call.build
    out = build.tensor(x.shape, call.kind)
    axis = call.axis()
    if not x.shape or x.shape[axis] == 1:
        build.store(out, x)
        return out
    loops, index = build.loops([1 if k == axis else n for k, n in enumerate(x.shape)])
    inner_loops, (along,) = build.loops([x.shape[axis]])
    total = build.accumulator()
    full = joined(index, [axis], [along])
    update = Accumulator(total, number(0), _taken_in(call, "+", total, x.at(full), x.shape[axis]))
    store = Store(out.buffer, out.place(full), total)
    build.steps.append(Nest(loops, [], inner_loops, [update], [store]))
    return out


LOWERINGS = dict.fromkeys(("sum", "mean", "prod", "amax", "amin", "any", "all"), reduce) | {
    **dict.fromkeys(("max", "min", "argmax", "argmin"), extreme),
    "cumsum": running_sum,
}
