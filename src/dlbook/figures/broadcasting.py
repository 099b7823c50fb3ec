"""Broadcasting as a picture: shapes aligned on the right, axes of size 1 stretched, cells added."""

import numpy as np
import torch

from dlbook.broadcasting import AxisMatch, Shape, match_axes
from dlbook.plots import Figure
from dlbook.plots.cells import (
    FADED,
    FIRST,
    FIRST_COPY,
    RESULT,
    SECOND,
    SECOND_COPY,
    WRONG,
    Block,
    Label,
    draw_cells,
    tensor_blocks,
)
from dlbook.plots.theme import with_status

COLUMNS, ROWS = 11, 19  # of the canvas
RULE_COLUMN = 3  # where the aligned shapes begin
TENSOR_ROWS = {"A": 5, "B": 10, "sum": 15}
SHAPES_OF_A = {str(shape): shape for shape in ((), (4,), (4, 1), (1, 5), (4, 5), (2, 1, 5))}
SHAPES_OF_B = {str(shape): shape for shape in ((5,), (4,), (4, 1), (2, 4, 1))}
STAGES = ("A and B", "stretched", "added")


def broadcast_sum(a: Shape, b: Shape, stage: str) -> Figure:
    """A + B for tensors of shapes `a` and `b`, step by step.

    The numbers of A are tens and those of B units, so that a sum tells where it comes from.

    Args:
        a, b: shapes of at most three axes.
        stage: "A and B", "stretched" (copies in a paler colour) or "added".
    """
    matches = match_axes(a, b)
    fits = all(match.size is not None for match in matches)
    tens = 10 * torch.arange(1, 1 + int(np.prod(a))).view(a)
    units = torch.arange(1, 1 + int(np.prod(b))).view(b)
    blocks = _shape_rows(matches, stage)
    shape = tuple(match.size for match in reversed(matches)) if fits else None
    grow = shape if stage != STAGES[0] else None
    blocks += _stretched(tens, grow, FIRST, FIRST_COPY, TENSOR_ROWS["A"])
    blocks += _stretched(units, grow, SECOND, SECOND_COPY, TENSOR_ROWS["B"])
    if fits and stage == "added":
        total = (tens + units).numpy()
        blocks += tensor_blocks(total, RESULT, column=0, row=TENSOR_ROWS["sum"])
    figure = draw_cells(
        blocks, _labels(fits, stage), columns=COLUMNS, rows=ROWS, num_texts=129, height=530
    )
    return with_status(figure, _sentence(a, b, matches, shape, stage))


def _shape_rows(matches: tuple[AxisMatch, ...], stage: str) -> list[Block]:
    """The two shapes and their result one above the other, the last axis at the right."""
    blocks = []
    for match in matches:
        column = RULE_COLUMN + 3 + match.axis
        stretched = match.a != match.b
        fits = match.size is not None
        for row, size, color in ((0, match.a, FIRST), (1, match.b, SECOND)):
            shade = WRONG if not fits else color if stretched and size != match.size else FADED
            if size is not None:
                blocks.append(Block(column, row, [[str(size)]], [[shade]]))
        if stage != STAGES[0]:
            word = str(match.size) if fits else "✗"
            blocks.append(Block(column, 2, [[word]], [[RESULT if fits else WRONG]]))
    return blocks


def _stretched(
    values: torch.Tensor, shape: Shape | None, color: int, copy: int, row: int
) -> list[Block]:
    """`values` as they are, or repeated to `shape` with the copies in a paler colour."""
    if shape is None:
        return tensor_blocks(values.numpy(), color, column=0, row=row)
    wide = values.expand(shape).numpy()
    padded = (1,) * (len(shape) - values.dim()) + tuple(values.shape)
    own = np.all(
        [index < size for index, size in zip(np.indices(shape), padded, strict=True)], axis=0
    )
    return tensor_blocks(wide, np.where(own, color, copy), column=0, row=row)


def _labels(fits: bool, stage: str) -> list[Label]:
    result = "= A + B" if fits else "no A + B: the shapes do not go together"
    hidden = stage != "added" and fits
    return [
        Label(0, 0, "shape of A"),
        Label(0, 1, "shape of B"),
        Label(0, 2, "of A + B" if stage != STAGES[0] else ""),
        Label(0, TENSOR_ROWS["A"] - 1, "A"),
        Label(0, TENSOR_ROWS["B"] - 1, "+ B"),
        Label(0, TENSOR_ROWS["sum"] - 1, "" if hidden or stage == STAGES[0] else result),
    ]


def _sentence(
    a: Shape, b: Shape, matches: tuple[AxisMatch, ...], shape: Shape | None, stage: str
) -> str:
    if stage == STAGES[0]:
        return f"A has shape {a} and B has shape {b}. What has their sum?"
    if shape is None:
        wrong = next(match for match in matches if match.size is None)
        return f"{a} and {b}: an error. At {_axis(wrong)}, {wrong.reason}."
    stretched = [f"{_axis(m)}: {m.reason}" for m in matches if m.a != m.b]
    changes = "; ".join(stretched) or "nothing is stretched"
    return f"{a} and {b} give {shape}. {changes[0].upper()}{changes[1:]}."


def _axis(match: AxisMatch) -> str:
    return f"axis −{-match.axis}"
