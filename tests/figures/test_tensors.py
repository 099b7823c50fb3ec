"""The figures of axes, reductions and number types."""

import itertools

import numpy as np
import pytest
import torch

from dlbook.figures.axes import indexed, small_photos
from dlbook.figures.collapse import LAST_STEP, SHAPE, reduced_lattice
from dlbook.figures.counting import DTYPES, count

ALL_DIMS = [d for r in (1, 2, 3) for d in itertools.combinations(range(3), r)]


@pytest.mark.parametrize("dim", ALL_DIMS, ids=str)
def test_numbers_that_are_added_end_at_one_place(dim):
    x = torch.arange(24).view(SHAPE)
    points = reduced_lattice(dim, LAST_STEP).data[-1]
    places = {}
    for px, py, text in zip(points.x, points.y, points.text, strict=True):
        places.setdefault((round(px, 6), round(py, 6)), set()).add(text)
    assert len(places) == x.sum(dim).numel()
    assert all(len(texts) == 1 for texts in places.values())
    shown = sorted(int(text) for texts in places.values() for text in texts)
    assert shown == sorted(x.sum(dim).flatten().tolist())


@pytest.mark.parametrize("dim", ALL_DIMS, ids=str)
def test_colors_are_those_of_the_groups(dim):
    start, end = reduced_lattice(dim, 0).data[-1], reduced_lattice(dim, LAST_STEP).data[-1]
    ends = [(round(px, 6), round(py, 6)) for px, py in zip(end.x, end.y, strict=True)]
    assert len(set(zip(ends, start.marker.color, strict=True))) == len(set(ends))
    assert len(set(start.marker.color)) == len(set(ends))
    assert list(start.text) == [str(v) for v in range(24)]


def test_the_sentence_names_the_shape():
    status = reduced_lattice((1,), LAST_STEP).layout.meta["status"]
    assert status == "x.sum(1) has shape (2, 4): every 3 numbers became one."


@pytest.mark.parametrize(
    ("dtype", "step", "last"),
    [
        ("uint8", 1, 400 % 256),
        ("int8", 1, (400 + 128) % 256 - 128),
        ("bfloat16", 1, 256),
        ("float16", 1, 400),
        ("float16", 30, 12528),
        ("int16", 100, 40000 - 65536),
        ("float32", 100, 40000),
    ],
)
def test_counters_arrive_where_they_should(dtype, step, last):
    values = count(dtype, step)
    assert len(values) == 401
    assert values[-1] == last


@pytest.mark.parametrize("dtype", DTYPES)
def test_counting_begins_exactly(dtype):
    assert count(dtype, 3)[:30] == tuple(range(0, 90, 3))


@pytest.mark.parametrize("num_indices", range(5))
def test_every_index_takes_an_axis_away(num_indices):
    x = small_photos()
    shape = tuple(x.shape[num_indices:])
    status = indexed(num_indices, 3).layout.meta["status"]
    assert f"shape {shape}" in status
    assert x.shape == (9, 3, 32, 32)


def test_the_last_index_shows_the_number():
    words = indexed(4, 5).data[-1].text
    assert words == (str(small_photos()[5, 0, 14, 18].item()),)


def test_a_row_is_drawn_as_heights():
    z = np.asarray(indexed(3, 0).data[0].z)
    heights = (z != 255).sum(axis=0)[::3]
    row = small_photos()[0, 0, 14].double() / 255 * 96
    assert np.abs(heights - row.numpy()).max() <= 1
