"""The eight ways to lay a square picture on itself, made of one transposition and two flips."""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from dlbook.figures.temple import temple
from dlbook.plots import Figure
from dlbook.plots.pictures import color_numbers, fit_palette, picture, picture_figure, words
from dlbook.plots.theme import with_status

SIDE = 96
CORNERS = {"A": (6, 6), "B": (6, 89), "C": (89, 89), "D": (89, 6)}  # row, column: clockwise


def flipped_photo(transpose: bool, flip_rows: bool, flip_columns: bool) -> Figure:
    """The photograph after x.transpose(1, 2), then x.flip(1), then x.flip(2), each if chosen.

    The letters A, B, C, D, clockwise in the original, tell a mirror image (they run the other way
    round) from a rotation (they don't).
    """
    x = flipped(_numbers()[None], transpose, flip_rows, flip_columns)[0]
    places = [(*_moved(corner, transpose, flip_rows, flip_columns)[::-1], letter)
              for letter, corner in CORNERS.items()]  # fmt: skip
    figure = picture_figure(
        [picture(x.numpy(), _palette()), _on_discs(words(places, "white", 22))],
        rows=SIDE,
        columns=SIDE,
        height=400,
    )
    return with_status(figure, _sentence(transpose, flip_rows, flip_columns))


def _on_discs(letters: dict) -> dict:
    """`letters` with a dark disc behind each, so that they read on sky and on leaves."""
    return letters | {"mode": "markers+text", "marker": {"size": 34, "color": "rgba(0,0,0,0.6)"}}


def flipped(x: Tensor, transpose: bool, flip_rows: bool, flip_columns: bool) -> Tensor:
    """`x` (channels, rows, columns) transposed, then flipped, as chosen; a square stays one."""
    x = x.transpose(1, 2) if transpose else x
    axes = [1] * flip_rows + [2] * flip_columns
    return x.flip(axes) if axes else x


def _moved(place: tuple, transpose: bool, flip_rows: bool, flip_columns: bool) -> tuple[int, int]:
    row, column = place[::-1] if transpose else place
    return (SIDE - 1 - row if flip_rows else row, SIDE - 1 - column if flip_columns else column)


@lru_cache
def _palette() -> np.ndarray:
    return fit_palette(temple(SIDE).reshape(3, -1).T.numpy())


@lru_cache
def _numbers() -> Tensor:
    return torch.from_numpy(color_numbers(temple(SIDE).numpy(), _palette()))


NAMES = {
    (False, False, False): "the picture as it was",
    (True, False, False): "a mirror image: rows and columns swapped, mirrored along a diagonal",
    (False, True, False): "a mirror image: upside down",
    (False, False, True): "a mirror image: left and right swapped",
    (True, True, False): "a quarter turn against the clock, torch.rot90(x, 1, (1, 2))",
    (True, False, True): "a quarter turn with the clock, torch.rot90(x, -1, (1, 2))",
    (False, True, True): "half a turn, torch.rot90(x, 2, (1, 2))",
    (True, True, True): "a mirror image: mirrored along the other diagonal",
}


def _sentence(transpose: bool, flip_rows: bool, flip_columns: bool) -> str:
    chosen = [
        call
        for call, used in (
            (".transpose(1, 2)", transpose),
            (".flip(1)", flip_rows),
            (".flip(2)", flip_columns),
        )
        if used
    ]
    return f"x{''.join(chosen)}: {NAMES[transpose, flip_rows, flip_columns]}."
