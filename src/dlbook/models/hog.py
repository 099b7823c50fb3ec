"""Histograms of oriented gradients: an image as the directions of its edges, place by place."""

import math

import torch
from torch import Tensor

NUM_BINS = 9  # over 180 degrees: an edge has no sign


def gradients(images: Tensor) -> tuple[Tensor, Tensor]:
    """Size and direction of the slope of brightness at every pixel.

    Central differences (f(x + 1) − f(x − 1)) / 2, with the outermost pixels repeated outside.

    Args:
        images: (n, rows, columns).

    Returns:
        magnitude, and orientation in degrees in [0, 180), both (n, rows, columns). A gradient
        points across the edge: an upright edge has orientation 0.
    """
    padded = torch.nn.functional.pad(images[:, None], (1, 1, 1, 1), mode="replicate")[:, 0]
    across = (padded[:, 1:-1, 2:] - padded[:, 1:-1, :-2]) / 2
    down = (padded[:, 2:, 1:-1] - padded[:, :-2, 1:-1]) / 2
    orientation = torch.rad2deg(torch.atan2(-down, across)) % 180  # rows count downwards
    return torch.hypot(across, down), orientation


def cell_histograms(images: Tensor, *, cell: int = 8, num_bins: int = NUM_BINS) -> Tensor:
    """For each cell of `cell` x `cell` pixels, how much gradient there is of each orientation.

    A pixel's magnitude is shared between the two bins whose centres, at 0, 180/num_bins, ...
    degrees, are nearest to its orientation, in proportion to nearness. So the mass of a cell is
    the sum of its magnitudes.

    Args:
        images: (n, rows, columns), multiples of `cell`.

    Returns:
        (n, rows / cell, columns / cell, num_bins).

    Raises:
        ValueError: the image is no whole number of cells.

    Reference: Dalal and Triggs, "Histograms of oriented gradients for human detection", 2005.
    """
    n, rows, columns = images.shape
    if rows % cell or columns % cell:
        raise ValueError(f"{rows}×{columns} pixels are no whole number of {cell}×{cell} cells")
    magnitude, orientation = gradients(images)
    place = orientation / (180 / num_bins)
    lower = place.floor().long()
    share = place - lower
    votes = torch.zeros(*images.shape, num_bins, dtype=images.dtype)
    votes.scatter_(3, (lower % num_bins)[..., None], (magnitude * (1 - share))[..., None])
    votes.scatter_add_(3, ((lower + 1) % num_bins)[..., None], (magnitude * share)[..., None])
    cells = votes.view(n, rows // cell, cell, columns // cell, cell, num_bins)
    return cells.sum(dim=(2, 4))


def normalised_blocks(histograms: Tensor, *, block: int = 2, epsilon: float = 1e-3) -> Tensor:
    """All `block` x `block` groups of cells, each scaled to length 1: v / √(‖v‖² + ε²).

    Groups overlap, so a cell occurs several times, measured against different neighbours.

    Args:
        histograms: (n, cells down, cells across, bins).

    Returns:
        (n, blocks down · blocks across · block² · bins).
    """
    windows = histograms.unfold(1, block, 1).unfold(2, block, 1)  # (n, down, across, bins, b, b)
    vectors = windows.flatten(3)
    length = (vectors.square().sum(dim=-1, keepdim=True) + epsilon**2).sqrt()
    return (vectors / length).flatten(1)


def hog(images: Tensor, *, cell: int = 8, block: int = 2, num_bins: int = NUM_BINS) -> Tensor:
    """The descriptor: normalised blocks of cell histograms, (n, features).

    A 64×128 window has 8·16 cells of 9 bins, 1152 numbers, and 7·15 blocks of 36, 3780 numbers.
    """
    histograms = cell_histograms(images, cell=cell, num_bins=num_bins)
    return normalised_blocks(histograms, block=block)


def rotate_images(images: Tensor, degrees: float) -> Tensor:
    """Images (n, rows, columns) turned counter-clockwise about their centre, bilinearly.

    What comes from outside repeats the border.
    """
    angle = math.radians(degrees)
    turn = torch.tensor(
        [[math.cos(angle), -math.sin(angle), 0.0], [math.sin(angle), math.cos(angle), 0.0]]
    )
    n, rows, columns = images.shape
    grid = torch.nn.functional.affine_grid(
        turn.expand(n, 2, 3), (n, 1, rows, columns), align_corners=False
    )
    turned = torch.nn.functional.grid_sample(
        images[:, None].float(), grid, padding_mode="border", align_corners=False
    )
    return turned[:, 0]
