"""Two pictures of 8×8 pixels side by side, and the probabilities of ten digits below them."""

import numpy as np
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.color_numbers import see_through
from dlbook.plots.network import NEGATIVE, POSITIVE
from dlbook.plots.panels import axis, line, words
from dlbook.plots.theme import GRAY, GREEN, ORANGE, template

HEIGHT = 450
PICTURES, BARS = (0.41, 1.0), (0.0, 0.3)  # shares of the height
COLUMNS = ((0.0, 0.49), (0.51, 1.0))  # shares of the width
BARS_ACROSS = (0.14, 1.0)  # left of the bars is the room for the words of their axis
MARGIN = {"t": 28, "l": 8, "r": 8}
LARGEST = 13  # diameter of a dot of full ink, in pixels of the screen
INK_SCALE = [[0, see_through(GRAY, 0.08)], [1, see_through(GRAY, 1.0)]]
LOSS_BAR = {  # lies between the map and the bars
    "showscale": True,
    "colorbar": {
        "orientation": "h",
        "x": (COLUMNS[1][0] + COLUMNS[1][1]) / 2,
        "xanchor": "center",
        "y": PICTURES[0],
        "yanchor": "top",
        "len": 0.4,
        "thickness": 8,
        "xpad": 0,
        "ypad": 3,
        "outlinewidth": 0,
        "tickvals": [-1, 0, 1],
        "ticktext": ["−1", "0", "1"],
    },
}
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
        digit: the class whose score is shared out; its bar is framed.
    """
    largest = max(float(share.abs().max()) for share in shares)
    traces = [
        picture(share / largest, "x" + n, SIGNED_SCALE, (-1, 1))
        for share, n in zip(shares, ("", "2"), strict=True)
    ]
    traces += [ink(x, "x"), ink(x, "x2"), bars(p), framed(digit)]
    return arranged(traces, ("Shapley values", "integrated gradients"))


def hidden(
    images: tuple[Tensor, Tensor], all_p: Tensor, place: tuple[int, int], p: Tensor
) -> Figure:
    """The image with a square hidden, and a map of what each square's hiding takes away.

    Args:
        images: as it is and as it is shown to the network, (64,) each.
        all_p: the answers with a square hidden, (7, 7, 10), by row and column of its upper left
            pixel.
        place: row and column of the square that is framed.
        p: the answer to the image as it is, (10,).
    """
    (x, shown), (row, column) = images, place
    answer = int(p.argmax())
    drops = (p - all_p)[:, :, answer]
    traces = [
        picture(shown, "x", INK_SCALE, (0, 1)),
        picture(drops.reshape(-1), "x2", SIGNED_SCALE, (-1, 1)) | LOSS_BAR,
        ink(x * (x > shown), "x"),  # what was hidden
        box(column - 4, 2 - row, 2, 2, GREEN),
        box(column - 3.5, 2.5 - row, 1, 1, GREEN, panel=2),
        other_answers(all_p.argmax(dim=2), answer),
        bars(all_p[row, column]),
        framed(answer),
    ]
    return arranged(traces, ("what is shown", "what hiding loses"))


def other_answers(answers: Tensor, usual: int) -> dict:
    """The answers (7, 7) written into the cells of the map where they are not the usual one."""
    places = [(row, column) for row in range(7) for column in range(7)]
    texts = [str(int(a)) if a != usual else " " for a in answers.reshape(-1)]
    across, up = [column - 3 for _, column in places], [3 - row for row, _ in places]
    return words(across, up, texts, "middle center", panel=2)


def box(left: float, bottom: float, width: float, height: float, color: str, *, panel=1) -> dict:
    """A frame."""
    x = [left, left + width, left + width, left, left]
    y = [bottom, bottom, bottom + height, bottom + height, bottom]
    return line(x, y, "frame", color, width=3, panel=panel, hoverinfo="skip", cliponaxis=False)


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


def bars(p: Tensor) -> dict:
    """Ten probabilities."""
    return {
        "type": "bar",
        "x": np.arange(10),
        "y": p.numpy(),
        "marker": {"color": GREEN},
        "xaxis": "x3",
        "yaxis": "y3",
        "hovertemplate": "%{x}: %{y:.3f}<extra></extra>",
    }


def framed(digit: int) -> dict:
    """A frame of full height around a digit's bar, which may have no height to be seen."""
    return box(digit - 0.5, 0, 1, 1, ORANGE, panel=3)


def arranged(traces: list[dict], titles: tuple[str, str], columns=COLUMNS) -> Figure:
    """Two square panels with titles over one of bars; `columns` are shares of the width."""
    left, right = columns
    layout = {
        "template": template(),
        "height": HEIGHT,
        "showlegend": False,
        "margin": MARGIN,
        "xaxis": bare(left, "y") | title(titles[0]),
        "yaxis": bare(PICTURES, "x", scaleanchor="x"),
        "xaxis2": bare(right, "y2") | title(titles[1]),
        "yaxis2": bare(PICTURES, "x2", scaleanchor="x2"),
        "xaxis3": axis("digit", -0.6, 9.6, anchor="y3", domain=BARS_ACROSS, dtick=1),
        "yaxis3": axis("probability", 0, 1, anchor="x3", domain=BARS, dtick=0.5),
    }
    return Figure(data=traces, layout=layout)


def title(text: str) -> dict:
    """Words above a panel, as the title of its x axis: still pictures have them, too."""
    return {"title": {"text": text, "standoff": 6}, "side": "top"}


def bare(domain: tuple[float, float], anchor: str, **more) -> dict:
    """An axis of a picture, from −4 to 4 and without ticks."""
    frame = {"showline": True, "mirror": True, "zeroline": False, "showgrid": False, "ticks": ""}
    frame |= {"constrain": "domain", "constraintoward": "top" if more else "center"}
    plain = {"range": [-4, 4], "fixedrange": True, "showticklabels": False}
    return plain | frame | {"domain": domain, "anchor": anchor} | more
