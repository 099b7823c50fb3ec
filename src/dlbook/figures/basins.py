"""Explorer figure of basins: which minimum a walk ends in, for every start, at a step size."""

from functools import cache

import numpy as np
import torch

from dlbook.models.descent import curvatures, descend
from dlbook.models.surfaces import HIMMELBLAU_MINIMA, himmelblau
from dlbook.plots import Figure, with_status
from dlbook.plots.basins import basin_map, height_lines, minimum_marks
from dlbook.plots.decision_map import map_grid, plane
from dlbook.plots.loss_landscape import path
from dlbook.plots.panels import dots, one_panel
from dlbook.plots.theme import GRAY, RED
from dlbook.plots.words import in_words

LIMIT = 5.0
CENTERS, STARTS = map_grid(LIMIT)
NAMES = ("A", "B", "C", "D")
NOWHERE = len(NAMES)  # the colour number of a start from which no minimum is reached
NUM_STEPS = 500
SHOWN_STEPS = 40
DRAWN_STARTS = torch.cartesian_prod(*[torch.arange(-4.0, 5.0, dtype=torch.float64)] * 2)
MINIMA = torch.tensor(HIMMELBLAU_MINIMA, dtype=torch.float64)


def basins(rate: float, x: int, y: int) -> Figure:
    """Gradient descent on Himmelblau's surface: one walk, and where walks from everywhere end.

    Args:
        rate: step size η.
        x, y: start of the walk that is drawn, whole numbers from −4 to 4.
    """
    walk = _walks(rate)[:, 9 * (x + 4) + y + 4]  # (steps, 2)
    figure = one_panel(
        [
            basin_map(CENTERS, ends(rate), len(NAMES)),
            height_lines(CENTERS, _heights()),
            path(*_seen(walk[: SHOWN_STEPS + 1]).T, "the first 40 steps"),
            dots([x], [y], "start", GRAY, size=12),
            minimum_marks(HIMMELBLAU_MINIMA, NAMES),
            dots(*_seen(walk[-1:]).T, "after 500 steps", RED, size=10),
        ],
        *plane(LIMIT, LIMIT),
        height=560,
    )
    share = np.bincount(ends(rate).ravel(), minlength=NOWHERE + 1) / ends(rate).size
    parts = ", ".join(f"{name} {part:.0%}" for name, part in zip(NAMES, share, strict=False))
    end = _reached(torch.tensor(walk[-1:])).item()
    where = f"ends in {NAMES[end]}" if end < NOWHERE else "never comes to rest"
    return with_status(
        figure,
        f"η = {in_words(rate)}: this walk {where}. Of all starts end in {parts}, "
        f"in no minimum {share[NOWHERE]:.0%}.",
    )


def limits() -> list[float]:
    """2 divided by the largest curvature at A, B, C, D: the largest step each minimum holds."""
    return [2 / curvatures(himmelblau, minimum)[-1].item() for minimum in MINIMA]


@cache
def ends(rate: float) -> np.ndarray:
    """For every start of the map, which minimum it reaches: 0 to 3, 4 for none; (size, size)."""
    last = descend(himmelblau, STARTS.double(), lr=rate, num_steps=NUM_STEPS)[-1]
    return _reached(last).reshape(len(CENTERS), len(CENTERS)).numpy()


def share_elsewhere(rate: float, *, nearest_holds: bool = False) -> float:
    """The share of starts from which a walk ends in a minimum that is not the nearest.

    Args:
        rate: step size η.
        nearest_holds: count only starts whose nearest minimum holds at this step size.
    """
    end = torch.tensor(ends(rate).ravel())
    nearest = torch.cdist(STARTS.double(), MINIMA).argmin(dim=1)
    holds = torch.tensor([rate < limit for limit in limits()])
    counted = holds[nearest] | (not nearest_holds)
    return ((end != nearest) & (end != NOWHERE))[counted].double().mean().item()


def _reached(w: torch.Tensor) -> torch.Tensor:
    nearest = torch.cdist(w, MINIMA).min(dim=1)
    return torch.where(nearest.values < 1e-3, nearest.indices, NOWHERE)


@cache
def _walks(rate: float) -> np.ndarray:
    """The walks from all starts that can be chosen, (501, 81, 2)."""
    return descend(himmelblau, DRAWN_STARTS, lr=rate, num_steps=NUM_STEPS).numpy()


@cache
def _heights() -> np.ndarray:
    height = himmelblau(STARTS.double()).reshape(len(CENTERS), len(CENTERS))
    return height.sqrt().numpy()


def _seen(w: np.ndarray) -> np.ndarray:
    """Places, those far outside the picture brought to its neighbourhood."""
    return np.clip(w, -1.5 * LIMIT, 1.5 * LIMIT)
