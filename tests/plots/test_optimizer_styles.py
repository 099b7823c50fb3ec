"""Optimizers can be told apart in a figure, also where two colours are near each other."""

from itertools import combinations

import numpy as np

from dlbook.models.optimizer_race import RACERS
from dlbook.plots.optimizer_styles import STYLES, SYMBOLS


def rgb(color: str) -> np.ndarray:
    return np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)])


def test_every_racer_has_a_style():
    assert list(STYLES) == list(SYMBOLS) == list(RACERS)


def test_every_dot_has_a_shape_of_its_own():
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)


def test_colours_that_are_near_each_other_have_different_dashes():
    """Seen: 49 (momentum, Adam) and 60 (momentum, Nesterov); then 83 and more."""
    near = [
        (a, b)
        for a, b in combinations(STYLES, 2)
        if np.linalg.norm(rgb(STYLES[a][0]) - rgb(STYLES[b][0])) < 80
    ]
    assert len(near) >= 2
    assert all(STYLES[a][1] != STYLES[b][1] for a, b in near)
