"""Plots of test scores that were looked at: what is reported, and what fresh cases give."""

from collections.abc import Sequence

from plotly.graph_objects import Figure

from dlbook.plots.color_numbers import see_through
from dlbook.plots.panels import axis, dots, line, one_panel
from dlbook.plots.theme import GRAY, ORANGE, PURPLE, RED, template, with_status

STATIONS = ("write", "train", "test", "publish")


def reported_over_looks(
    looks: Sequence,
    reported: dict[str, Sequence],
    band: tuple,
    chosen: str,
    now: int,
    chance: float,
):
    """The reported accuracy over the number of looks, all tricks in grey and one in colour.

    Args:
        looks: numbers of looks (log axis).
        reported: median accuracy over `looks`, by trick.
        band: low and high curve of the chosen trick.
        chosen: the trick in colour.
        now: number of looks that is marked.
        chance: accuracy on fresh cases.
    """
    soft = {"showlegend": False, "width": 0}
    quiet = {"showlegend": False, "width": 1.2, "opacity": 0.7}
    here = list(looks).index(now)
    return one_panel(
        [
            *(line(looks, curve, name, GRAY, **quiet) for name, curve in reported.items()),
            line(looks, band[0], "", PURPLE, **soft),
            line(
                looks,
                band[1],
                "",
                PURPLE,
                fill="tonexty",
                fillcolor=see_through(PURPLE, 0.25),
                **soft,
            ),
            line(looks, reported[chosen], "reported", PURPLE, width=3),
            dots([now], [float(reported[chosen][here])], "", PURPLE, size=13, showlegend=False),
            line(looks, [chance] * len(looks), "on fresh cases", ORANGE),
            dots([now], [chance], "", ORANGE, size=13, showlegend=False),
        ],
        axis("looks at the test set", -0.05, 3.05, log=True, exponentformat="none"),
        axis("accuracy", 0.45, 1.02),
        height=420,
    )


def development_cycles() -> Figure:
    """The development of a method as it should be (above) and as it is: looking, going back."""
    margin = {"l": 10, "r": 10, "t": 10, "b": 10}
    layout = {"template": template(), "height": 190, "showlegend": False, "margin": margin}
    figure = Figure(layout=layout)
    figure.update_xaxes(range=[-0.5, 3.5], visible=False)
    figure.update_yaxes(range=[-0.9, 1.5], visible=False)
    for row, name in ((1, "ideal"), (0, "real")):
        figure.add_scatter(
            x=list(range(4)), y=[row] * 4, text=STATIONS, mode="text", textfont={"size": 15}
        )
        figure.add_scatter(x=[-0.45], y=[row + 0.32], text=[name], mode="text",
                           textposition="middle right", textfont={"color": GRAY})  # fmt: skip
        for station in range(3):
            _arrow(figure, (station + 0.28, row), (station + 0.68, row), PURPLE)
    loop = {"mode": "lines", "line": {"color": RED, "width": 2.5}}
    figure.add_scatter(x=[2, 2, 0, 0], y=[-0.2, -0.6, -0.6, -0.55], **loop)
    _arrow(figure, (0, -0.56), (0, -0.2), RED)
    figure.add_scatter(x=[1], y=[-0.76], text=["a hundred times"], mode="text")
    return with_status(
        figure, "Ideal: write, train, test, publish. Real: after testing, back to writing."
    )


def _arrow(figure: Figure, tail: tuple, head: tuple, color: str):
    ends = {"ax": tail[0], "ay": tail[1], "x": head[0], "y": head[1]}
    frame = {"axref": "x", "ayref": "y", "xref": "x", "yref": "y", "text": ""}
    figure.add_annotation(**ends, **frame, arrowcolor=color, arrowwidth=2.5, arrowhead=3)
