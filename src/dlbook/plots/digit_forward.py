"""An image, the units of two hidden layers as tiles, and ten probabilities."""

import numpy as np
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.color_numbers import see_through
from dlbook.plots.digit_reasons import BARS_ACROSS, INK_SCALE, MARGIN, bars, framed, title
from dlbook.plots.panels import axis
from dlbook.plots.theme import GRAY, GREEN, template

HEIGHT = 420
PICTURES, BARS = (0.45, 1.0), (0.0, 0.33)  # shares of the height
COLUMNS = ((0.0, 0.45), (0.48, 0.81), (0.835, 1.0))  # shares of the width
UNIT_SCALE = [[0, see_through(GRAY, 0.08)], [1, see_through(GREEN, 1.0)]]
TITLES = ("784 pixels", "64 units", "32 units")


def way_through(image: Tensor, hidden: tuple[Tensor, Tensor], p: Tensor, digit: int) -> Figure:
    """Three pictures in a row over the probabilities.

    Args:
        image: (28, 28), normalised.
        hidden: what both layers hold, (64,) and (32,); each is scaled by its largest unit.
        p: (10,).
        digit: the true one, whose bar is framed.
    """
    shades = (image - image.min()) / (image.max() - image.min())
    tiles = [h / h.max().clamp(min=1e-6) for h in hidden]
    pictures = (shades, tiles[0].reshape(8, 8), tiles[1].reshape(8, 4))
    scales = (INK_SCALE, UNIT_SCALE, UNIT_SCALE)
    names = ("", "2", "4")  # 3 is that of the bars
    traces = [
        _picture(picture, scale, n)
        for picture, scale, n in zip(pictures, scales, names, strict=True)
    ]
    layout = {
        "template": template(),
        "height": HEIGHT,
        "showlegend": False,
        "margin": MARGIN,
        "xaxis3": axis("digit", -0.6, 9.6, anchor="y3", domain=BARS_ACROSS, dtick=1),
        "yaxis3": axis("probability", 0, 1, anchor="x3", domain=BARS, dtick=0.5),
    }
    for picture, domain, n, words in zip(pictures, COLUMNS, names, TITLES, strict=True):
        layout |= _axes(picture.shape, domain, n, words)
    return Figure(data=[*traces, bars(p), framed(digit)], layout=layout)


def _picture(values: Tensor, scale: list, number: str) -> dict:
    rows, columns = values.shape
    return {
        "type": "heatmap",
        "x": np.arange(columns),
        "y": np.arange(rows),
        "z": values.flip(0).numpy(),
        "zmin": 0,
        "zmax": 1,
        "colorscale": scale,
        "showscale": False,
        "hoverinfo": "skip",
        "xaxis": f"x{number}",
        "yaxis": f"y{number}",
    }


def _axes(shape: tuple, domain: tuple, number: str, words: str) -> dict:
    """Bare axes around a picture of square cells."""
    rows, columns = shape
    plain = {"fixedrange": True, "showticklabels": False, "zeroline": False, "showgrid": False}
    plain |= {"constrain": "domain", "ticks": ""}
    across = {"range": [-0.5, columns - 0.5], "domain": domain, "anchor": f"y{number}"}
    up = {"range": [-0.5, rows - 0.5], "domain": PICTURES, "scaleanchor": f"x{number}"}
    up["constraintoward"] = "top"
    up |= {"anchor": f"x{number}"}
    return {f"xaxis{number}": plain | across | title(words), f"yaxis{number}": plain | up}
