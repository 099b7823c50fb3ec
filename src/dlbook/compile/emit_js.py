"""Steps as JavaScript: a function that makes the buffers and gives back the program.

Every step is a small function of its own: engines compile those well, and one long function badly
(15 times slower).
"""

import zlib
from collections import Counter

import sympy

from dlbook.compile import javascript_scalars as javascript
from dlbook.compile.buffers import Buffer, Window
from dlbook.compile.draws import TracedInt
from dlbook.compile.emit_nest import write_nest
from dlbook.compile.fuse import fuse
from dlbook.compile.lower import Lowered
from dlbook.compile.nests import Copy, Fill, Gate, InPlace, MatrixProduct, Nest, Step
from dlbook.compile.sizes import Size

ARRAYS = {"float": "Float32Array", "double": "Float64Array", "integer": "Int32Array",
          "boolean": "Uint8Array", "byte": "Uint8Array"}  # fmt: skip
BYTES = {"float": 4, "double": 8, "integer": 4, "boolean": 1, "byte": 1}
ALIGNED = 16  # every buffer begins at a multiple, see kernels.js
AXES_OF_A_COPY = 6
NAMES = 1000  # of buffers of different sizes


def write_program(lowered: Lowered, sizes: list[str]) -> str:
    """The function expression `(kernels, sizes) => program`."""
    outside = [*lowered.inputs.values(), *lowered.outputs.values(), *(w for _, w in lowered.draws)]
    steps = fuse(lowered.build.steps, {window.buffer for window in outside})
    used = _used_buffers(lowered, steps, outside)
    _name(used)
    functions = [f"()=>{{{write_step(step)}}}," for step in steps]
    parts = [
        '(kernels,sizes)=>{"use strict";',
        f"const {{{','.join(sizes)}}}=sizes;" if sizes else "",
        *map(_check_of_size, lowered.build.needed),
        *_imports(functions),
        f"kernels.reserve({_total_bytes(used)});",
        *map(_declaration, used),
        "const steps=[",
        *functions,
        "];",
        f"return {{inputs:{_named(lowered.inputs)},outputs:{_named(lowered.outputs)},"
        f"shapes:{_shapes(lowered)},draws:[{','.join(map(_draw, lowered.draws))}],"
        "run(){for(const step of steps)step();}};}",
    ]
    return "\n".join(part for part in parts if part)


def _name(buffers: list[Buffer]):
    """Name the buffers after their kind and size, and count those of one name.

    Programs of similar graphs then have most of their lines in common, as a buffer more or less
    renames only those of its own size: all programs of a page compress to little more than half.
    """
    counts = Counter()
    for buffer in buffers:
        size = f"{buffer.kind} {javascript.size(buffer.length)}"
        name = f"b{zlib.crc32(size.encode()) % NAMES}"
        buffer.name = f"{name}_{counts[name]}"
        counts[name] += 1


def _check_of_size(size: Size) -> str:
    text = f"these sizes are too small for the program: {size} is negative"
    return f'if({javascript.size(size)}<0)throw new Error("{text}");'


def _used_buffers(lowered: Lowered, steps: list[Step], outside: list[Window]) -> list[Buffer]:
    """The buffers that something reads or writes, in the order of their making."""
    used = {buffer for step in steps for buffer in step.reads() | step.writes()}
    used |= {window.buffer for window in outside}
    return [buffer for buffer in lowered.build.buffers if buffer in used]


def _imports(functions: list[str]) -> list[str]:
    """What the functions use of Math and of the program's library."""
    text = "\n".join(functions)
    used = [name for name in javascript.FROM_MATH if f"{name}(" in text]
    library = [name for name in javascript.FROM_LIBRARY if f"{name}(" in text]
    return [
        f"const {{{','.join(used)}}}=Math;" if used else "",
        f"const {{{','.join(library)}}}=kernels.functions;" if library else "",
        "const {product,copy,all,gate}=kernels;",
    ]


def _total_bytes(buffers: list[Buffer]) -> str:
    """Bytes of all buffers, as a sum over the sizes."""
    total = sum((BYTES[b.kind] * b.length for b in buffers), start=sympy.Integer(0))
    return javascript.size(sympy.expand(total + ALIGNED * len(buffers)))


def _declaration(buffer: Buffer) -> str:
    values = ""
    if buffer.values:
        digits = 17 if buffer.kind == "double" else 9  # tell two numbers apart
        values = f".set([{','.join(_constant(v, digits) for v in buffer.values)}])"
    new = (
        f"const {buffer.name}=kernels.new({ARRAYS[buffer.kind]},{javascript.size(buffer.length)});"
    )
    return new + (f"{buffer.name}{values};" if values else "")


def _constant(value: float, digits: int) -> str:
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return f"{value:.{digits}g}" if isinstance(value, float) else repr(value)


def write_step(step: Step) -> str:
    """The body of the function of one step."""
    if isinstance(step, Nest):
        return write_nest(step)
    if isinstance(step, MatrixProduct):
        return _write_product(step)
    if isinstance(step, Copy):
        return _write_copy(step)
    if isinstance(step, InPlace):
        return f"all.{step.function}({step.out.buffer.name});"
    if isinstance(step, Gate):
        return f"gate({step.out.buffer.name},{step.by.buffer.name});"
    assert isinstance(step, Fill)
    return f"{step.out.buffer.name}.fill({step.number});"


def _write_product(step: MatrixProduct) -> str:
    """A call for every matrix of the leading axes."""
    leading = step.out.shape[:-2]
    loops = "".join(
        f"for(let i{k}=0;i{k}<{javascript.size(length)};i{k}++)" for k, length in enumerate(leading)
    )
    rows, inner = step.left.shape[-2:]
    numbers = [rows, inner, step.out.shape[-1]]
    left, right, out = (_start(w) for w in (step.left, step.right, step.out))
    arguments = [
        *map(javascript.size, numbers),
        *left, *map(javascript.size, step.left.strides[-2:]),
        *right, javascript.size(step.right.strides[-2]), *out,
    ]  # fmt: skip
    return f"{loops}product({','.join(arguments)});"


def _start(window: Window) -> tuple[str, str]:
    """Buffer and place of the first element of a matrix among the leading axes."""
    terms = [
        f"i{k}*{javascript.size(stride)}"
        for k, stride in enumerate(window.strides[:-2])
        if stride != 0
    ]
    if window.offset != 0 or not terms:
        terms.append(javascript.size(window.offset))
    return window.buffer.name, "+".join(terms)


def _write_copy(step: Copy) -> str:
    axes = [(n, s) for n, s in zip(step.source.shape, step.source.strides, strict=True) if n != 1]
    axes = [(1, 0)] * (AXES_OF_A_COPY - len(axes)) + axes
    numbers = [step.source.offset, *(n for n, _ in axes), *(s for _, s in axes)]
    names = f"{step.out.buffer.name},{step.source.buffer.name}"
    return f"copy({names},{','.join(map(javascript.size, numbers))});"


def _named(windows: dict[str, Window]) -> str:
    return "{" + ",".join(f'"{name}":{w.buffer.name}' for name, w in windows.items()) + "}"


def _shapes(lowered: Lowered) -> str:
    windows = lowered.inputs | lowered.outputs
    shapes = (f'"{n}":[{",".join(map(javascript.size, w.shape))}]' for n, w in windows.items())
    return "{" + ",".join(shapes) + "}"


def _draw(draw_and_window) -> str:
    draw, window = draw_and_window
    parts = [f'kind:"{draw.kind}"', f"values:{window.buffer.name}"]
    parts += [f"seed:{_from_ints(draw.seed)}", f"stream:{_from_ints(draw.stream)}"]
    if draw.high is not None:
        parts.append(f"high:{javascript.size(draw.high)}")
    return "{" + ",".join(parts) + "}"


def _from_ints(value: TracedInt) -> str:
    """A function of the numbers that the page knows."""
    names = ",".join(name for name, _ in value.factors)
    terms = [n if f == 1 else f"{f}*{n}" for n, f in value.factors]
    terms += [str(value.constant)] if value.constant or not terms else []
    return f"({{{names}}})=>{'+'.join(terms)}"
