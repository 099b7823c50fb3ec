"""Visits: compute an explorer's figures without showing them, so that a check sees them all."""

from dlbook.explore.explorer import Explorer
from dlbook.explore.table import check_same_structure, checked_leaves, compute_table

MODES = ("off", "ends", "all")


def visit(explorer: Explorer, mode: str) -> int:
    """Compute `explorer` at the ends of its controls or at all positions; the number visited.

    "ends" raises whatever the function raises there; "all" also raises `ExplorerError` where a
    control hardly moves the figure. Visits run in the calling thread.
    """
    if mode not in MODES:
        raise ValueError(f"DLBOOK_VISIT must be one of {', '.join(MODES)}, not {mode!r}")
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
