"""The state of a small network that looks at a digit: who votes for which answer."""

from functools import lru_cache

import torch
from torch import Tensor, nn

from dlbook.models.digit_network import DIGITS, NUM_TRAINED, four_digits, train_digit_network
from dlbook.models.mlp import linears, states
from dlbook.plots import Figure, with_status
from dlbook.plots.color_numbers import see_through
from dlbook.plots.network import column, drawing, edge_bands, nodes, words
from dlbook.plots.theme import GRAY, GREEN

CHECKPOINTS = (0, 5, 10, 15, 20, 30, 40, 60, 100)
# words -> number of the image among the new ones
IMAGES = {"a 0": 5, "a 1": 4, "a 2": 6, "a 3": 1, "a 2 learned late": 7, "a 3 never learned": 106}
COLUMNS = (column(16, 3.0, spacing=0.5), column(8, 5.5, spacing=0.95), column(4, 8.0, spacing=1.9))
WIDEST, THINNEST = 0.3, 0.012  # half the width of the widest band and of the thinnest
PICTURE = (0.01, 0.31)  # where the image has its place, shares of the width


def network_state(image: int, num_steps: int, unit: int) -> Figure:
    """What the nodes of the network hold for an image, and the votes for one output.

    Args:
        image: number of the image, a value of `IMAGES`.
        num_steps: training steps, one of `CHECKPOINTS`.
        unit: the output whose votes are drawn, 0 to 3.
    """
    model = _models()[num_steps]
    x, held = _states(num_steps, image)
    p = torch.softmax(held[-1], 0)
    votes = linears(model)[2].weight[unit] * held[1]
    thin = {"thinnest": THINNEST}
    traces = [
        _picture(x),
        *edge_bands(*COLUMNS[:2], _band(linears(model)[1].weight * held[0]) / 2, **thin),
        *edge_bands(COLUMNS[1], COLUMNS[2][[unit]], _band(votes[None]), **thin),
        *(nodes(c, n, GREEN, shade=s) for c, n, s in _columns(held, p)),
        words(COLUMNS[2] + torch.tensor([0.35, 0]), [f"{k}: {p[k]:.0%}" for k in DIGITS]),
    ]
    figure = drawing(traces, (-1, 10.2), (-4.2, 4.2), height=420)
    figure.update_layout(showlegend=False, **_square())
    return with_status(figure, _sentence(model, votes, p, unit, num_steps, image))


def _picture(x: Tensor) -> dict:
    return {
        "type": "heatmap",
        "z": x.view(8, 8).flip(0).numpy(),
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0, see_through(GRAY, 0.08)], [1, see_through(GRAY, 1.0)]],
        "showscale": False,
        "hoverinfo": "skip",
        "xaxis": "x2",
        "yaxis": "y2",
    }


def _square() -> dict:
    """Axes of the image on which its pixels are square, however wide the page is."""
    bare = {"visible": False, "fixedrange": True, "range": [-0.5, 7.5], "constrain": "domain"}
    return {
        "xaxis2": bare | {"domain": PICTURE, "anchor": "y2"},
        "yaxis2": bare | {"scaleanchor": "x2", "anchor": "x2"},
    }


def _band(vote: Tensor) -> Tensor:
    """Half widths in [−0.3, 0.3]: proportional to weak votes, levelling out for strong ones."""
    return WIDEST * torch.tanh(vote / 5)


def _columns(held: list[Tensor], p: Tensor) -> list[tuple[Tensor, str, Tensor]]:
    """Places, names and shades of the nodes of each column."""
    shades = [h / (h.max() + 1e-6) for h in held[:2]] + [p]
    names = ("first hidden layer", "last hidden layer", "probabilities")
    return [(c, n, 0.04 + 0.96 * s) for c, n, s in zip(COLUMNS, names, shades, strict=True)]


def _sentence(model: nn.Sequential, votes: Tensor, p: Tensor, unit, num_steps, image) -> str:
    _, y = four_digits()
    label = int(y[NUM_TRAINED + image])
    b = float(linears(model)[2].bias[unit])
    gained, lost = float(votes.clamp(min=0).sum()), -float(votes.clamp(max=0).sum())
    shown = [f"{round(v, 1) + 0.0:.1f}" for v in (gained, lost, b, gained - lost + b)]  # no −0.0
    sums = "{} for, {} against, bias {}, so {}".format(*shown)
    answer = int(p.argmax())
    verdict = "right" if answer == label else "wrong"
    text = f"Digit {label} after {num_steps} steps: output {unit} gets {sums}; answer {answer}, "
    return f"{text}{verdict}.".replace("-", "−")


@lru_cache(maxsize=1)
def _models() -> dict[int, nn.Sequential]:
    models = [m.requires_grad_(False) for m in train_digit_network(CHECKPOINTS)]
    return dict(zip(CHECKPOINTS, models, strict=True))


@lru_cache(maxsize=128)
def _states(num_steps: int, image: int) -> tuple[Tensor, list[Tensor]]:
    """The image, and what both hidden layers and the outputs hold."""
    x = four_digits()[0][NUM_TRAINED + image]
    return x, [h[0] for h in states(_models()[num_steps], x[None])[1:]]
