"""Where in the plane of weights the names of gates are written: clear of lines and of the dot."""

from functools import lru_cache

import numpy as np

WEIGHT_LIMIT = 3.6  # of the picture
FONT_SIZE = 12  # pixels
PER_UNIT = 38.0  # pixels that a weight of 1 takes on a phone, the narrowest page
DOT_RADIUS = 5.5 / PER_UNIT  # the dot of the weights stands on whole numbers only
ENOUGH = 0.15  # room beyond this makes no place better
GRID = np.arange(-WEIGHT_LIMIT, WEIGHT_LIMIT, 0.03)
LINES = ((1, 0), (0, 1), (1, 1))  # w·x + b = 0 for the inputs x = 10, 01, 11


@lru_cache
def name_place(bits: tuple[int, int, int], b: float, name: str) -> tuple[float, float] | None:
    """The place for a name in the cell with the answers `bits`, or None if it has no room.

    Args:
        bits: answers to 10, 01 and 11.
        b: bias of the unit.
        name: what is written.
    """
    x, y = GRID[None, :], GRID[:, None]
    half_width, half_height = _half_size(name)
    margins = [WEIGHT_LIMIT - abs(x) - half_width, WEIGHT_LIMIT - abs(y) - half_height]
    inside = np.ones((len(GRID), len(GRID)), dtype=bool)
    for (u, v), bit in zip(LINES, bits, strict=True):
        side = (2 * bit - 1) * (u * x + v * y + b)
        margins.append((side - u * half_width - v * half_height) / np.hypot(u, v))
        inside &= side >= 0
    if not inside.any():
        return None
    across, along = _beyond(x, half_width), _beyond(y, half_height)
    margins.append(np.hypot(across, along) - DOT_RADIUS)
    room = np.minimum.reduce([np.broadcast_to(margin, inside.shape) for margin in margins])
    rows, columns = np.nonzero(inside)
    from_middle = np.hypot(x - GRID[columns].mean(), y - GRID[rows].mean())
    score = np.minimum(room, ENOUGH) - 0.01 * from_middle  # of equals, the one nearest the middle
    row, column = np.unravel_index(score.argmax(), score.shape)
    return (float(GRID[column]), float(GRID[row])) if room[row, column] >= 0 else None


def _half_size(name: str) -> tuple[float, float]:
    """Half of a name's width and height, in units of weights: capitals are wider and end above."""
    width = sum(0.7 if letter.isupper() else 0.52 for letter in name)
    height = 0.75 if name.isupper() else 1.0
    return FONT_SIZE * width / 2 / PER_UNIT, FONT_SIZE * height / 2 / PER_UNIT


def _beyond(places: np.ndarray, half: float) -> np.ndarray:
    """How far the nearest whole number lies beyond an interval around each place."""
    return np.maximum(abs(places - places.round()) - half, 0)
