"""Tensors as blocks of coloured cells with a number in each, anywhere on one canvas.

The canvas is a heat map of colour numbers with one pixel a cell, so that explorers can repaint it
in a frame; borders, numbers, labels and links are lines and texts on top of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from plotly.graph_objects import Figure

from dlbook.plots.color_numbers import ramp, see_through, step_scale
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, RED, template

NUM_HUES = 24  # an even ramp through the palette: place in memory, group, ...
BLANK, FADED, FIRST, FIRST_COPY, SECOND, SECOND_COPY, RESULT, WRONG = range(NUM_HUES, NUM_HUES + 8)
COLORS = (
    *ramp(NUM_HUES, 0.5),
    see_through(GRAY, 0.0),  # BLANK
    see_through(GRAY, 0.15),  # FADED
    see_through(BLUE, 0.5),  # FIRST
    see_through(BLUE, 0.18),  # FIRST_COPY
    see_through(ORANGE, 0.5),  # SECOND
    see_through(ORANGE, 0.18),  # SECOND_COPY
    see_through(GREEN, 0.5),  # RESULT
    see_through(RED, 0.65),  # WRONG
)
SCALE = step_scale(COLORS)
ROOM = 0.1  # of a cell, around the canvas: frames of the outer cells are not cut

Point = tuple[float, float]


@dataclass(frozen=True)
class Block:
    """A rectangle of cells: its top left corner on the canvas, one text and one colour a cell.

    `texts` and `colors` are rows of equal length; a colour is a hue number 0..23 or one of BLANK,
    FADED, FIRST, FIRST_COPY, SECOND, SECOND_COPY, RESULT, WRONG.
    """

    column: int
    row: int
    texts: Sequence[Sequence[str]]
    colors: Sequence[Sequence[int]]

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.texts), len(self.texts[0])


@dataclass(frozen=True)
class Label:
    """Words on the canvas that begin at `column` (left aligned), centred on the height of `row`."""

    column: float
    row: float
    text: str


@dataclass(frozen=True)
class Link:
    """A line through places of the canvas: with a ring around each, or broad and pale."""

    points: Sequence[Point]
    color: str
    rings: bool = True


def hue(share: float) -> int:
    """The colour number at `share` (0 to 1) of the ramp of hues."""
    return round(share * (NUM_HUES - 1))


def tensor_blocks(
    values: np.ndarray, colors: np.ndarray, *, column: int, row: int, gap: int = 1
) -> list[Block]:
    """A tensor with up to 3 axes as blocks: the matrices of axis 0 side by side, `gap` apart.

    `colors` has the shape of `values`, or is one colour for all.
    """
    values = np.asarray(values)
    colors = np.broadcast_to(colors, values.shape)
    values, colors = (a.reshape((1,) * (3 - a.ndim) + a.shape) for a in (values, colors))
    step = values.shape[2] + gap
    return [
        Block(column + k * step, row, [[str(v) for v in line] for line in matrix], shades.tolist())
        for k, (matrix, shades) in enumerate(zip(values, colors, strict=True))
    ]


def cell_centers(blocks: Iterable[Block]) -> list[Point]:
    """The places (x, y) of all cells on the canvas, block by block and row by row."""
    return [
        (block.column + j, block.row + i)
        for block in blocks
        for i in range(block.size[0])
        for j in range(block.size[1])
    ]


def draw_cells(
    blocks: Sequence[Block],
    labels: Sequence[Label] = (),
    links: Sequence[Link] = (),
    *,
    columns: int,
    rows: int,
    num_texts: int,
    height: int,
    colors: Sequence[str] = COLORS,
    text_size: int | None = None,
) -> Figure:
    """Blocks, labels and links on a canvas of `columns` x `rows` cells, row 0 on top.

    Args:
        num_texts: room for that many cell texts; unused ones are kept as blanks, since explorers
            move a fixed number of texts.
        height: of the figure, in pixels.
        colors: of the hues; as many as in `COLORS`, the last eight of the same meaning.
        text_size: of the texts in the cells, in pixels.

    Raises:
        ValueError: there are more texts than `num_texts`, or a block reaches over the canvas.
    """
    axis = {"visible": False, "fixedrange": True}
    layout = {
        "template": template(),
        "height": height,
        "showlegend": False,
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "xaxis": axis | {"range": [-0.5 - ROOM, columns - 0.5 + ROOM]},
        "yaxis": axis | {"range": [rows - 0.5 + ROOM, -0.5 - ROOM]},
    }
    canvas = _canvas(blocks, columns, rows) | {"colorscale": step_scale(colors)}
    texts = _texts(blocks, num_texts) | ({"textfont": {"size": text_size}} if text_size else {})
    return Figure([canvas, _borders(blocks), *map(_link, links), texts, _labels(labels)], layout)


def _canvas(blocks: Sequence[Block], columns: int, rows: int) -> dict:
    z = np.full((rows, columns), BLANK)
    for block in blocks:
        height, width = block.size
        if block.row + height > rows or block.column + width > columns:
            raise ValueError(f"a block at {block.column, block.row} reaches over the canvas")
        z[block.row : block.row + height, block.column : block.column + width] = block.colors
    return {
        "type": "heatmap",
        "z": z,
        "x": np.arange(columns),
        "y": np.arange(rows),
        "zmin": -0.5,
        "zmax": len(COLORS) - 0.5,
        "colorscale": SCALE,
        "showscale": False,
        "hoverinfo": "skip",
    }


def _borders(blocks: Sequence[Block]) -> dict:
    """All edges of all cells as one line with gaps."""
    x, y = [], []
    for block in blocks:
        height, width = block.size
        left, top = block.column - 0.5, block.row - 0.5
        for k in range(height + 1):
            x += [left, left + width, np.nan]
            y += [top + k, top + k, np.nan]
        for k in range(width + 1):
            x += [left + k, left + k, np.nan]
            y += [top, top + height, np.nan]
    return _line(np.array(x), np.array(y), GRAY, 1)


def _texts(blocks: Sequence[Block], num_texts: int) -> dict:
    words = [word or " " for block in blocks for line in block.texts for word in line]
    missing = num_texts - len(words)
    if missing < 0:
        raise ValueError(f"{len(words)} texts, but room for {num_texts}")
    places = [*cell_centers(blocks), *[(0, 0)] * missing]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
        "text": [*words, *[" "] * missing],
        "hoverinfo": "skip",
    }


def _labels(labels: Sequence[Label]) -> dict:
    return {
        "type": "scatter",
        "mode": "text",
        "x": [label.column - 0.5 for label in labels],
        "y": [label.row for label in labels],
        "text": [label.text or " " for label in labels],
        "textposition": "middle right",
        "hoverinfo": "skip",
    }


def _link(link: Link) -> dict:
    x, y = np.array(link.points, dtype=float).T
    if not link.rings:
        return _line(x, y, see_through(link.color, 0.5), 9)
    line = _line(x, y, link.color, 2.5)
    ring = {"size": 24, "color": "rgba(0,0,0,0)", "line": {"color": link.color, "width": 2.5}}
    return line | {"mode": "lines+markers", "marker": ring}


def _line(x: np.ndarray, y: np.ndarray, color: str, width: float) -> dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": color, "width": width},
        "hoverinfo": "skip",
    }
