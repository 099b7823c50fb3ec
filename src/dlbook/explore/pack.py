"""A table as bytes: quantised where that is invisible, delta-coded, byte-shuffled, deflated.

The counterpart that unpacks it in the page is `page/static/unpack.js`.
"""

import base64
import json
import zlib

import numpy as np

from dlbook.explore.effects import axis_of
from dlbook.explore.explorer import Explorer
from dlbook.explore.table import Field, Table

MAX_COORDINATE_ERROR = 1 / 8_000  # of the axis range: an eighth of a pixel on 1,000 pixels
PREDICTORS = ("none", "item", "position")


def packed(explorer: Explorer, table: Table) -> dict:
    """The explorer as JSON-ready data: its words, controls, base figure, fields and bytes."""
    blocks, fields, offset = [], [], 0
    for field in table.fields:
        if isinstance(field.values[0], np.ndarray):
            entry, block = _packed_array(table.base, field)
            entry["offset"], offset = offset, offset + len(block)
            blocks.append(block)
        else:
            entry = _packed_words(field)
        fields.append({"path": list(field.path), "shape": list(field.shape)} | entry)
    data = base64.b64encode(zlib.compress(b"".join(blocks), 9)).decode()
    return {
        "name": explorer.name,
        "caption": explorer.caption,
        "alt": explorer.alt,
        "predict": explorer.predict and vars(explorer.predict),
        "controls": [_packed_control(name, c) for name, c in explorer.controls.items()],
        "effects": {k: "".join("01"[int(v)] for v in e.ravel()) for k, e in table.effects.items()},
        "figure": to_json(table.base),
        "fields": fields,
        "data": data,
    }


def _packed_control(name: str, control) -> dict:
    return {
        "name": name,
        "label": control.label or name.replace("_", " "),
        "unit": control.unit,
        "kind": control.kind,
        "texts": list(control.texts),
        "values": [_address(value) for value in control.positions],
        "default": control.default_index,
        "interval": control.interval,
    }


def _address(value) -> str:
    """A value as it stands in the page's address."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else str(value)


def to_json(content):
    """`content` with arrays as nested lists of numbers of six significant digits."""
    return json.loads(json.dumps(content, default=_json_value))


def _json_value(value):
    if isinstance(value, np.ndarray):
        if value.ndim > 1:
            return [_json_value(row) for row in value]
        return [None if v != v else float(f"{v:.6g}") if isinstance(v, float) else v
                for v in value.tolist()]  # fmt: skip
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"a figure holds a {type(value).__name__}, which JSON can't")


def _packed_words(field: Field) -> dict:
    """Strings and other JSON values: each different one once, and which stands where."""
    texts = [json.dumps(value, default=_json_value) for value in field.values]
    words = list(dict.fromkeys(texts))
    return {"words": [json.loads(t) for t in words], "index": [words.index(t) for t in texts]}


def _packed_array(base: dict, field: Field) -> tuple[dict, bytes]:
    shapes = {value.shape for value in field.values}
    flat = np.concatenate([value.ravel() for value in field.values])
    codes, entry = _quantised(base, field, flat)
    if len(shapes) == 1:
        entry["item"] = list(shapes.pop())
    else:
        entry["lengths"] = [value.size for value in field.values]
    candidates = {p: _predicted(codes, p, entry) for p in PREDICTORS}
    blocks = {p: _shuffled(c) for p, c in candidates.items() if c is not None}
    best = min(blocks, key=lambda p: len(zlib.compress(blocks[p], 6)))
    return entry | {"predictor": best, "count": int(codes.size)}, blocks[best]


def _quantised(base: dict, field: Field, flat: np.ndarray) -> tuple[np.ndarray, dict]:
    """`flat` as integers and how to get back (value = low + scale * code), or as float32."""
    if flat.size == 0 or not np.isfinite(flat).all():
        return flat.astype("<f4"), {"type": "float32"}
    low, high = float(flat.min()), float(flat.max())
    if (flat == np.round(flat)).all() and high - low < 65536:
        dtype = "uint8" if high - low < 256 else "uint16"
        return (flat - low).astype(dtype), {"type": dtype, "low": low, "scale": 1.0}
    if field.path[-1] == "z":
        return _scaled(flat, low, high, "uint8")
    if _is_fine_enough(base, field, high - low):
        return _scaled(flat, low, high, "uint16")
    return flat.astype("<f4"), {"type": "float32"}


def _is_fine_enough(base: dict, field: Field, span: float) -> bool:
    """Whether 65,536 levels over `span` are invisible on the field's axis."""
    if field.path[2:] not in (("x",), ("y",)):
        return False
    axis = axis_of(base, field.path)
    if "range" not in axis or axis.get("type") == "log":
        return False
    first, last = axis["range"]
    return span / 65535 / 2 <= abs(float(last) - float(first)) * MAX_COORDINATE_ERROR


def _scaled(flat: np.ndarray, low: float, high: float, dtype: str) -> tuple[np.ndarray, dict]:
    scale = (high - low) / np.iinfo(dtype).max or 1.0
    codes = np.round((flat - low) / scale).astype(dtype)
    return codes, {"type": dtype, "low": low, "scale": scale}


def _predicted(codes: np.ndarray, predictor: str, entry: dict) -> np.ndarray | None:
    """Differences to a prediction: the number before, or the same number one position before."""
    if predictor == "none":
        return codes
    if codes.dtype.kind != "u" or codes.size == 0:
        return None
    if predictor == "item":
        return np.diff(codes, prepend=codes.dtype.type(0))
    if "item" not in entry:
        return None
    rows = codes.reshape(-1, int(np.prod(entry["item"])))
    return np.diff(rows, axis=0, prepend=np.zeros_like(rows[:1])).ravel()


def _shuffled(codes: np.ndarray) -> bytes:
    """Bytes of equal significance side by side, which deflates better."""
    codes = codes.astype(codes.dtype.newbyteorder("<"))
    return codes.view(np.uint8).reshape(-1, codes.itemsize).T.tobytes()
