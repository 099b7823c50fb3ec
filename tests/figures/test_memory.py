import pytest
import torch

from dlbook.figures.memory import CALLS, OPERATIONS, SHAPES, memory_of_result, read
from dlbook.figures.strides import strided_view

COPIES = {"cat", "index_select"}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=str)
@pytest.mark.parametrize("dim", [0, 1])
@pytest.mark.parametrize("operation", CALLS.values())
def test_every_element_is_read_from_its_own_address(operation, dim, shape):
    reading = read(operation, dim, shape)
    if operation == "t" and len(shape) == 3:
        assert reading.parts == ()
        return
    assert reading.shared is (operation not in COPIES)
    values = torch.cat([part.flatten() for part in reading.parts])
    if reading.shared:  # the elements of x are their own addresses
        assert values.tolist() == list(reading.addresses)
    else:
        assert list(reading.addresses) == list(range(len(values)))


def test_all_operations_can_be_called():
    assert set(CALLS.values()) == set(OPERATIONS)


@pytest.mark.parametrize("element", [0, 5, 11])
def test_the_sentence_computes_the_address(element):
    status = memory_of_result("transpose", 0, (3, 4), element).layout.meta["status"]
    i, j = divmod(element, 3)
    address = f"y[{i}, {j}] is in cell 0 + {i}·1 + {j}·4 = {i + 4 * j}"
    assert status == f"{address} of the memory of x (a view)."


def test_a_copy_says_so_and_an_error_too():
    assert "(a copy)" in memory_of_result("cat", 0, (3, 4), 0).layout.meta["status"]
    assert "An error" in memory_of_result("t", 0, (2, 3, 2), 0).layout.meta["status"]


def test_parts_have_their_own_offsets():
    status = memory_of_result("chunk", 1, (3, 4), 6).layout.meta["status"]
    assert status.startswith("y[1][0, 0] is in cell 2 + 0·4 + 0·1 = 2")


@pytest.mark.parametrize("offset", range(6))
def test_free_strides_show_what_as_strided_gives(offset):
    x = torch.arange(16).view(4, 4)
    for stride0 in range(6):
        for stride1 in range(6):
            figure = strided_view(offset, stride0, stride1)
            texts = next(t for t in figure.data if t.type == "scatter" and len(t.text or ()) > 40)
            shown = list(texts.text[16:25])
            if offset + 2 * stride0 + 2 * stride1 < 16:
                y = x.as_strided((3, 3), (stride0, stride1), offset)
                assert shown == [str(v) for v in y.flatten().tolist()]
            else:
                assert "×" in shown
                with pytest.raises(RuntimeError, match="out of bounds"):
                    x.as_strided((3, 3), (stride0, stride1), offset)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ((0, 4, 1), "the corner"),
        ((0, 1, 4), "the transposed corner"),
        ((5, 4, 1), "the opposite corner"),
        ((0, 0, 1), "the first row three times"),
        ((0, 0, 5), "the diagonal three times"),
        ((0, 1, 1), "sliding windows"),
        ((0, 0, 0), "one number nine times"),
    ],
)
def test_views_with_a_name_are_named(settings, words):
    assert words in strided_view(*settings).layout.meta["status"]
