"""Networks with one hidden layer, all weights trained: what the activation makes reachable."""

from functools import lru_cache

import numpy as np
from torch import Tensor, nn

from dlbook.figures.trained_kinks import even_places
from dlbook.losses import squared_error
from dlbook.models.curves import CURVES, LIMIT
from dlbook.models.mlp import mlp
from dlbook.models.random_features import best_polynomial
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import curve_with_spread, level
from dlbook.plots.panels import axis, one_panel
from dlbook.plots.theme import BLUE, GREEN, ORANGE
from dlbook.sweep import sweep


class Square(nn.Module):
    """z² of each number: an activation that is a polynomial."""

    def forward(self, z: Tensor) -> Tensor:
        """z²."""
        return z.square()


WIDTHS = (2, 4, 8, 16, 32)
NUM_SEEDS = 7
KINDS = {"ReLU": nn.ReLU, "tanh": nn.Tanh, "z²": Square}
COLORS = {"ReLU": BLUE, "tanh": GREEN, "z²": ORANGE}


def trained_activations() -> Figure:
    """Mean squared errors on the sine over the number of units, for three activations."""
    traces = []
    for name, color in COLORS.items():
        traces += curve_with_spread(WIDTHS, trained_errors()[name], name, color)
    traces.append(level(quadratic_error(), (1.8, 36), "best parabola"))
    ticks = {"tickvals": list(WIDTHS), "ticktext": [str(width) for width in WIDTHS]}
    figure = one_panel(
        traces,
        axis("units", np.log10(1.8), np.log10(36), log=True) | ticks,
        axis("mean squared error", -6.5, 0.3, log=True),
        height=380,
    )
    return with_status(figure, "Lines: median of 7 seeds; bands: the middle half of them.")


def quadratic_error() -> float:
    """The mean squared error of the best polynomial of degree 2 on the training places."""
    x, y = (part[:, 0].double() for part in _data())
    return float((best_polynomial(2, x, y) - y).square().mean())


@lru_cache(maxsize=1)
def trained_errors() -> dict[str, np.ndarray]:
    """Mean squared errors (seeds, widths) after 800 steps of Adam, for each of `KINDS`."""
    runs = sweep(
        _model,
        _data(),
        {"activation": KINDS, "width": WIDTHS, "seed": range(NUM_SEEDS)},
        loss_fn=squared_error,
        optimizer="adam",
        hyper={"lr": 0.02},
        num_steps=800,
        evaluate={"all": _data()},
    )
    errors = runs["all loss"].isel(at_step=0).transpose("activation", "seed", "width")
    return {name: errors.sel(activation=name).values for name in KINDS}


def _data() -> tuple[Tensor, Tensor]:
    X = even_places(LIMIT, 65)
    return X, CURVES["sine"](X)


def _model(activation: type[nn.Module], width: int, seed: int) -> nn.Sequential:
    return mlp([1, width, 1], activation, seed=seed)
