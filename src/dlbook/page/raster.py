"""Arrays as colours: plotly's colour scales applied to numbers, and an image as a PNG."""

import base64
import re
import struct
import zlib

import numpy as np
from PIL import ImageColor

FALLBACK_SCALE = [[0.0, "rgb(68,1,84)"], [0.5, "rgb(33,145,140)"], [1.0, "rgb(253,231,37)"]]


def rgba(values: np.ndarray, style: dict) -> np.ndarray:
    """`values` through the colour scale of `style` (a heat map or a marker): uint8 (..., 4)."""
    scale = style.get("colorscale")
    if not isinstance(scale, list) or not scale:
        scale = FALLBACK_SCALE
    if isinstance(scale[0], str):
        scale = [[i / (len(scale) - 1), color] for i, color in enumerate(scale)]
    if style.get("reversescale"):
        scale = [[1 - stop, color] for stop, color in reversed(scale)]
    low = _first(style.get("zmin"), style.get("cmin"), np.nanmin(values))
    high = _first(style.get("zmax"), style.get("cmax"), np.nanmax(values))
    share = np.clip((values - low) / ((high - low) or 1.0), 0, 1)
    stops = [stop for stop, _ in scale]
    colors = np.array([_parsed(color) for _, color in scale])
    channels = [np.interp(np.nan_to_num(share), stops, colors[:, c]) for c in range(4)]
    channels[3] = np.where(np.isnan(values), 0, channels[3])
    return np.stack(channels, axis=-1).round().astype(np.uint8)


def colored(values: np.ndarray, style: dict) -> list[str]:
    """One CSS colour a value."""
    return [f"rgba({r},{g},{b},{a / 255:.2f})" for r, g, b, a in rgba(values, style)]


def png_data_uri(values: np.ndarray, style: dict) -> str:
    """`values` (rows, columns) as a PNG with one pixel a cell, in a data URI."""
    pixels = rgba(values, style)
    rows, columns = pixels.shape[:2]
    raw = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header)
    png += _chunk(b"IDAT", zlib.compress(raw, 9)) + _chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _first(*candidates) -> float:
    return float(next(c for c in candidates if c is not None))


def _parsed(color: str) -> tuple[float, float, float, float]:
    """A CSS colour ("#rrggbb", "rgb(...)", "rgba(...)", a name) as four numbers in 0..255."""
    if not color.startswith("rgb"):
        return (*map(float, ImageColor.getcolor(color, "RGBA")),)
    numbers = [float(n) for n in re.findall(r"[\d.]+", color)]
    alpha = numbers[3] * 255 if len(numbers) > 3 else 255.0
    return (numbers[0], numbers[1], numbers[2], alpha)
