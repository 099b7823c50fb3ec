"""A batch of images as a mosaic, with colour channels set to zero through a view of the batch."""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from dlbook.datasets.colored_shapes import colored_shapes
from dlbook.plots import Figure
from dlbook.plots.pictures import color_numbers, fit_palette, picture, picture_figure
from dlbook.plots.theme import with_status

NUM_IMAGES, SIDE = 48, 32
ROWS, COLUMNS = 3, 3  # images of the explorer's mosaic
CHANNELS = ("red", "green", "blue")


def mosaic(X: Tensor, num_columns: int) -> Tensor:
    """The images of a batch side by side, row by row.

    Args:
        X: (n, channels, height, width); n is a multiple of `num_columns`.

    Returns:
        (channels, n / num_columns · height, num_columns · width)

    Raises:
        ValueError: the last row would not be full.
    """
    n, channels, height, width = X.shape
    if n % num_columns:
        raise ValueError(f"{n} images don't fill rows of {num_columns}")
    tiles = X.reshape(-1, num_columns, channels, height, width)  # (row, column, channel, y, x)
    return tiles.permute(2, 0, 3, 1, 4).reshape(channels, -1, num_columns * width)


def masked_mosaic(start: int, red: bool, green: bool, blue: bool) -> Figure:
    """Nine images of the batch from `start` on; channels not chosen are zero."""
    X = _batch().clone()
    for channel, kept in enumerate((red, green, blue)):
        if not kept:
            X.narrow(1, channel, 1).fill_(0)  # writes through the view
    shown = mosaic(X.narrow(0, start, ROWS * COLUMNS), COLUMNS)
    numbers = color_numbers(shown.numpy(), _palette())
    figure = picture_figure(
        [picture(numbers, _palette())], rows=ROWS * SIDE, columns=COLUMNS * SIDE, height=400
    )
    return with_status(figure, _sentence(start, (red, green, blue)))


def mosaic_figure(X: Tensor, num_columns: int, *, height: int = 240) -> Figure:
    """A batch of uint8 colour images (n, 3, height, width) as one picture."""
    image = mosaic(X, num_columns).numpy()
    palette = fit_palette(image.reshape(3, -1).T)
    rows, columns = image.shape[1:]
    numbers = color_numbers(image, palette).astype(np.uint8)
    return picture_figure([picture(numbers, palette)], rows=rows, columns=columns, height=height)


@lru_cache
def _batch() -> Tensor:
    X, _ = colored_shapes(NUM_IMAGES, noise=0.0)
    return (255 * X).round().to(torch.uint8)


@lru_cache
def _palette() -> np.ndarray:
    """Colours for the images with every choice of channels."""
    pixels = _batch().permute(0, 2, 3, 1).reshape(-1, 3)[::7]
    masks = torch.cartesian_prod(*[torch.tensor([0, 1], dtype=torch.uint8)] * 3)
    masked = [pixels * mask for mask in masks]
    return fit_palette(torch.cat([*masked, *[pixels] * 6]).numpy())


def _sentence(start: int, kept: tuple[bool, ...]) -> str:
    killed = [name for name, keep in zip(CHANNELS, kept, strict=True) if not keep]
    last = start + ROWS * COLUMNS - 1
    zeroed = " and ".join(killed) or "no channel"
    return f"Images {start} to {last} of {NUM_IMAGES}; set to zero: {zeroed}."
