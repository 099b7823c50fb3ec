"""One memory, many tensors: which memory cells the result of an operation reads."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.cells import (
    FADED,
    Block,
    Label,
    Link,
    cell_centers,
    draw_cells,
    hue,
    tensor_blocks,
)
from dlbook.plots.theme import BLUE, ORANGE, with_status
from dlbook.tensor_layout import Layout, layout_of, shares_storage

NUM_CELLS = 12
COLUMNS, ROWS = 14, 10  # of the canvas
RIGHT = 6  # the column where the result begins
MEMORY, OWN_MEMORY = 7, 9  # the rows of the two memories


def _every_second(x: Tensor, dim: int) -> Tensor:
    return x[(slice(None),) * dim + (slice(None, None, 2),)]


def _first_and_last(x: Tensor, dim: int) -> Tensor:
    return torch.cat((x.narrow(dim, 0, 1), x.narrow(dim, x.shape[dim] - 1, 1)), dim)


SHAPES = {str(shape): shape for shape in ((3, 4), (4, 3), (2, 3, 2))}
CALLS = {  # how the operations are called, dim being an axis
    "x.view(2, 6)": "view",
    "x.t()": "t",
    "x.transpose(dim, -1)": "transpose",
    "x.narrow(dim, 1, 1)": "narrow",
    "every second along dim": "step",
    "x.split(3, dim)": "split",
    "x.chunk(2, dim)": "chunk",
    "cat((first, last), dim)": "cat",
    "x.index_select(dim, [1, 0])": "index_select",
}
OPERATIONS = {
    "view": lambda x, dim: x.view(2, 6),
    "t": lambda x, dim: x.t(),
    "transpose": lambda x, dim: x.transpose(dim, -1),
    "narrow": lambda x, dim: x.narrow(dim, 1, 1),
    "step": _every_second,
    "split": lambda x, dim: x.split(3, dim),
    "chunk": lambda x, dim: x.chunk(2, dim),
    "cat": _first_and_last,
    "index_select": lambda x, dim: x.index_select(dim, torch.tensor([1, 0])),
}


@dataclass(frozen=True)
class Reading:
    """The parts that an operation returns (none: an error), and where each element is read.

    `addresses` holds, for every element of every part in order, the memory cell it is in; `shared`
    says whether that is the memory of x.
    """

    parts: tuple[Tensor, ...]
    layouts: tuple[Layout, ...]
    addresses: tuple[int, ...]
    shared: bool


@lru_cache
def read(operation: str, dim: int, shape: tuple[int, ...]) -> Reading:
    """What `operation` makes of x = arange(12).view(shape), where an element is its own address."""
    x = torch.arange(NUM_CELLS).view(shape)
    try:
        result = OPERATIONS[operation](x, dim)
    except RuntimeError:  # t() of a tensor with three axes
        return Reading((), (), (), True)
    parts = result if isinstance(result, tuple) else (result,)
    layouts = tuple(layout_of(part) for part in parts)
    addresses = [int(a) for layout in layouts for a in layout.positions().flatten()]
    return Reading(parts, layouts, tuple(addresses), shares_storage(x, parts[0]))


def memory_of_result(operation: str, dim: int, shape: tuple[int, ...], element: int) -> Figure:
    """x, the result y of an operation, and the memory cells that each of them reads.

    Args:
        operation: a key of `OPERATIONS`.
        dim: the axis it works along, 0 or 1.
        shape: of x, with 12 elements.
        element: which element of y is traced to its cell, counted from 0 row by row; where y has
            fewer, its last one.
    """
    reading = read(operation, dim, shape)
    blocks, cells_of_y = _tensors(reading, shape)
    element = min(element, len(cells_of_y) - 1)
    figure = draw_cells(
        [*blocks, *_memories(reading)],
        _labels(reading, shape),
        _links(reading, cell_centers(blocks), cells_of_y, element),
        columns=COLUMNS,
        rows=ROWS,
        num_texts=4 * NUM_CELLS,
        height=350,
    )
    return with_status(figure, _sentence(reading, element))


def _values(reading: Reading) -> np.ndarray:
    return np.concatenate([part.flatten().numpy() for part in reading.parts])


def _tensors(reading: Reading, shape: tuple[int, ...]) -> tuple[list[Block], list]:
    """The blocks of x and of y's parts, and the places of y's cells in order."""
    seen = set(_values(reading).tolist()) if reading.parts else set()
    x = np.arange(NUM_CELLS).reshape(shape)
    colors = np.vectorize(lambda v: _color(v) if v in seen else FADED)(x)
    blocks = tensor_blocks(x, colors, column=0, row=2)
    column, row, of_y = RIGHT, 2, []
    for part in reading.parts:
        part_blocks = tensor_blocks(part, np.vectorize(_color)(part), column=column, row=row)
        if part_blocks[-1].column + part_blocks[-1].size[1] > COLUMNS:  # begin a new line
            column, row = RIGHT, row + of_y[-1].size[0] + 1
            part_blocks = tensor_blocks(part, np.vectorize(_color)(part), column=column, row=row)
        of_y += part_blocks
        column = part_blocks[-1].column + part_blocks[-1].size[1] + 1
    return blocks + of_y, cell_centers(of_y)


def _color(value: int) -> int:
    return hue(value / (NUM_CELLS - 1))


def _links(reading: Reading, cells_of_x: list, cells_of_y: list, element: int) -> list[Link]:
    """From the element of y to its memory cell, and from the same element of x to its own."""
    value = int(_values(reading)[element]) if reading.parts else 0
    from_x = [cells_of_x[value], (1 + value, MEMORY)]
    from_y = from_x[:1] * 2
    if reading.parts:
        row = MEMORY if reading.shared else OWN_MEMORY
        from_y = [cells_of_y[element], (1 + reading.addresses[element], row)]
    return [Link(from_x, BLUE), Link(from_y, ORANGE)]


def _memories(reading: Reading) -> list[Block]:
    """The strip of x's memory, and a second one where the result has its own."""
    values = _values(reading) if reading.parts else np.array([], dtype=int)
    seen = set(values.tolist())
    cells = range(NUM_CELLS)
    strip = [[str(v) for v in cells]], [[_color(v) if v in seen else FADED for v in cells]]
    strips = [Block(1, MEMORY, *strip)]
    if not reading.shared:
        own = [[str(v) for v in values]], [[_color(v) for v in values]]
        strips.append(Block(1, OWN_MEMORY, *own))
    return strips


def _labels(reading: Reading, shape: tuple[int, ...]) -> list[Label]:
    x = layout_of(torch.empty(shape))
    name, details = "no y: t() takes at most", "two axes"
    if reading.parts:
        first = reading.layouts[0]
        parts = f"{len(reading.parts)} parts, first " if len(reading.parts) > 1 else ""
        name, details = f"y: {parts}{first.shape}", f"strides {first.stride}"
    return [
        Label(0, 0, f"x: {x.shape}"),
        Label(0, 1, f"strides {x.stride}"),
        Label(RIGHT, 0, name),
        Label(RIGHT, 1, details),
        Label(1, MEMORY - 1, "memory of x"),
        Label(1, OWN_MEMORY - 1, "" if reading.shared else "y is a copy with a memory of its own"),
    ]


def _sentence(reading: Reading, element: int) -> str:
    if not reading.parts:
        return "An error: t() swaps two axes, and x has three. Use transpose and name them."
    part, layout = 0, reading.layouts[0]
    while element >= layout.positions().numel():
        element -= layout.positions().numel()
        part, layout = part + 1, reading.layouts[part + 1]
    index = tuple(int(i) for i in np.unravel_index(element, layout.shape))
    terms = "".join(f" + {i}·{s}" for i, s in zip(index, layout.stride, strict=True))
    name = f"y[{part}]" if len(reading.parts) > 1 else "y"
    kind = "the memory of x (a view)" if reading.shared else "a memory of its own (a copy)"
    where = ", ".join(map(str, index))
    return (
        f"{name}[{where}] is in cell {layout.offset}{terms} = {layout.position(index)} of {kind}."
    )
