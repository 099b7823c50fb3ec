"""Every index removes one axis: a batch of images, an image, a channel, a row, a number."""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from dlbook.datasets.photographs import photograph
from dlbook.figures.mosaic import mosaic
from dlbook.plots import Figure
from dlbook.plots.pictures import color_numbers, fit_palette, picture, picture_figure, words
from dlbook.plots.theme import RED, with_status

SIDE, TILE = 96, 32  # pixels of the figure and of one image
ROW, COLUMN = 14, 18  # the row and the pixel that the last two indices choose
CROPS = (  # photograph, first row, first column, size: a batch of nine images
    ("china", 20, 20, 384),
    ("flower", 30, 130, 336),
    ("china", 20, 100, 192),
    ("flower", 150, 250, 128),
    ("china", 180, 60, 200),
    ("china", 130, 440, 200),
    ("flower", 330, 280, 97),
    ("china", 300, 0, 127),
    ("flower", 0, 0, 220),
)
BLANK = 255  # the last colour number is left out of the palette and drawn as nothing


@lru_cache
def small_photos() -> Tensor:
    """Nine small colour images: uint8 (9, 3, 32, 32)."""
    images = [
        adaptive_avg_pool2d(photograph(name)[:, row : row + n, column : column + n].float(), TILE)
        for name, row, column, n in CROPS
    ]
    return torch.stack(images).round().to(torch.uint8)


def indexed(num_indices: int, image: int) -> Figure:
    """The tensor x of nine images with 0 to 4 indices given: x, x[image], x[image, 0], ...

    Args:
        num_indices: how many indices are given, 0 to 4.
        image: the first index, 0 to 8.
    """
    index = (image, 0, ROW, COLUMN)[:num_indices]
    value = small_photos()[index]
    draw = (_batch, _image, _channel, _row, _number)[num_indices]
    number = f"{value.item()}" if num_indices == 4 else " "
    figure = picture_figure(
        [
            picture(draw(value), _palette(), blank=BLANK),
            _frame(num_indices, image),
            words([((SIDE - 1) / 2, 2 * TILE + 8, number)], None, 36),
        ],
        rows=SIDE,
        columns=SIDE,
        height=400,
    )
    return with_status(figure, _sentence(index, value))


def _batch(x: Tensor) -> np.ndarray:
    return color_numbers(mosaic(x, 3).numpy(), _palette())


def _image(x: Tensor) -> np.ndarray:
    return _enlarged(color_numbers(x.numpy(), _palette()))


def _channel(x: Tensor) -> np.ndarray:
    return _image(x.expand(3, -1, -1))


def _row(x: Tensor) -> np.ndarray:
    """The numbers of a row as columns of their height, in their shade of grey."""
    shades = color_numbers(x.expand(3, 1, -1).numpy(), _palette()).repeat(SIDE // TILE, axis=1)
    heights = (x.double() / 255 * SIDE).round().numpy().repeat(SIDE // TILE)
    above = np.arange(SIDE)[::-1, None] >= np.maximum(heights, 1)
    return np.where(above, BLANK, np.broadcast_to(shades, above.shape))


def _number(x: Tensor) -> np.ndarray:
    numbers = np.full((SIDE, SIDE), BLANK)
    third = slice(TILE, 2 * TILE)
    numbers[third, third] = color_numbers(x.expand(3, 1, 1).numpy(), _palette())
    return numbers


def _enlarged(numbers: np.ndarray) -> np.ndarray:
    return np.kron(numbers, np.ones((SIDE // TILE, SIDE // TILE), dtype=int))


def _frame(num_indices: int, image: int) -> dict:
    """Around what the next index chooses: an image, all of it, a row, a number."""
    scale = SIDE // TILE
    top, left = divmod(image, 3)
    left, top, right, bottom = (
        (left * TILE, top * TILE, (left + 1) * TILE, (top + 1) * TILE),
        (0, 0, SIDE, SIDE),
        (0, ROW * scale, SIDE, (ROW + 1) * scale),
        (COLUMN * scale, 0, (COLUMN + 1) * scale, SIDE),
        (TILE, TILE, 2 * TILE, 2 * TILE),
    )[num_indices]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.array([left, right, right, left, left]) - 0.5,
        "y": np.array([top, top, bottom, bottom, top]) - 0.5,
        "line": {"color": RED, "width": 3},
        "hoverinfo": "skip",
    }


@lru_cache
def _palette() -> np.ndarray:
    """Colours and greys of the nine images."""
    x = small_photos().permute(1, 0, 2, 3).reshape(3, -1)
    grey = torch.arange(256, dtype=torch.uint8).expand(3, -1).repeat(1, 8)
    palette = fit_palette(torch.cat([x, grey], dim=1).T.numpy())
    palette[BLANK] = palette[BLANK - 1]  # never the nearest: argmin takes the first of equals
    return palette


def _sentence(index: tuple[int, ...], value: Tensor) -> str:
    name = f"x[{', '.join(map(str, index))}]" if index else "x"
    axes = f"{value.dim()} ax{'i' if value.dim() == 1 else 'e'}s"
    count = f"{value.numel():,}".replace(",", "\u202f")
    return f"{name} has {axes}, shape {tuple(value.shape)}: {count} number{'s'[: value.dim()]}."
