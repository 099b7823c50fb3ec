"""The figures that take photographs and batches of images apart."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest
import torch

from dlbook.datasets.cifar10 import parse_records
from dlbook.figures.flips import NAMES, flipped, flipped_photo
from dlbook.figures.mosaic import masked_mosaic, mosaic
from dlbook.figures.temple import temple
from dlbook.figures.zoom import PLACES, photo_as_numbers

CIFAR = Path(os.environ.get("DLBOOK_DATA_DIR") or "none") / "cifar10" / "data_batch_1.bin.gz"


@pytest.mark.parametrize("place", PLACES)
def test_the_last_zoom_shows_integers_of_the_photograph(place):
    figure = photo_as_numbers(6, "all", place)
    shown = sorted(int(w) for t in figure.data[2:] for w in t.text if w != " ")
    row, column = (min(max(c - 3, 0), 378) for c in PLACES[place])
    window = temple()[:, row : row + 6, column : column + 6]
    assert shown == sorted(window.flatten().tolist())


def test_one_channel_shows_its_numbers_earlier():
    texts = [w for t in photo_as_numbers(5, "green", "roof").data[2:] for w in t.text if w != " "]
    assert len(texts) == 144
    assert not [
        w for t in photo_as_numbers(4, "green", "roof").data[2:] for w in t.text if w != " "
    ]


@pytest.mark.parametrize("place", PLACES)
def test_the_white_square_is_the_next_window(place):
    """Cut out and enlarged, the square of one zoom is the picture of the next."""
    here, there = photo_as_numbers(3, "all", place), photo_as_numbers(4, "all", place)
    z, frame = np.asarray(here.data[0].z), here.data[1]
    left, top = round(min(frame.x) + 0.5), round(min(frame.y) + 0.5)
    part = z[top : top + 48, left : left + 48]
    assert (np.kron(part, np.ones((2, 2), dtype=int)) == np.asarray(there.data[0].z)).all()


@pytest.mark.parametrize("chosen", NAMES, ids=str)
def test_eight_positions_and_which_of_them_are_rotations(chosen):
    """E-15: a transposition alone is none."""
    x = temple(48)
    y = flipped(x, *chosen)
    turns = [k for k in range(4) if torch.equal(y, torch.rot90(x, k, (1, 2)))]
    assert len(turns) == (sum(chosen) % 2 == 0)
    assert ("mirror" in NAMES[chosen]) == (sum(chosen) % 2 == 1)
    if turns and turns[0]:
        assert f"torch.rot90(x, {(turns[0] + 1) % 4 - 1}, (1, 2))" in NAMES[chosen]


def test_letters_move_with_the_picture():
    letters = flipped_photo(True, False, False).data[1]
    places = dict(zip(letters.text, zip(letters.x, letters.y, strict=True), strict=True))
    assert places["A"] == (6, 6)
    assert places["B"] == (6, 89)  # was at the upper right, is at the lower left
    assert places["D"] == (89, 6)


def test_a_mosaic_is_the_images_side_by_side():
    X = torch.arange(6 * 3 * 2 * 2).view(6, 3, 2, 2)
    by_hand = torch.cat([torch.cat(list(X[k : k + 3]), dim=2) for k in (0, 3)], dim=1)
    assert torch.equal(mosaic(X, 3), by_hand)
    with pytest.raises(ValueError, match="don't fill rows of 4"):
        mosaic(X, 4)


def test_channels_that_are_not_kept_are_black():
    figure = masked_mosaic(0, False, False, False)
    assert len(np.unique(np.asarray(figure.data[0].z))) == 1
    assert figure.layout.meta["status"].endswith("set to zero: red and green and blue.")
    assert "no channel" in masked_mosaic(9, True, True, True).layout.meta["status"]


@pytest.mark.skipif(not CIFAR.exists(), reason="needs DLBOOK_DATA_DIR with CIFAR-10")
def test_the_corner_of_cifar_image_43():
    """The numbers that the deck prints (Fleuret 2019, section 1.1), from the original file."""
    images, _ = parse_records(gzip.decompress(CIFAR.read_bytes()))
    corner = images[43, :, 0, :8].tolist()
    assert corner == [
        [99, 98, 100, 103, 105, 107, 108, 110],
        [166, 165, 167, 169, 171, 172, 173, 175],
        [198, 196, 199, 200, 200, 202, 203, 204],
    ]
    assert images[43, :, :4, :8].shape == (3, 4, 8)
