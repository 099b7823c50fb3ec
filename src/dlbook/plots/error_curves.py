"""Error curves with their spread over seeds, and the lines that no error goes below."""

from collections.abc import Sequence

import numpy as np

from dlbook.plots.color_numbers import see_through
from dlbook.plots.panels import line
from dlbook.plots.theme import GRAY


def curve_with_spread(
    x, runs, name: str, color: str, *, panel: int = 1, dash: str = "solid"
) -> list[dict]:
    """The median over seeds as a line, and a band from the lower to the upper quartile.

    Args:
        x: (n,).
        runs: one row a seed, (seeds, n).
        name, color, dash: of the line.
    """
    x = np.asarray(x, dtype=float)
    low, median, high = np.quantile(np.asarray(runs), [0.25, 0.5, 0.75], axis=0)
    outline = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    band = outline | {
        "x": np.concatenate([x, x[::-1]]),
        "y": np.concatenate([high, low[::-1]]),
        "fill": "toself",
        "fillcolor": see_through(color, 0.25),
        "name": "",
        "showlegend": False,
    }
    on_panel = {} if panel == 1 else {"xaxis": f"x{panel}", "yaxis": f"y{panel}"}
    return [band | on_panel, line(x, median, name, color, panel=panel, line={"dash": dash})]


def level(height: float, ends: Sequence[float], name: str, *, dash="dot", panel=1) -> dict:
    """A horizontal line from the first to the last of `ends`."""
    return line(list(ends), [height, height], name, GRAY, width=2, panel=panel, line={"dash": dash})
