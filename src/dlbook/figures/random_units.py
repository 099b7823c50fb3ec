"""Random hidden units under a fitted second layer, for six activations."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.models.curves import CURVES, LIMIT
from dlbook.models.random_features import ACTIVATIONS, DEGREES, features, fit, num_dimensions
from dlbook.plots import Figure, with_status
from dlbook.plots.kinks import drawn, inside_axis, target, value_axis
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import GREEN, ORANGE, PURPLE, RED, SKY, YELLOW
from dlbook.plots.words import in_words

COUNTS = (1, 2, 3, 5, 10, 20, 50, 100)
COLORS = dict(zip(ACTIVATIONS, (YELLOW, GREEN, SKY, PURPLE, RED, ORANGE), strict=True))
# Colours that are near each other have different dashes.
DASHES = dict(zip(ACTIVATIONS, ("solid", "dash", "dot", "dash", "solid", "dashdot"), strict=True))
FIRST_SHOWN = 5  # units that are drawn one by one
ERRORS = (-6.0, 0.5)  # powers of ten


def random_units(activation: str, units: int, curve: str, seed: int) -> Figure:
    """The best sum of random units, and the error over their number for every activation.

    Args:
        activation: a key of `ACTIVATIONS`.
        units: one of `COUNTS`.
        curve: a key of `CURVES`.
        seed: of the hidden layer.
    """
    f, x = CURVES[curve], _places()
    here = error_of(activation, units, curve, seed)
    figure = two_panels(
        [
            target(x, f(x)),
            *_first_units(activation, units, seed),
            drawn(x, _fitted(activation, units, curve, seed), "best sum"),
            *[_error_line(name, curve, seed, name == activation) for name in ACTIVATIONS],
            dots([units], [max(here, 1e-9)], "here", RED, size=12, panel=2, showlegend=False),
        ],
        (inside_axis(), value_axis()),
        (
            axis("units", -0.05, 2.05, log=True),
            axis("mean squared error", *ERRORS, log=True),
        ),
        height=640,
        upper_share=0.55,
    )
    return with_status(figure, _sentence(activation, units, here, seed))


@lru_cache(maxsize=4096)
def error_of(activation: str, units: int, curve: str, seed: int) -> float:
    """Mean squared error of the best sum on [−π, π]."""
    return float(
        (_fitted(activation, units, curve, seed) - CURVES[curve](_places())).square().mean()
    )


@lru_cache(maxsize=4096)
def _fitted(activation: str, units: int, curve: str, seed: int) -> Tensor:
    x = _places()
    return fit(activation, units, x, CURVES[curve](x), seed)


@lru_cache(maxsize=1)
def _places() -> Tensor:
    return torch.linspace(-LIMIT, LIMIT, 201, dtype=torch.float64)


def _first_units(activation: str, units: int, seed: int) -> list[dict]:
    """Up to five of the units, each scaled to at most 1; the others wait above the axes."""
    x = _places()
    columns = features(activation, FIRST_SHOWN, x, seed)[:, 1:]
    columns = columns / columns.abs().amax(0)
    traces = []
    for number in range(FIRST_SHOWN):
        y = columns[:, number] if number < units else torch.full_like(x, 1e3)
        more = {"opacity": 0.55, "hoverinfo": "skip", "showlegend": number == 0}
        traces.append(line(x, y, "single units", ORANGE, width=1, **more))
    return traces


def _error_line(name: str, curve: str, seed: int, chosen: bool) -> dict:
    errors = [max(error_of(name, count, curve, seed), 1e-9) for count in COUNTS]
    width, dash = 4 if chosen else 1.5, {"dash": DASHES[name]}
    return line(COUNTS, errors, name, COLORS[name], width=width, panel=2, line=dash)


def _sentence(activation: str, units: int, error: float, seed: int) -> str:
    words = f"{units} units of {activation}: mean squared error {in_words(error)}."
    if activation in DEGREES:
        count = num_dimensions(activation, units, seed)
        most = DEGREES[activation] + 1
        words += f" Together with a constant they span {count} dimensions; {most} is the most."
    return words
