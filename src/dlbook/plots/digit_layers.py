"""Clouds of digits in a plane, and below them how far the classes lie apart in each layer."""

from collections.abc import Sequence

from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, PURPLE, VIOLET, YELLOW

LIMIT = 3.0  # standard deviations along the first direction
# Of digits 0 to 9, also written out. Where two share a colour, training leads them far apart.
COLORS = (BLUE, VIOLET, GREEN, BLUE, ORANGE, PURPLE, GREEN, YELLOW, GRAY, ORANGE)


def clouds(
    places: Sequence[Tensor], before: Sequence[float], ratios: Sequence[float], layer: int
) -> Figure:
    """A figure of two panels.

    Args:
        places: of the test digits of each class, (n, 2).
        before, ratios: between-class over within-class variance by layer, untrained and now.
        layer: the one that is shown above.
    """
    layers = list(range(len(ratios)))
    traces = [_digits(p, digit) for digit, p in enumerate(places)]
    traces += [
        line(layers, before, "before training", GRAY, width=2, panel=2, line={"dash": "dot"}),
        line(layers, ratios, "now", ORANGE, panel=2),
        dots([layer], [ratios[layer]], "the layer above", ORANGE, size=13, panel=2),
    ]
    one_scale = {"scaleanchor": "x", "constrain": "domain"}
    names = ["0: pixels", "1", "2", "3: logits"]
    ticks = {"tickvals": layers, "ticktext": names}
    figure = two_panels(
        traces,
        (
            axis("first principal direction (sd)", -LIMIT, LIMIT, constrain="domain"),
            axis("second", -LIMIT, LIMIT, **one_scale),
        ),
        (axis("layer", -0.3, 3.3, **ticks), axis("between / within", 0, 5)),
        height=720,
        upper_share=0.74,
    )
    return figure.update_layout(legend={"y": 0.215})


def _digits(places: Tensor, digit: int) -> dict:
    return {
        "type": "scatter",
        "mode": "text",
        "name": f"digit {digit}",
        "x": places[:, 0].numpy(),
        "y": places[:, 1].numpy(),
        "text": [str(digit)] * len(places),
        "textfont": {"color": COLORS[digit], "size": 13},
        "cliponaxis": False,
        "showlegend": False,
        "hoverinfo": "skip",
    }
