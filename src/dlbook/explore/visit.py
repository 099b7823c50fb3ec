"""Visits: compute an explorer's figures without showing them, so that a check sees them all."""

import numpy as np

from dlbook.explore.explorer import Explorer, ExplorerError
from dlbook.explore.picture import Picture
from dlbook.explore.table import check_same_structure, checked_leaves, compute_table
from dlbook.explore.training_explorer import TrainingExplorer

MODES = ("off", "ends", "all")
STEPS = 3  # of training at each end of a control


def visit(explorer: Explorer, mode: str) -> int:
    """Compute `explorer` at the ends of its controls or at all positions; the number visited.

    "ends" raises whatever the function raises there; "all" also raises `ExplorerError` where a
    control hardly moves the figure. Visits run in the calling thread.
    """
    _check_mode(mode)
    if mode == "off":
        return 0
    if mode == "all":
        compute_table(explorer)
        return sum(1 for _ in explorer.grid())
    first = checked_leaves(explorer, explorer.settings())
    positions = list(explorer.ends())
    for settings in positions:
        check_same_structure(explorer, settings, first, checked_leaves(explorer, settings))
    return len(positions)


def visit_training(explorer: TrainingExplorer, mode: str) -> int:
    """Train `explorer` a few steps at both ends of every control; the number of runs.

    There is no grid: "all" does the same as "ends".

    Raises:
        ExplorerError: a run at a default learning rate or elsewhere gives no finite loss at once.
    """
    _check_mode(mode)
    if mode == "off":
        return 0
    positions = list(explorer.ends())
    for settings in positions:
        run = explorer.run(**settings)
        picture = Picture(explorer)
        if not np.isfinite(run.step(STEPS)):
            raise ExplorerError(f"{explorer.at(settings)}: no finite loss after {STEPS} steps")
        picture.take(run)
    return len(positions)


def _check_mode(mode: str):
    if mode not in MODES:
        raise ValueError(f"DLBOOK_VISIT must be one of {', '.join(MODES)}, not {mode!r}")
