"""Trained networks beside those made by hand: the largest error, over the number of units."""

from functools import lru_cache

import numpy as np
import xarray as xr
from torch import Tensor

from dlbook.figures.trained_kinks import LEARNED, even_places
from dlbook.losses import squared_error
from dlbook.models.curves import CURVES, LIMIT
from dlbook.models.kinks import even_knots, kink_network, largest_error
from dlbook.models.mlp import mlp
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.panels import axis, line, one_panel
from dlbook.plots.theme import BLUE, ORANGE
from dlbook.sweep import sweep

WIDTHS = (4, 8, 16, 32, 64)
NUM_SEEDS = 9
ERROR = "all largest error"


def trained_and_by_hand() -> Figure:
    """Largest errors of the sine and the chirp over the number of units."""
    traces = []
    for curve, color in (("sine", BLUE), ("chirp", ORANGE)):
        runs = trained_errors()[curve]
        traces += curve_with_spread(WIDTHS, runs, f"{curve}, trained", color)
        traces.append(
            line(WIDTHS, by_hand(curve), f"{curve}, by hand", color, line={"dash": "dash"})
        )
    ticks = {"tickvals": list(WIDTHS), "ticktext": [str(width) for width in WIDTHS]}
    figure = one_panel(
        traces,
        axis("units", np.log10(3.6), np.log10(72), log=True) | ticks,
        axis("largest error on [−π, π]", -3.2, 0.6, log=True),
        height=400,
    )
    return with_status(figure, "Lines: median of 9 seeds; bands: the middle half of them.")


@lru_cache(maxsize=1)
def trained_errors() -> dict[str, np.ndarray]:
    """For the sine and the chirp, errors (seeds, widths) after 1,000 steps of Adam."""
    return {
        curve: runs_of(curve)[ERROR].isel(at_step=0).transpose("seed", "width").values
        for curve in ("sine", "chirp")
    }


def by_hand(curve: str) -> list[float]:
    """The largest error of the network with even knots, for each width."""
    f = CURVES[curve]
    return [largest_error(f, kink_network(f, even_knots(width))) for width in WIDTHS]


def runs_of(curve: str, num_steps: int = 1_000) -> xr.Dataset:
    """Networks with one hidden layer on 65 places of the curve: the sweep over width and seed.

    Raises:
        ValueError: the curve is not one of `LEARNED`.
    """
    if curve not in LEARNED:
        raise ValueError(f"curve is {curve!r}; it must be one of {', '.join(LEARNED)}")
    places, dense = even_places(LIMIT, 65), even_places(LIMIT, 1_001)
    return sweep(
        _model,
        (places, CURVES[curve](places)),
        {"width": WIDTHS, "seed": range(NUM_SEEDS)},
        loss_fn=squared_error,
        optimizer="adam",
        hyper={"lr": 0.02},
        num_steps=num_steps,
        evaluate={"all": (dense, CURVES[curve](dense))},
        metrics={"largest error": _largest},
    )


def _model(width: int, seed: int):
    return mlp([1, width, 1], seed=seed)


def _largest(y_hat: Tensor, y: Tensor) -> Tensor:
    return (y_hat - y).abs().amax()
