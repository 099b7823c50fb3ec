"""Optimizers can be told apart in a figure, also where two colours are near each other."""

from itertools import combinations

import numpy as np

from dlbook.models.optimizer_race import RACERS
from dlbook.plots.optimizer_styles import STYLES, SYMBOLS, VIOLET


def contrast(one: str, other: str) -> float:
    """Of two colours, WCAG 2.1."""
    dark, light = sorted(luminance(color) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    c = rgb(color) / 255
    linear = np.where(c <= 0.03928, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def rgb(color: str) -> np.ndarray:
    return np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)])


def test_every_racer_has_a_style():
    assert list(STYLES) == list(SYMBOLS) == list(RACERS)


def test_every_dot_has_a_shape_of_its_own():
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)


def test_violet_can_be_seen_on_light_and_dark_pages():
    """Seen: 4.7 on white, 3.8 on dark."""
    assert min(contrast(VIOLET, page) for page in ("#ffffff", "#14181e")) >= 3


def test_colours_that_are_near_each_other_have_different_dashes():
    """Seen: 49 (momentum, Adam) and 60 (momentum, Nesterov); then 83 and more."""
    near = [
        (a, b)
        for a, b in combinations(STYLES, 2)
        if np.linalg.norm(rgb(STYLES[a][0]) - rgb(STYLES[b][0])) < 80
    ]
    assert len(near) >= 2
    assert all(STYLES[a][1] != STYLES[b][1] for a, b in near)
