"""Does moving a control change what the reader sees? Found for every line of positions.

A *line* is all positions of one control while the others stay. A move is visible where a
coordinate changes by 2 % of its axis range or 1 % of a heat map's cells change.
"""

import numpy as np

from dlbook.explore.explorer import Explorer, ExplorerError

VISIBLE_COORDINATE = 0.02  # of the axis range
VISIBLE_CELLS = 0.01  # of the cells of a heat map
VISIBLE_COLOR = 0.02  # of the range of a colour scale
IN_SPACE = ("surface", "scatter3d")
SEEN_ON_HOVER = {"customdata", "hovertext", "hovertemplate", "hoverinfo", "ids", "meta"}


def visible_effects(explorer: Explorer, base: dict, fields: list) -> dict[str, np.ndarray]:
    """For each setting, which of its lines change visibly (bool, size 1 along its own axis).

    Raises `ExplorerError` where a control does nothing at the default settings, or on more than
    half of its lines.
    """
    effects = {}
    for axis, setting in enumerate(explorer.controls):
        line_shape = tuple(1 if i == axis else n for i, n in enumerate(explorer.shape))
        seen = np.zeros(line_shape, dtype=bool)
        for field in fields:
            if is_visible(field) and field.shape[axis] > 1:
                seen = seen | _visible_along(base, field, axis)
        _check(explorer, setting, axis, seen)
        effects[setting] = seen
    return effects


def is_visible(field) -> bool:
    """Whether the reader sees the field without hovering."""
    return field.path[0] == "data" and not SEEN_ON_HOVER & {*field.path}


def _check(explorer: Explorer, setting: str, axis: int, seen: np.ndarray):
    default = [c.default_index for c in explorer.controls.values()]
    default[axis] = 0
    if not seen[tuple(default)]:
        where = "at the default of the others"
    elif seen.mean() < 0.5:
        where = f"on {1 - seen.mean():.0%} of the positions of the others"
    else:
        return
    raise ExplorerError(
        f"explorer {explorer.name}: setting {setting!r} hardly moves the figure {where} "
        f"(less than {VISIBLE_COORDINATE:.0%} of an axis and {VISIBLE_CELLS:.0%} of the cells)"
    )


def _visible_along(base: dict, field, axis: int) -> np.ndarray:
    """Which lines along `axis` change visibly, in the field's own (reduced) shape."""
    values = np.empty(len(field.values), dtype=object)
    values[:] = field.values
    lines = np.moveaxis(values.reshape(field.shape), axis, -1)
    flat = [
        _line_changes(base, field.path, list(line)) for line in lines.reshape(-1, lines.shape[-1])
    ]
    shape = tuple(1 if i == axis else n for i, n in enumerate(field.shape))
    return np.array(flat).reshape(shape)


def _line_changes(base: dict, path: tuple, line: list) -> bool:
    """Whether the leaf at `path` changes visibly somewhere among the values in `line`."""
    if not all(isinstance(value, np.ndarray) for value in line):
        return any(repr(value) != repr(line[0]) for value in line)
    if len({value.shape for value in line}) > 1:
        return True
    stack = np.stack(line)
    if stack.size == 0:
        return False
    change = np.ptp(_on_unit_range(base, path, stack), axis=0)
    if path[-1] == "z":
        return bool((change >= VISIBLE_COLOR).mean() >= VISIBLE_CELLS)
    return bool((change >= VISIBLE_COORDINATE).any())


def _on_unit_range(base: dict, path: tuple, stack: np.ndarray) -> np.ndarray:
    """`stack` scaled so that what the reader can see of it lies in [0, 1]; the rest is clipped."""
    low, high = visible_range(base, path, stack)
    if path[2:] in (("x",), ("y",)) and axis_of(base, path).get("type") == "log":
        stack = np.log10(np.maximum(stack, 1e-300))
    stack = np.clip(np.nan_to_num(stack, nan=low), low, high)
    return (stack - low) / ((high - low) or 1.0)


def visible_range(base: dict, path: tuple, stack: np.ndarray) -> tuple[float, float]:
    """The axis range (log10 of it on a log axis) or colour range of the leaf at `path`."""
    finite = stack[np.isfinite(stack)]
    found = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if path[2:] not in (("x",), ("y",), ("z",)):
        return found
    given = sorted(axis_of(base, path).get("range", ()))
    if path[2:] == ("z",) and not given:
        trace = base["data"][path[1]]
        given = [trace.get("zmin"), trace.get("zmax")]
    low, high = (f if g is None else float(g) for f, g in zip(found, given or found, strict=True))
    return low, high


def axis_of(base: dict, path: tuple) -> dict:
    """The layout of the axis that the coordinates at `path` (data, i, "x", "y" or "z") belong to.

    Empty for a colour, and where the layout says nothing of the axis.
    """
    letter, trace = path[2], base["data"][path[1]]
    if trace.get("type") in IN_SPACE:
        return base["layout"].get(trace.get("scene", "scene"), {}).get(f"{letter}axis", {})
    reference = trace.get(f"{letter}axis", letter)  # "x", "x2", ...
    return base["layout"].get(f"{letter}axis{reference[1:]}", {})
