"""Histograms of oriented gradients: counts, masses and turns."""

import math

import pytest
import torch

from dlbook.models.hog import (
    cell_histograms,
    gradients,
    hog,
    normalised_blocks,
    rotate_images,
)
from dlbook.random import uniform


def _stripes(degrees, size=64, period=11.0):
    """Waves whose gradient points in that direction, counter-clockwise from the right."""
    along = torch.arange(size) - (size - 1) / 2
    y, x = torch.meshgrid(-along, along, indexing="ij")  # y upwards
    turn = math.radians(degrees)
    phase = (x * math.cos(turn) + y * math.sin(turn)) * 2 * math.pi / period
    return torch.sin(phase)[None]


def test_numbers_of_a_pedestrian_window():
    window = uniform((1, 128, 64), seed=0)
    histograms = cell_histograms(window)
    assert histograms.shape == (1, 16, 8, 9)
    assert histograms.numel() == 1152
    assert hog(window).shape == (1, 3780)


def test_mass_of_a_cell_is_the_sum_of_its_gradient_sizes():
    images = uniform((3, 32, 40), seed=1).double()
    magnitude, _ = gradients(images)
    cells = magnitude.view(3, 4, 8, 5, 8).sum(dim=(2, 4))
    assert torch.allclose(cell_histograms(images).sum(dim=-1), cells, atol=1e-10)


@pytest.mark.parametrize("degrees", range(0, 180, 20))
def test_direction_of_stripes_is_their_bin(degrees):
    histogram = cell_histograms(_stripes(degrees)).sum(dim=(0, 1, 2))
    assert int(histogram.argmax()) == degrees // 20
    assert histogram.max() > 0.9 * histogram.sum()


@pytest.mark.parametrize("start", [0, 40, 100])
def test_turning_an_image_by_20_degrees_moves_its_mass_by_one_bin(start):
    before = cell_histograms(_stripes(start)).sum(dim=(0, 1, 2))
    turned = rotate_images(_stripes(start, size=96), 20.0)[:, 16:-16, 16:-16]
    after = cell_histograms(turned.contiguous()).sum(dim=(0, 1, 2))
    before, after = before / before.sum(), after / after.sum()
    assert (before.roll(1) - after).abs().sum() < 0.3  # bilinear turning blurs a little
    assert int(after.argmax()) == (int(before.argmax()) + 1) % 9


def test_equals_a_loop_over_pixels():
    image = uniform((16, 16), seed=2).double()
    padded = torch.nn.functional.pad(image[None, None], (1,) * 4, mode="replicate")[0, 0]
    expected = torch.zeros(2, 2, 9).double()
    for i in range(16):
        for j in range(16):
            dx = float(padded[i + 1, j + 2] - padded[i + 1, j]) / 2
            dy = -float(padded[i + 2, j + 1] - padded[i, j + 1]) / 2
            place = math.degrees(math.atan2(dy, dx)) % 180 / 20
            low, share = int(place), place % 1
            expected[i // 8, j // 8, low % 9] += math.hypot(dx, dy) * (1 - share)
            expected[i // 8, j // 8, (low + 1) % 9] += math.hypot(dx, dy) * share
    assert torch.allclose(cell_histograms(image[None])[0], expected, atol=1e-9)


def test_contrast_and_brightness_leave_blocks_as_they_are():
    image = uniform((1, 32, 32), seed=3)
    assert torch.allclose(hog(image), hog(0.3 * image + 0.5), atol=1e-3)
    assert torch.allclose(cell_histograms(image), cell_histograms(1 - image), atol=1e-4)


def test_blocks_have_length_one_and_overlap():
    blocks = normalised_blocks(cell_histograms(uniform((1, 32, 24), seed=4)))
    lengths = blocks.view(1, 3 * 2, 36).norm(dim=-1)
    assert torch.allclose(lengths, torch.ones(1, 6), atol=1e-4)


def test_images_of_broken_cells_are_refused():
    with pytest.raises(ValueError, match="no whole number of 8×8 cells"):
        cell_histograms(torch.zeros(1, 30, 32))


def test_a_full_turn_changes_nothing():
    image = uniform((1, 20, 20), seed=5)
    assert torch.allclose(rotate_images(image, 360.0), image, atol=1e-3)
    assert torch.allclose(rotate_images(image, 90.0), torch.rot90(image, 1, (1, 2)), atol=1e-3)
