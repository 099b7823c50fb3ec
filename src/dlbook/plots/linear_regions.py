"""The pieces of a network as coloured cells of a map, and counts beside bounds."""

from collections.abc import Sequence

import numpy as np

from dlbook.plots import Figure
from dlbook.plots.color_numbers import ramp, step_scale
from dlbook.plots.panels import axis, dots, line, words
from dlbook.plots.theme import GREEN, ORANGE, PURPLE, RED, template

HUES, SHADES = 12, 4  # one hue for what the first layer says, one shade for the layers after it
BORDER = HUES * SHADES  # the number of the colour between two pieces
EDGE = BORDER + 1  # the number of the colour between two answers
OPACITIES = (0.3, 0.5, 0.7, 0.9)
COLORS = [color for opacity in OPACITIES for color in ramp(HUES, opacity)]
COLORS += ["rgba(20,20,20,0.9)", "rgb(255,0,200)"]  # pink is seen on black and on pale colours
OUT_OF_SIGHT = 1e-3  # left of the picture: what keeps an axis that no line needs
COUNTED, BOUNDED = (-0.1, 4), (-1, 25)  # ends of the axes of counts and of bounds, powers of ten
BOUNDS = ("counted", "bound min(|x|, |h₁|)", "bound of the slide")


def color_number(hue: np.ndarray, shade: np.ndarray) -> np.ndarray:
    """The numbered colour of a hue and a shade, any whole numbers."""
    return (shade % SHADES) * HUES + hue % HUES


def with_borders(numbers: np.ndarray, pieces: np.ndarray) -> np.ndarray:
    """`numbers` (n, n) with the border colour where the piece differs from the next one's."""
    z = numbers.copy()
    z[:, :-1][pieces[:, :-1] != pieces[:, 1:]] = BORDER
    z[:-1][pieces[:-1] != pieces[1:]] = BORDER
    return z


def cell_map(numbers: np.ndarray, limit: float) -> dict:
    """A map of numbered colours over [−limit, limit]²."""
    size = len(numbers)
    centers = (np.arange(size) + 0.5) / size * 2 * limit - limit
    return {
        "type": "heatmap",
        "name": "pieces",
        "x": centers,
        "y": centers,
        "z": numbers,
        "zmin": -0.5,
        "zmax": len(COLORS) - 0.5,
        "colorscale": step_scale(COLORS),
        "showscale": False,
        "hoverinfo": "skip",
    }


def map_with_counts(numbers: np.ndarray, limit: float, counts: Sequence[int]) -> Figure:
    """The map above, and below three counts on a scale of powers of ten.

    Args:
        counts: those of `BOUNDS`.
    """
    layout = {
        "template": template(),
        "height": 580,
        "showlegend": False,
        "margin": {"l": 48, "r": 16, "t": 16, "b": 48},
        "xaxis": axis("x₁", -limit, limit, constrain="domain") | {"anchor": "y"},
        "yaxis": axis("x₂", -limit, limit, scaleanchor="x", constrain="domain")
        | {"domain": [0.34, 1], "constraintoward": "top"},
        "xaxis2": axis("pieces", 0, 13, log=True, anchor="y2", dtick=3, tickangle=0),
        "yaxis2": axis("", 2.5, -0.8, anchor="x2", domain=[0, 0.22], showticklabels=False),
    }
    marker = {"symbol": "diamond"}
    markers = dots(counts, [0, 1, 2], "", [GREEN, PURPLE, ORANGE], size=13, marker=marker, panel=2)
    above = [row - 0.45 for row in range(3)]  # beside the markers a phone has no room
    names = words([1] * 3, above, BOUNDS, "middle right", panel=2)
    return Figure([cell_map(numbers, limit), markers, names], layout)


def counts_over_size(
    curves: Sequence[tuple[str, Sequence, Sequence, str, dict]],
    here: tuple[float, float],
    x_title: str,
    x_range: tuple[float, float],
    *,
    counted: bool,
) -> Figure:
    """Numbers of pieces over a size of the network, both on scales of powers of ten.

    Args:
        curves: name, x, y, colour and style of each line.
        here: the place of a ring.
        counted: whether they belong to the axis on the right, up to 10⁴, or to that on the left.
    """
    traces = [line(x, y, name, color, **style) for name, x, y, color, style in curves]
    ring = {"symbol": "circle-open", "line": {"width": 3}}
    traces.append(dots(*[[value] for value in here], "24 units", RED, size=18, marker=ring))
    used = {"yaxis": "y2" if counted else "y"}
    unseen = dots([OUT_OF_SIGHT], [1], "", RED, showlegend=False)
    for_both = [unseen | {"yaxis": "y"}, unseen | {"yaxis": "y2"}]
    layout = {
        "template": template(),
        "height": 460,
        "xaxis": axis(x_title, *x_range, log=True),
        "yaxis": axis("pieces by a bound", *BOUNDED, log=True, dtick=5),
        "yaxis2": axis("pieces counted", *COUNTED, log=True, anchor="x", dtick=1)
        | {"side": "right", "overlaying": "y", "showgrid": False},
    }
    return Figure([*for_both, *(trace | used for trace in traces)], layout)
