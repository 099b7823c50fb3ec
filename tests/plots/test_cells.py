import numpy as np
import pytest

from dlbook.plots.cells import (
    COLORS,
    FADED,
    FIRST,
    SCALE,
    Block,
    Label,
    Link,
    cell_centers,
    draw_cells,
    hue,
    tensor_blocks,
)

CANVAS = {"columns": 12, "rows": 5, "num_texts": 30, "height": 300}


def test_a_tensor_of_three_axes_becomes_blocks_side_by_side():
    blocks = tensor_blocks(np.arange(12).reshape(2, 3, 2), FIRST, column=1, row=2)
    assert [(block.column, block.row, block.size) for block in blocks] == [
        (1, 2, (3, 2)),
        (4, 2, (3, 2)),
    ]
    assert blocks[1].texts == [["6", "7"], ["8", "9"], ["10", "11"]]
    assert cell_centers(blocks)[:3] == [(1, 2), (2, 2), (1, 3)]


def test_a_vector_and_a_number_are_rows():
    assert tensor_blocks(np.arange(3), FIRST, column=0, row=0)[0].size == (1, 3)
    assert tensor_blocks(np.array(7), FIRST, column=0, row=0)[0].texts == [["7"]]


def test_cells_are_painted_where_the_block_is():
    block = Block(2, 1, [["a", "b"]], [[FIRST, FADED]])
    figure = draw_cells(
        [block], [Label(0, 0, "name")], [Link([(2, 1), (3, 1)], "#000000")], **CANVAS
    )
    z = np.asarray(figure.data[0].z)
    assert z.shape == (5, 12)
    assert z[1, 2:4].tolist() == [FIRST, FADED]
    assert (np.delete(z.ravel(), [14, 15]) != FIRST).all()
    texts = next(t for t in figure.data if t.type == "scatter" and "a" in (t.text or ()))
    assert texts.text[:3] == ("a", "b", " ")
    assert len(texts.text) == CANVAS["num_texts"]


def test_every_color_number_has_its_own_unmixed_color():
    for number, color in enumerate(COLORS):
        share = (number + 0.5) / len(COLORS)
        below = max((stop for stop in SCALE if stop[0] <= share), key=lambda stop: stop[0])
        above = min((stop for stop in SCALE if stop[0] >= share), key=lambda stop: stop[0])
        assert color in (below[1], above[1])
        assert [hue(0.0), hue(1.0)] == [0, 23]


def test_what_does_not_fit_is_refused():
    wide = tensor_blocks(np.zeros((2, 13)), FIRST, column=0, row=0)
    with pytest.raises(ValueError, match="reaches over"):
        draw_cells(wide, **CANVAS)
    many = tensor_blocks(np.zeros((4, 10)), FIRST, column=0, row=0)
    with pytest.raises(ValueError, match="40 texts, but room for 30"):
        draw_cells(many, **CANVAS)
