"""A figure as plain data: a flat dictionary from path to array or JSON value."""

import base64

import numpy as np
from plotly.graph_objects import Figure

Path = tuple[str | int, ...]


def plain(figure: Figure) -> dict:
    """`figure` as `{"data": [...], "layout": {...}}` with NumPy arrays and without its template."""
    content = figure.to_dict()
    content = {"data": content["data"], "layout": dict(content.get("layout", {}))}
    content["layout"].pop("template", None)
    return decoded(content)


def flatten(content: dict) -> dict[Path, object]:
    """Every leaf of `content` by its path; numeric lists become float arrays (None is NaN)."""
    leaves: dict[Path, object] = {}
    _collect(content, (), leaves)
    return leaves


def decoded(value):
    """plotly stores arrays as {"dtype", "bdata", "shape"}; give them back as arrays."""
    if isinstance(value, dict):
        if "bdata" in value:
            array = np.frombuffer(base64.b64decode(value["bdata"]), dtype=value["dtype"])
            shape = value.get("shape")
            return array.reshape([int(n) for n in str(shape).split(",")]) if shape else array
        return {key: decoded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [decoded(item) for item in value]
    return value


def _collect(value, path: Path, leaves: dict):
    if isinstance(value, dict):
        for key, item in value.items():
            _collect(item, (*path, key), leaves)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for index, item in enumerate(value):
            _collect(item, (*path, index), leaves)
    else:
        leaves[path] = _leaf(value)


def _leaf(value):
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        if value.dtype.kind in "biuf":
            return value.astype(np.float64)
        return _leaf(value.tolist())
    if isinstance(value, list) and _is_numeric(value):
        return np.array(value, dtype=np.float64)
    return value


def _is_numeric(values: list) -> bool:
    """Whether `values` is a list, or an even list of lists, of numbers (None counts as a gap)."""
    if values and all(isinstance(row, list | np.ndarray) for row in values):
        return len({len(row) for row in values}) == 1 and all(_is_numeric(list(r)) for r in values)
    numbers = all(v is None or (isinstance(v, int | float | np.number)) for v in values)
    return numbers and not any(isinstance(v, bool) for v in values)
