"""Axes of the small pictures: from the numbers and words of a figure to pixels."""

import math
from dataclasses import dataclass

import numpy as np

WIDTH = 640
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 16, 44  # margins, pixels


@dataclass(frozen=True)
class Axis:
    """One axis of the picture: its range (log10 of it if `log`) and where it lies, in pixels."""

    low: float
    high: float
    start: float
    end: float
    log: bool
    title: str
    categories: tuple | None = None
    named: tuple = ()  # (value, label) of ticks that the figure gives itself
    visible: bool = True

    def pixel(self, values) -> np.ndarray:
        """Pixels of `values` (or of category names); not finite where they can't be drawn."""
        if self.categories:
            values = [self.categories.index(v) if v in self.categories else v for v in values]
        numbers = np.array([np.nan if v is None else v for v in values], dtype=float)
        if self.log:
            numbers = np.log10(np.where(numbers > 0, numbers, np.nan))
        share = (numbers - self.low) / ((self.high - self.low) or 1.0)
        return np.clip(self.start + share * (self.end - self.start), -2000, 4000)

    @property
    def floor(self) -> float:
        """Where bars and areas begin, in pixels: at zero, or at the end of a log axis."""
        return self.start if self.log else float(self.pixel([0.0])[0])

    def ticks(self) -> list[tuple]:
        """Values and their labels: the figure's own, words, powers of ten, or round numbers."""
        if self.named:
            return list(self.named)
        if self.categories:
            return [(word, word) for word in self.categories]
        low, high = sorted((self.low, self.high))
        if self.log:
            powers = range(math.ceil(low), math.floor(high) + 1)
            return [(10.0**p, f"{10.0**p:g}") for p in powers]
        step = 10 ** math.floor(math.log10((high - low) or 1.0))
        step *= 1 if (high - low) / step >= 4 else 0.5
        return [(k * step, f"{k * step:g}".replace("-", "−"))
                for k in range(math.ceil(low / step), math.floor(high / step) + 1)]  # fmt: skip


def axis_in(figure: dict, reference: str, letter: str, height: float) -> Axis:
    """The axis `reference` ("x", "x2", ...) of a figure that is `height` pixels high."""
    layout = figure["layout"].get(f"{letter}axis{reference[1:]}", {})
    first, last = layout.get("domain", (0, 1))
    span = (LEFT, WIDTH - RIGHT) if letter == "x" else (height - BOTTOM, TOP)
    start, end = (span[0] + share * (span[1] - span[0]) for share in (first, last))
    values = [t[letter] for t in figure["data"] if t.get(f"{letter}axis", letter) == reference
              and letter in t]  # fmt: skip
    flat = [v for value in values for v in np.asarray(value, dtype=object).ravel()]
    words = tuple(dict.fromkeys(v for v in flat if isinstance(v, str)))
    if "range" in layout:
        low, high = (float(v) for v in layout["range"])
    elif words:
        low, high = -0.5, len(words) - 0.5
    else:
        low, high = _span([v for v in flat if v is not None], layout.get("type") == "log")
    if layout.get("autorange") == "reversed":
        low, high = high, low
    title = (layout.get("title") or {}).get("text", "")
    named = tuple(zip(layout.get("tickvals", ()), layout.get("ticktext", ()), strict=False))
    log, visible = layout.get("type") == "log", layout.get("visible", True)
    return Axis(low, high, start, end, log, title, words or None, named, visible)


def _span(values: list, log: bool) -> tuple[float, float]:
    """The range that the finite `values` need on an axis that has none (log10 if `log`)."""
    finite = [float(v) for v in values if math.isfinite(v) and (v > 0 or not log)]
    numbers = [math.log10(v) if log else v for v in finite] or [0.0, 1.0]
    return min(numbers), max(numbers)
