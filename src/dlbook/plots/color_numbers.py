"""Numbered colours: scales with which a heat map shows whole numbers as colours of their own."""

from collections.abc import Sequence

import numpy as np

from dlbook.plots.theme import BLUE, GREEN, ORANGE, PURPLE, RED, YELLOW


def step_scale(colors: Sequence[str]) -> list[list]:
    """A colour scale for numbers 0..n-1, each of which gets its own colour, unmixed.

    Use it with zmin = -0.5 and zmax = n - 0.5.
    """
    number = len(colors)
    return [[edge / number, color] for k, color in enumerate(colors) for edge in (k, k + 1)]


def ramp(number: int, opacity: float) -> list[str]:
    """`number` even steps through the palette, blue to green, orange and purple; translucent."""
    stops = np.array([_channels(c) for c in (BLUE, GREEN, YELLOW, ORANGE, RED, PURPLE)])
    at = np.linspace(0, len(stops) - 1, number)
    mixed = [np.interp(at, np.arange(len(stops)), stops[:, channel]) for channel in range(3)]
    return [_rgba(channels, opacity) for channels in zip(*mixed, strict=True)]


def see_through(color: str, opacity: float) -> str:
    """`color` ("#rrggbb") with that opacity (0 to 1), so that texts read on it on either page."""
    return _rgba(_channels(color), opacity)


def _channels(color: str) -> tuple[int, ...]:
    return tuple(int(color[i : i + 2], 16) for i in (1, 3, 5))


def _rgba(channels: Sequence[float], opacity: float) -> str:
    red, green, blue = (round(channel) for channel in channels)
    return f"rgba({red},{green},{blue},{opacity})"
