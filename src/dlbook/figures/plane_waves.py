"""A surface, its highest waves, and a ReLU network that draws them: what each step costs."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.models.plane_waves import SIZE, Waves, drawn_waves, num_units, square_grid, waves_of
from dlbook.plots import Figure, with_status
from dlbook.plots.plane_waves import CELLS, four_maps
from dlbook.plots.words import in_words

COUNTS = (1, 2, 4, 8, 16, 32, 64)
KINKS = (3, 4, 6, 8, 16, 32)


def landscape(X: Tensor) -> Tensor:
    """A hill, a hollow and a ridge between them, on [−π, π]²: (n, 2) -> (n,)."""
    x1, x2 = X.T
    hill = torch.exp(-1.5 * ((x1 - 0.9) ** 2 + (x2 - 0.8) ** 2))
    hollow = torch.exp(-1.2 * ((x1 + 0.9) ** 2 + (x2 + 0.6) ** 2))
    ridge = torch.exp(-3 * (x1 - x2 + 2) ** 2 - 0.6 * (x1 + x2 - 0.5) ** 2)
    return hill - hollow + 0.6 * ridge


def waves_and_kinks(waves: int, kinks: int) -> Figure:
    """The landscape, its highest waves, the network and what it is off by; errors as bars.

    Args:
        waves: M, one of `COUNTS`.
        kinks: pieces a turn of each sine, one of `KINKS`.
    """
    parts = budget(waves, kinks)
    X, chosen = map_places(), _waves().first(waves)
    psi, drawn = landscape(X), drawn_waves(chosen, kinks, X)[0]
    figure = four_maps(
        [psi, chosen(X), drawn, drawn - psi],
        [parts[name] for name in ("from waves", "from kinks", "together, at most", "measured")],
    )
    return with_status(figure, _sentence(waves, kinks, parts))


@lru_cache
def budget(waves: int, kinks: int) -> dict[str, float]:
    """δ, ε Σ |γ|, their sum and the measured error, all largest over the map's places."""
    X, chosen = map_places(), _waves().first(waves)
    drawn, epsilon = drawn_waves(chosen, kinks, X)
    delta = float((chosen(X) - landscape(X)).abs().max())
    from_kinks = epsilon * float(chosen.heights.sum())
    return {
        "from waves": delta,
        "from kinks": from_kinks,
        "together, at most": delta + from_kinks,
        "measured": float((drawn - landscape(X)).abs().max()),
        "units": num_units(chosen, kinks),
    }


def map_places() -> Tensor:
    """The centres of the map's cells, (CELLS², 2)."""
    return square_grid(CELLS) + torch.pi / CELLS


@lru_cache(maxsize=1)
def _waves() -> Waves:
    return waves_of(landscape(square_grid(SIZE)))


def _sentence(waves: int, kinks: int, parts: dict[str, float]) -> str:
    return (
        f"{waves} waves, {kinks} pieces a turn, {parts['units']:,} units: at most "
        f"{in_words(parts['from waves'])} + {in_words(parts['from kinks'])} = "
        f"{in_words(parts['together, at most'])}; measured {in_words(parts['measured'])}."
    )
