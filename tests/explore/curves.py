"""A small explorer that the tests move: a line, a marker, bars and a heat map."""

import numpy as np

from dlbook.explore import Choice, Explorer, Slider, Toggle
from dlbook.plots import Figure, with_status
from dlbook.plots.theme import new_figure


def wave(phase: int = 0, height: float = 1.0, filled: bool = False) -> Figure:
    """A sine, moved and scaled; at height 0 the phase does nothing."""
    x = np.linspace(0, 6, 40)
    y = height * np.sin(x + phase)
    figure = new_figure(x_title="x", y_title="y", x_range=(0, 6), y_range=(-2, 2))
    figure.add_scatter(x=x, y=y, mode="lines", name="wave")
    figure.add_scatter(
        x=x[:1],
        y=y[:1],
        mode="markers",
        name="start",
        marker={"color": "#112233" if filled else "#445566"},
    )
    return with_status(figure, f"phase {phase}, height {height}")


def wave_explorer(function=wave, **controls) -> Explorer:
    """An explorer of `function` with three controls, any of them replaced by `controls`."""
    defaults = {
        "phase": Slider(0, 3, value=1),
        "height": Choice([0.0, 0.5, 1.0], value=1.0),
        "filled": Toggle(),
    }
    return Explorer(function, caption="A wave.", alt="A sine wave.", **(defaults | controls))
