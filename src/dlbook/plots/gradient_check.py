"""A map of disagreement between two gradients, and losses of descents that follow them."""

from collections.abc import Mapping, Sequence

import numpy as np

from dlbook.plots import Figure
from dlbook.plots.color_numbers import see_through
from dlbook.plots.panels import axis, line, one_panel
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, PURPLE, RED, YELLOW
from dlbook.plots.words import SUPERSCRIPTS

AGREE, WORST = -10.0, 0.0  # ends of the colour scale, powers of ten
SCALE = [
    [0.0, see_through(GREEN, 0.7)],
    [0.35, see_through(GREEN, 0.3)],
    [0.6, see_through(GRAY, 0.12)],
    [0.8, see_through(RED, 0.35)],
    [1.0, see_through(RED, 0.9)],
]


def check_map(exponents: np.ndarray, nudges: Sequence[int], names: Sequence[str]) -> Figure:
    """log₁₀ of relative errors as a map: parameters down, ever smaller nudges to the right.

    Args:
        exponents: (parameters, nudges).
        nudges: k of the nudges 10⁻ᵏ.
        names: of the parameters, the first on top.
    """
    columns, rows = np.arange(len(nudges)), np.arange(len(names))
    cells = {
        "type": "heatmap",
        "x": columns,
        "y": rows,
        "z": exponents,
        "zmin": AGREE,
        "zmax": WORST,
        "colorscale": SCALE,
        "showscale": False,
        "hovertemplate": "%{y}: 10^%{z:.1f}<extra></extra>",
    }
    places = [(x, y) for y in rows for x in columns]
    texts = {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
        "text": [f"{round(exponents[y, x])}".replace("-", "−") for x, y in places],
        "hoverinfo": "skip",
        "showlegend": False,
    }
    ticks = [f"10{str(-k).translate(SUPERSCRIPTS)}" for k in nudges[::2]]
    across = {"tickvals": columns[::2].tolist(), "ticktext": ticks, "showgrid": False}
    down = {"tickvals": rows.tolist(), "ticktext": list(names), "showgrid": False}
    return one_panel(
        [cells, texts],
        axis("nudge ε", -0.5, len(nudges) - 0.5, **across),
        axis("parameter", len(names) - 0.5, -0.5, **down),
        height=340,
    )


def loss_curves(losses: Mapping[str, Sequence[float]]) -> Figure:
    """Losses over the steps of a descent, one line a version; the first in grey, thick."""
    colors = (GRAY, BLUE, ORANGE, GREEN, PURPLE, RED, YELLOW)
    traces = [
        line(list(range(len(values))), values, name, color, width=5 if not k else 2.2)
        for k, ((name, values), color) in enumerate(zip(losses.items(), colors, strict=False))
    ]
    num_steps = max(map(len, losses.values()))
    return one_panel(traces, axis("step", 0, num_steps), axis("loss (nats)", 0, 1.6))
