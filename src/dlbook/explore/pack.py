"""A table as bytes: quantised where that is invisible, delta-coded, byte-shuffled, deflated.

The counterpart that unpacks it in the page is `page/static/unpack.js`.
"""

import base64
import json
import math
import zlib

import numpy as np

from dlbook.explore.effects import axis_of, visible_range
from dlbook.explore.explorer import Explorer
from dlbook.explore.table import Field, Table

MAX_COORDINATE_ERROR = 1 / 8_000  # of the axis range: an eighth of a pixel on 1,000 pixels
MAX_COLOR_ERROR = 1 / 510  # of the colour range: half of one of 256 shades
PREDICTORS = ("none", "item", "position")


def packed(explorer: Explorer, table: Table) -> dict:
    """The explorer as JSON-ready data: its words, controls, base figure, fields and bytes."""
    blocks, fields, offset = [], [], 0
    for field in table.fields:
        if all(isinstance(value, np.ndarray) for value in field.values):
            entry, block = _packed_array(table.base, field)
            entry["offset"], offset = offset, offset + len(block)
            blocks.append(block)
        else:
            entry = _packed_words(field)
        fields.append({"path": list(field.path), "shape": list(field.shape)} | entry)
    data = zlib.compress(b"".join(blocks), 9)
    return packed_words(explorer) | {
        "version": f"{zlib.crc32(data):08x}",
        "effects": {k: "".join("01"[int(v)] for v in e.ravel()) for k, e in table.effects.items()},
        "figure": to_json(table.base),
        "fields": fields,
        "data": base64.b64encode(data).decode(),
    }


def packed_words(explorer: Explorer) -> dict:
    """What every explorer has: name, words, question and controls."""
    return {
        "name": explorer.name,
        "caption": explorer.caption,
        "alt": explorer.alt,
        "predict": explorer.predict and vars(explorer.predict),
        "controls": [_packed_control(name, c) for name, c in explorer.controls.items()],
    }


def _packed_control(name: str, control) -> dict:
    return {
        "name": name,
        "label": control.label or name.replace("_", " "),
        "unit": control.unit,
        "kind": control.kind,
        "texts": list(control.texts),
        "values": list(control.addresses),
        "default": control.default_index,
        "interval": control.interval,
        "members": list(control.members),
    }


def to_json(content):
    """`content` as JSON has it: arrays as nested lists of rounded numbers, NaN as null."""
    if isinstance(content, dict):
        return {key: to_json(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [to_json(value) for value in content]
    if isinstance(content, np.ndarray):
        return to_json(_rounded(content).tolist())
    if isinstance(content, np.generic):
        return to_json(content.item())
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    if content is None or isinstance(content, str | int):
        return content
    raise TypeError(f"a figure holds a {type(content).__name__}, which JSON can't")


def _rounded(array: np.ndarray) -> np.ndarray:
    """Six significant digits, more where the numbers differ only in later ones."""
    finite = array[np.isfinite(array)] if array.dtype.kind == "f" else array[:0]
    if finite.size == 0:
        return array
    size, span = np.abs(finite).max(), np.ptp(finite)
    digits = 6 + max(0, math.floor(math.log10(size / span))) if span else 6
    rounded = [float(f"{value:.{min(digits, 17)}g}") for value in array.ravel()]
    return np.array(rounded).reshape(array.shape)


def _packed_words(field: Field) -> dict:
    """Strings and other JSON values: each different one once, and which stands where."""
    texts = [json.dumps(to_json(value)) for value in field.values]
    words = list(dict.fromkeys(texts))
    return {"words": [json.loads(t) for t in words], "index": [words.index(t) for t in texts]}


def _packed_array(base: dict, field: Field) -> tuple[dict, bytes]:
    shapes = [list(value.shape) for value in field.values]
    flat = np.concatenate([value.ravel() for value in field.values])
    codes, entry = _quantised(base, field, flat)
    if all(shape == shapes[0] for shape in shapes):
        entry["item"] = shapes[0]
    else:
        entry["items"] = shapes
    candidates = {p: _predicted(codes, p, entry) for p in PREDICTORS}
    blocks = {p: _shuffled(c) for p, c in candidates.items() if c is not None}
    best = min(blocks, key=lambda p: len(zlib.compress(blocks[p], 6)))
    return entry | {"predictor": best, "count": int(codes.size)}, blocks[best]


def _quantised(base: dict, field: Field, flat: np.ndarray) -> tuple[np.ndarray, dict]:
    """`flat` as integers and how to get back (value = low + scale * code), or as float32."""
    if flat.size == 0 or not np.isfinite(flat).all():
        return _float32(flat), {"type": "float32"}
    low, high = float(flat.min()), float(flat.max())
    whole = bool((flat == np.round(flat)).all())
    allowed = _invisible_error(base, field, flat)
    for dtype in ("uint8", "uint16"):
        levels = np.iinfo(dtype).max
        if whole and high - low <= levels:
            return (flat - low).astype(dtype), {"type": dtype, "low": low, "scale": 1.0}
        if not whole and (high - low) / levels / 2 <= allowed * (1 + 1e-9):
            return _scaled(flat, low, high, dtype)
    return _float32(flat), {"type": "float32"}


def _float32(flat: np.ndarray) -> np.ndarray:
    """What is too large for float32 becomes its largest number: far outside the axes anyway."""
    limit = np.finfo(np.float32).max
    return np.clip(flat, -limit, limit).astype("<f4")


def _invisible_error(base: dict, field: Field, flat: np.ndarray) -> float:
    """How far a number of the field may be off without anybody seeing it; 0 where not at all."""
    trace, leaf = base["data"][field.path[1]], field.path[2:]
    if leaf not in (("x",), ("y",), ("z",)) or "texttemplate" in trace:
        return 0.0
    axis = axis_of(base, field.path)
    if axis.get("type") == "log" or (leaf != ("z",) and "range" not in axis):
        return 0.0
    low, high = visible_range(base, field.path, flat)
    is_color = leaf == ("z",) and trace.get("type") == "heatmap"
    return (high - low) * (MAX_COLOR_ERROR if is_color else MAX_COORDINATE_ERROR)


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
