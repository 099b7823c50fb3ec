"""A photograph that dissolves into a table of integers as one comes closer."""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from dlbook.figures.temple import WHOLE, temple
from dlbook.plots import Figure
from dlbook.plots.pictures import color_numbers, fit_palette, picture, picture_figure, words
from dlbook.plots.theme import with_status

SIDE = 96  # pixels of the figure
PLACES = {"roof": (108, 165), "window": (176, 240), "leaves": (352, 40), "sky": (44, 310)}
CHANNELS = ("red", "green", "blue")
MAX_ZOOM = 6
READABLE = 12  # windows of this many pixels or fewer show their numbers


def photo_as_numbers(zoom: int, channel: str, place: str) -> Figure:
    """A window of the photograph, 384 / 2^zoom pixels wide; from 12 pixels on with its integers.

    Args:
        zoom: 0 to 6.
        channel: "all", "red", "green" or "blue".
        place: a key of `PLACES`, the point that the windows close in on.
    """
    window = _window(zoom, place)
    shown = window.clone()
    for k, name in enumerate(CHANNELS):
        if channel not in ("all", name):
            shown[k] = 0
    numbers = color_numbers(_to_side(shown).numpy(), _palette())
    figure = picture_figure(
        [
            picture(numbers, _palette()),
            _next_window(zoom, place),
            *_integers(window, channel),
        ],
        rows=SIDE,
        columns=SIDE,
        height=440,
    )
    return with_status(figure, _sentence(window, zoom, channel))


def _bounds(zoom: int, place: str) -> tuple[int, int, int]:
    """First row, first column and size of the window at `zoom`, inside the square of zoom 0."""
    size = WHOLE >> zoom
    row, column = (min(max(center - size // 2, 0), WHOLE - size) for center in PLACES[place])
    return row, column, size


def _window(zoom: int, place: str) -> Tensor:
    """The part of the photograph that is seen: uint8 (3, n, n) with n = 384 / 2^zoom."""
    row, column, size = _bounds(zoom, place)
    return temple()[:, row : row + size, column : column + size]


def _next_window(zoom: int, place: str) -> dict:
    """The outline of what one zoom more would show (of one pixel at the last zoom)."""
    row, column, size = _bounds(zoom, place)
    next_row, next_column, next_size = _bounds(zoom + 1, place)
    if zoom == MAX_ZOOM:
        next_row, next_column, next_size = row + size // 2, column + size // 2, 1
    x, y = ((first * SIDE / size - 0.5) for first in (next_column - column, next_row - row))
    side = next_size * SIDE / size
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x, x + side, x + side, x, x],
        "y": [y, y, y + side, y + side, y],
        "line": {"color": "white", "width": 2},
        "hoverinfo": "skip",
    }


def _to_side(window: Tensor) -> Tensor:
    """`window` averaged or repeated to 96 x 96 pixels."""
    size = window.shape[-1]
    if size <= SIDE:
        repeat = SIDE // size
        return window.repeat_interleave(repeat, 1).repeat_interleave(repeat, 2)
    return avg_pool2d(window.float(), size // SIDE).round().to(torch.uint8)


@lru_cache
def _palette() -> np.ndarray:
    """Colours for the photograph and for each of its channels alone."""
    image = temple()[:, ::4, ::4].reshape(3, -1)
    alone = [image * torch.eye(3, dtype=torch.uint8)[k][:, None] for k in range(3)]
    return fit_palette(torch.cat([image, *alone], dim=1).T.numpy())


def _integers(window: Tensor, channel: str) -> list[dict]:
    """The numbers at their pixels, white on dark pixels and black on bright ones."""
    places = {"white": [], "black": []}
    size = window.shape[-1]
    if size <= READABLE and (channel != "all" or size < READABLE):
        for row in range(size):
            for column in range(size):
                bright, entries = _pixel(window[:, row, column], channel)
                places["black" if bright else "white"] += [
                    ((column + 0.5) * SIDE / size - 0.5, (row + y) * SIDE / size - 0.5, text)
                    for y, text in entries
                ]
    room = READABLE**2
    return [
        words(found + [(0, 0, "")] * (room - len(found)), color) for color, found in places.items()
    ]


def _pixel(values: Tensor, channel: str) -> tuple[bool, list[tuple[float, str]]]:
    """Whether the pixel is bright, and what is written in it at which heights (0 to 1)."""
    red, green, blue = values.tolist()
    shown = dict(zip(CHANNELS, (red, green, blue), strict=True))
    if channel != "all":
        # luminance weights of ITU-R BT.601: pure blue stays dark
        weight = dict(zip(CHANNELS, (0.299, 0.587, 0.114), strict=True))[channel]
        return shown[channel] * weight > 80, [(0.5, str(shown[channel]))]
    bright = 0.299 * red + 0.587 * green + 0.114 * blue > 128
    return bright, [(0.22, str(red)), (0.5, str(green)), (0.78, str(blue))]


def _sentence(window: Tensor, zoom: int, channel: str) -> str:
    size = window.shape[-1]
    seen = window if channel == "all" else window[CHANNELS.index(channel)]
    what = "three numbers a pixel" if channel == "all" else f"the {channel} numbers"
    return (
        f"A window of {size} × {size} pixels, {what}: {_spaced(seen.numel())} integers from "
        f"{int(seen.min())} to {int(seen.max())}."
    )


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")
