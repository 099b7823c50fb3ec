"""Two pictures of 8×8 pixels side by side, and the probabilities of ten digits below them."""

import numpy as np
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.color_numbers import see_through
from dlbook.plots.network import NEGATIVE, POSITIVE
from dlbook.plots.panels import axis
from dlbook.plots.theme import GRAY, GREEN, ORANGE, template

HEIGHT = 450
PICTURES, BARS = (0.385, 1.0), (0.0, 0.32)  # shares of the height
COLUMNS = ((0.0, 0.49), (0.51, 1.0))  # shares of the width
BARS_ACROSS = (0.14, 1.0)  # left of the bars is the room for the words of their axis
MARGIN = {"t": 28, "l": 8, "r": 8}
LARGEST = 13  # diameter of a dot of full ink, in pixels of the screen
INK_SCALE = [[0, see_through(GRAY, 0.08)], [1, see_through(GRAY, 1.0)]]
SIGNED_SCALE = [
    [0.0, see_through(NEGATIVE, 0.95)],
    [0.5, see_through(GRAY, 0.05)],
    [1.0, see_through(POSITIVE, 0.95)],
]


def two_maps(x: Tensor, shares: tuple[Tensor, Tensor], p: Tensor, digit: int) -> Figure:
    """Two ways to share out a score among the pixels, on one colour scale.

    Args:
        x: the image, (64,) in [0, 1].
        shares: of the pixels, (64,) each.
        p: probabilities (10,), shown as bars.
        digit: whose bar is marked.
    """
    largest = max(float(share.abs().max()) for share in shares)
    traces = [
        picture(share / largest, "x" + n, SIGNED_SCALE, (-1, 1))
        for share, n in zip(shares, ("", "2"), strict=True)
    ]
    traces += [ink(x, "x"), ink(x, "x2"), bars(p, digit)]
    return arranged(traces, ("Shapley values", "integrated gradients"))


def hidden(x: Tensor, drops: Tensor, place: tuple[int, int], p: Tensor) -> Figure:
    """The image with a square hidden, and a map of what each square's hiding takes away.

    Args:
        x: the image as it is shown to the network, (64,).
        drops: of the probability, (7, 7), by row and column of the square's upper left pixel.
        place: row and column of the square, which is framed.
        p: probabilities (10,).
    """
    row, column = place
    left, top = column - 4, 4 - row
    corners = ([left, left + 2, left + 2, left, left], [top, top, top - 2, top - 2, top])
    frame = {
        "type": "scatter",
        "mode": "lines",
        "x": corners[0],
        "y": corners[1],
        "line": {"color": ORANGE, "width": 3},
        "hoverinfo": "skip",
    }
    here = {
        "type": "scatter",
        "mode": "markers",
        "x": [left + 1],
        "y": [top - 1],
        "marker": {"color": ORANGE, "size": 12, "symbol": "circle"},
        "xaxis": "x2",
        "yaxis": "y2",
        "hoverinfo": "skip",
    }
    traces = [
        picture(x, "x", INK_SCALE, (0, 1)),
        picture(drops.reshape(-1), "x2", SIGNED_SCALE, (-1, 1)),
        frame,
        here,
        bars(p, int(p.argmax())),
    ]
    return arranged(traces, ("what is shown", "what hiding loses"))


def picture(values: Tensor, x_axis: str, colorscale: list, ends: tuple) -> dict:
    """A square picture (side²,) centred on 0, one unit a pixel, the first row on top."""
    side = round(len(values) ** 0.5)
    centers = np.arange(side) + 0.5 - side / 2
    return {
        "type": "heatmap",
        "x": centers,
        "y": centers,
        "z": values.reshape(side, side).flip(0).numpy(),
        "zmin": ends[0],
        "zmax": ends[1],
        "colorscale": colorscale,
        "showscale": False,
        "hoverinfo": "skip",
        "xaxis": x_axis,
        "yaxis": x_axis.replace("x", "y"),
    }


def ink(x: Tensor, x_axis: str) -> dict:
    """A dot a pixel, as large as there is ink."""
    centers = np.arange(8) - 3.5
    return {
        "type": "scatter",
        "mode": "markers",
        "x": np.tile(centers, 8),
        "y": np.repeat(centers[::-1], 8),
        "marker": {
            "color": GRAY,
            "size": LARGEST * x.numpy(),
            "symbol": "circle",
            "line": {"width": 0},
        },
        "xaxis": x_axis,
        "yaxis": x_axis.replace("x", "y"),
        "hoverinfo": "skip",
    }


def bars(p: Tensor, marked: int) -> dict:
    """Ten probabilities, one of them in orange."""
    return {
        "type": "bar",
        "x": np.arange(10),
        "y": p.numpy(),
        "marker": {"color": [ORANGE if digit == marked else GREEN for digit in range(10)]},
        "xaxis": "x3",
        "yaxis": "y3",
        "hovertemplate": "%{x}: %{y:.3f}<extra></extra>",
    }


def arranged(traces: list[dict], titles: tuple[str, str], columns=COLUMNS) -> Figure:
    """Two square panels with titles over one of bars; `columns` are shares of the width."""
    left, right = columns
    layout = {
        "template": template(),
        "height": HEIGHT,
        "showlegend": False,
        "margin": MARGIN,
        "xaxis": bare(left, "y"),
        "yaxis": bare(PICTURES, "x", scaleanchor="x"),
        "xaxis2": bare(right, "y2"),
        "yaxis2": bare(PICTURES, "x2", scaleanchor="x2"),
        "xaxis3": axis("digit", -0.6, 9.6, anchor="y3", domain=BARS_ACROSS, dtick=1),
        "yaxis3": axis("probability", 0, 1, anchor="x3", domain=BARS, dtick=0.5),
        "annotations": [title(*pair) for pair in zip(titles, columns, strict=True)],
    }
    return Figure(data=traces, layout=layout)


def title(text: str, domain: tuple[float, float]) -> dict:
    """Words above a panel."""
    place = {"x": sum(domain) / 2, "y": 1.0, "xref": "paper", "yref": "paper"}
    anchor = {"xanchor": "center", "yanchor": "bottom"}
    return {"text": text, "showarrow": False} | anchor | place


def bare(domain: tuple[float, float], anchor: str, **more) -> dict:
    """An axis of a picture, from −4 to 4 and without ticks."""
    frame = {"showline": True, "mirror": True, "zeroline": False, "showgrid": False, "ticks": ""}
    frame |= {"constrain": "domain", "constraintoward": "top" if more else "center"}
    plain = {"range": [-4, 4], "fixedrange": True, "showticklabels": False}
    return plain | frame | {"domain": domain, "anchor": anchor} | more
