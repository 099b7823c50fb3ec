"""Any view is three settings: a 3 x 3 tensor read from a memory of 16 cells by free strides."""

from functools import lru_cache

import numpy as np

from dlbook.plots import Figure
from dlbook.plots.cells import (
    FADED,
    WRONG,
    Block,
    Label,
    Link,
    cell_centers,
    draw_cells,
    hue,
    tensor_blocks,
)
from dlbook.plots.theme import ORANGE, with_status
from dlbook.tensor_layout import Layout, contiguous

SIDE, NUM_CELLS = 4, 16  # x is SIDE x SIDE
SHAPE = (3, 3)  # of the result
COLUMNS, ROWS = 16, 9  # of the canvas
RIGHT, MEMORY = 8, 7  # where the result begins; the row of the memory


def strided_view(offset: int, stride0: int, stride1: int) -> Figure:
    """y = x.as_strided((3, 3), (stride0, stride1), offset) of x = arange(16).view(4, 4).

    Cells that would lie outside the memory are marked; torch refuses such a view.
    """
    addresses = Layout(SHAPE, (stride0, stride1), offset).positions().numpy()
    inside = addresses < NUM_CELLS
    x = tensor_blocks(*_parent(addresses), column=0, row=1)
    colors = np.where(inside, _color(np.minimum(addresses, NUM_CELLS - 1)), WRONG)
    y = tensor_blocks(np.where(inside, addresses, "×"), colors, column=RIGHT, row=1)
    figure = draw_cells(
        [*x, *y, *_memory(addresses)],
        _labels(addresses),
        [_walk(cell_centers(x), addresses)],
        columns=COLUMNS,
        rows=ROWS,
        num_texts=2 * NUM_CELLS + 16 + 9,
        height=360,
    )
    return with_status(figure, _sentence(offset, stride0, stride1))


def _color(addresses: np.ndarray) -> np.ndarray:
    return np.vectorize(lambda cell: hue(cell / (NUM_CELLS - 1)))(addresses)


def _parent(addresses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    cells = np.arange(NUM_CELLS).reshape(SIDE, SIDE)
    return cells, np.where(np.isin(cells, addresses), _color(cells), FADED)


def _memory(addresses: np.ndarray) -> list[Block]:
    """The strip of memory, and below each cell how often y reads it."""
    cells, colors = (a.reshape(1, -1) for a in _parent(addresses))
    return tensor_blocks(cells, colors, column=0, row=MEMORY)


def _labels(addresses: np.ndarray) -> list[Label]:
    counts = [int((addresses == cell).sum()) for cell in range(NUM_CELLS)]
    reads = [
        Label(cell + 0.2, MEMORY + 1, f"{n}×" if n > 1 else "") for cell, n in enumerate(counts)
    ]
    titles = [Label(0, 0, "x"), Label(RIGHT, 0, "y"), Label(0, MEMORY - 1, "memory")]
    return titles + reads


def _walk(cells: list, addresses: np.ndarray) -> Link:
    """The way through x in the order in which y is read; a gap between two rows of y."""
    points = []
    for line in addresses:
        points += [cells[address] for address in line if address < NUM_CELLS]
        points.append((np.nan, np.nan))
    return Link(points, ORANGE, rings=False)


@lru_cache
def _names() -> dict[tuple[int, ...], str]:
    """The views of x that have a name, by (offset, stride of axis 0, stride of axis 1)."""
    x = contiguous((SIDE, SIDE))
    corner = x.narrow(0, 0, 3).narrow(1, 0, 3)
    row, column = x.narrow(0, 0, 1).narrow(1, 0, 3), x.narrow(0, 0, 3).narrow(1, 0, 1)
    named = {
        "the corner x[:3, :3]": corner,
        "the transposed corner x[:3, :3].t()": corner.transpose(0, 1),
        "the opposite corner x[1:, 1:]": x.narrow(0, 1, 3).narrow(1, 1, 3),
        "the middle rows x[1:, :3]": x.narrow(0, 1, 3).narrow(1, 0, 3),
        "the first row three times: x[0, :3].expand(3, 3)": row.expand(0, 3),
        "the first column three times: x[:3, :1].expand(3, 3)": column.expand(1, 3),
        "the diagonal three times": Layout(SHAPE, (0, 5)),
        "sliding windows: x.flatten()[:5].unfold(0, 3, 1)": Layout(SHAPE, (1, 1)),
        "nine cells in a row: x.flatten()[:9].view(3, 3)": Layout(SHAPE, (3, 1)),
        "one number nine times: x[0, 0].expand(3, 3)": Layout(SHAPE, (0, 0)),
    }
    return {(layout.offset, *layout.stride): name for name, layout in named.items()}


def _sentence(offset: int, stride0: int, stride1: int) -> str:
    last = offset + 2 * stride0 + 2 * stride1
    address = f"y[i, j] is in cell {offset} + {stride0}·i + {stride1}·j"
    if last >= NUM_CELLS:
        return f"{address}. The last one would be {last}, outside the memory: torch refuses."
    name = _names().get((offset, stride0, stride1))
    return f"{address}: {name}." if name else f"{address}."
