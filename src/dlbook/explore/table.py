"""Every figure of an explorer as one table: what never changes once, what changes as arrays.

The figure at every grid position is taken apart into leaves. A leaf that is the same everywhere
stays in the base figure; any other becomes a `Field`, stored only along the controls it depends on.
"""

import re
from dataclasses import dataclass

import numpy as np

from dlbook.explore.arrays import Path, flatten, plain
from dlbook.explore.explorer import Explorer, ExplorerError

MIME = "application/vnd.dlbook.explorer+json"
STATUS: Path = ("layout", "meta", "status")


@dataclass(frozen=True)
class Field:
    """One leaf of the figure that changes.

    `values` has one entry a position of the controls it depends on, flattened in their order;
    `shape` holds the number of positions of those controls and 1 for all others.
    """

    path: Path
    shape: tuple[int, ...]
    values: list


@dataclass(frozen=True)
class Table:
    """All figures of an explorer: the base figure and the fields that change."""

    base: dict  # the figure at the default position
    fields: list[Field]
    effects: dict[str, np.ndarray]  # setting -> bool, 1 along its axis: does it do anything there


def compute_table(explorer: Explorer) -> Table:
    """Compute the figure at every position and take the figures apart.

    Raises `ExplorerError` with the explorer, the setting or position, and the mistake.
    """
    from dlbook.explore.effects import visible_effects

    figures = [checked_leaves(explorer, settings) for settings in explorer.grid()]
    default = [control.default_index for control in explorer.controls.values()]
    first = figures[np.ravel_multi_index(default, explorer.shape)]
    for settings, leaves in zip(explorer.grid(), figures, strict=True):
        check_same_structure(explorer, settings, first, leaves)
    base = plain(explorer.compute(explorer.settings()))
    check_is_pure(explorer, first, flatten(base))
    check_ranges(explorer, base["layout"])
    paths = dict.fromkeys(path for leaves in figures for path in leaves)
    fields = [_field(path, [leaves.get(path) for leaves in figures], explorer.shape)
              for path in paths]  # fmt: skip
    fields = [field for field in fields if len(field.values) > 1]
    check_layout_is_fixed(explorer, fields)
    effects = visible_effects(explorer, base, fields)
    return Table(base, fields, effects)


def checked_leaves(explorer: Explorer, settings: dict) -> dict[Path, object]:
    """The leaves of the figure at `settings`, checked for numbers that can't be drawn."""
    leaves = flatten(plain(explorer.compute(settings)))
    for path, leaf in leaves.items():
        if not isinstance(leaf, np.ndarray) or path[0] != "data":
            continue
        where = f"{explorer.at(settings)}: {_dotted(path)}"
        if np.isinf(leaf).any():
            raise ExplorerError(f"{where} is infinite")
        if np.isnan(leaf).any() and not explorer.gaps:
            raise ExplorerError(f"{where} has NaN; declare it with gaps=True if it is meant")
    return leaves


def check_same_structure(explorer: Explorer, settings: dict, first: dict, leaves: dict):
    """A figure keeps the number and the types of its traces."""
    wanted, found = trace_types(first), trace_types(leaves)
    if wanted != found:
        raise ExplorerError(
            f"{explorer.at(settings)}: traces {found}, but {wanted} at the default settings; "
            "every position needs the same traces (an empty one has x=[], y=[])"
        )


def trace_types(leaves: dict) -> list[str]:
    """The type of every trace, in order."""
    number = 1 + max((path[1] for path in leaves if path[0] == "data"), default=-1)
    return [leaves.get(("data", i, "type"), "scatter") for i in range(number)]


def check_is_pure(explorer: Explorer, first: dict, again: dict):
    """The same settings give the same figure."""
    for path in first.keys() | again.keys():
        if _key(first.get(path)) != _key(again.get(path)):
            raise ExplorerError(
                f"explorer {explorer.name}: two calls at the default settings differ in "
                f"{_dotted(path)}; the function must be pure (pass a seed)"
            )


def check_ranges(explorer: Explorer, layout: dict):
    """An axis has a range with two ends or none: plotly would choose the other end each time."""
    for name, axis in layout.items():
        if re.fullmatch(r"[xy]axis\d*", name) and None in list(axis.get("range", ())):
            raise ExplorerError(
                f"explorer {explorer.name}: layout.{name}.range needs two ends, not {axis['range']}"
            )


def check_layout_is_fixed(explorer: Explorer, fields: list[Field]):
    """Axes stay where they are, so that change can be seen."""
    for field in fields:
        if field.path[0] == "layout" and field.path != STATUS:
            setting = next(iter(_settings_of(explorer, field)))
            raise ExplorerError(
                f"explorer {explorer.name}: setting {setting!r} changes {_dotted(field.path)}; "
                "the layout must not move (draw what moves as traces)"
            )


def bundle(explorer: Explorer) -> dict:
    """The output of a cell in the book build: the packed explorer and a line of text."""
    from dlbook.explore.pack import packed

    table = compute_table(explorer)
    return {MIME: packed(explorer, table), "text/plain": f"Explorer {explorer.name}"}


def _field(path: Path, leaves: list, grid_shape: tuple[int, ...]) -> Field:
    """Reduce `leaves`, one a position, to the controls they depend on."""
    keys = np.empty(len(leaves), dtype=object)
    keys[:] = [_key(leaf) for leaf in leaves]
    keys = keys.reshape(grid_shape)
    index = np.arange(len(leaves)).reshape(grid_shape)
    for axis in range(len(grid_shape)):
        if (keys == keys.take([0], axis=axis)).all():
            keys, index = keys.take([0], axis=axis), index.take([0], axis=axis)
    return Field(path, index.shape, [leaves[i] for i in index.ravel()])


def _key(leaf) -> tuple:
    """Something that is equal exactly where two leaves are."""
    if isinstance(leaf, np.ndarray):
        return ("array", leaf.shape, leaf.tobytes())
    return (type(leaf).__name__, repr(leaf))


def _settings_of(explorer: Explorer, field: Field) -> list[str]:
    return [name for name, n in zip(explorer.controls, field.shape, strict=True) if n > 1]


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path)
