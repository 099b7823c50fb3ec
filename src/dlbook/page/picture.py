"""A small SVG of a plotly figure, made from its arrays: for readers without JavaScript, for print,
and as the place holder until the script has drawn the real one.

Lines, markers, text, bars, fills and heat maps on linear or logarithmic axes; whatever else a
figure holds (legends, colour bars, surfaces) is left out.
"""

import html
import math

import numpy as np

from dlbook.page.picture_axis import WIDTH, Axis, axis_in
from dlbook.page.raster import colored, png_data_uri
from dlbook.plots.theme import PALETTE


def svg_picture(figure: dict) -> str:
    """`figure` ({"data", "layout"} as JSON) as an SVG element; decorative, so hidden from readers
    of the alternative text."""
    height = figure["layout"].get("height", 380)
    parts = []
    for x, y in _panels(figure):
        xaxis, yaxis = axis_in(figure, x, "x", height), axis_in(figure, y, "y", height)
        clip = f"{xaxis.start:.0f} {yaxis.end:.0f} {xaxis.end:.0f} {yaxis.start:.0f}"
        parts.append(_frame_svg(xaxis, yaxis))
        traces = [(i, t) for i, t in enumerate(figure["data"])
                  if (t.get("xaxis", "x"), t.get("yaxis", "y")) == (x, y)]  # fmt: skip
        drawn = "".join(_trace_svg(i, trace, xaxis, yaxis) for i, trace in traces)
        left, top, right, bottom = map(float, clip.split())
        parts.append(
            f'<svg x="{left}" y="{top}" width="{right - left}" height="{bottom - top}"'
            f' viewBox="{left} {top} {right - left} {bottom - top}">{drawn}</svg>'
        )
    return (
        f'<svg class="explorer-picture" viewBox="0 0 {WIDTH} {height}" aria-hidden="true"'
        f' focusable="false">{"".join(parts)}</svg>'
    )


def _panels(figure: dict) -> list[tuple[str, str]]:
    pairs = [(t.get("xaxis", "x"), t.get("yaxis", "y")) for t in figure["data"]
             if t.get("type", "scatter") in ("scatter", "bar", "heatmap", "contour")]  # fmt: skip
    return list(dict.fromkeys(pairs))


def _frame_svg(x: Axis, y: Axis) -> str:
    if not (x.visible and y.visible):
        return ""
    box = (
        f'<path d="M{x.start:.0f},{y.end:.0f}V{y.start:.0f}H{x.end:.0f}" fill="none"'
        ' stroke="currentColor" stroke-opacity=".5"/>'
    )
    middle = (y.start + y.end) / 2
    words = (
        _text_svg((x.start + x.end) / 2, y.start + 34, x.title, "middle")
        + f'<g transform="rotate(-90 {x.start - 40:.0f} {middle:.0f})">'
        + _text_svg(x.start - 40, middle, y.title, "middle")
        + "</g>"
    )
    ticks = "".join(
        _text_svg(x.pixel([v])[0], y.start + 16, label, "middle") for v, label in x.ticks()
    ) + "".join(_text_svg(x.start - 6, y.pixel([v])[0] + 4, label, "end") for v, label in y.ticks())
    return box + words + ticks


def _trace_svg(index: int, trace: dict, x: Axis, y: Axis) -> str:
    if trace.get("visible") in (False, "legendonly"):
        return ""
    kind = trace.get("type", "scatter")
    draw = {"scatter": _scatter_svg, "bar": _bar_svg, "heatmap": _map_svg, "contour": _map_svg}
    color = PALETTE[index % len(PALETTE)]
    return draw[kind](trace, x, y, color) if kind in draw else ""


def _scatter_svg(trace: dict, x: Axis, y: Axis, color: str) -> str:
    px, py = x.pixel(_coordinates(trace, "x", "y")), y.pixel(_coordinates(trace, "y", "x"))
    mode = trace.get("mode", "lines")
    parts = []
    drawn = px[np.isfinite(px) & np.isfinite(py)]
    if trace.get("fill") in ("toself", "tozeroy") and drawn.size:
        fill = trace.get("fillcolor", color)
        outline = _path(px, py, trace)
        if trace["fill"] == "tozeroy":
            zero = y.floor
            outline += f"L{drawn[-1]:.1f},{zero:.1f}L{drawn[0]:.1f},{zero:.1f}Z"
        parts.append(f'<path d="{outline}" fill="{_safe(fill)}" stroke="none"/>')
    if "lines" in mode:
        line = trace.get("line", {})
        dash = {"dash": "8 4", "dot": "2 3", "dashdot": "8 3 2 3"}.get(line.get("dash"), "none")
        stroke = _safe(line.get("color", color))
        parts.append(
            f'<path d="{_path(px, py, trace)}" fill="none" stroke="{stroke}"'
            f' stroke-width="{line.get("width", 2)}" stroke-dasharray="{dash}"/>'
        )
    if "markers" in mode:
        parts.append(_markers_svg(trace, px, py, color))
    if "text" in mode:
        parts.append(_texts_svg(trace, px, py))
    return "".join(parts)


def _texts_svg(trace: dict, px: np.ndarray, py: np.ndarray) -> str:
    words, position = trace.get("text", []), str(trace.get("textposition", "middle center"))
    words = [words] * px.size if isinstance(words, str) else words
    anchor = {"left": "end", "right": "start"}.get(position.split()[-1], "middle")
    return "".join(_text_svg(a, b, w, anchor) for a, b, w in zip(px, py, words, strict=False))


def _coordinates(trace: dict, letter: str, other: str) -> list:
    """What a trace has, or 0, 1, 2, ... where it gives only the other coordinates."""
    return list(trace[letter] if letter in trace else range(len(trace.get(other, []))))


def _path(px: np.ndarray, py: np.ndarray, trace: dict) -> str:
    stepped = (trace.get("line") or {}).get("shape") == "hv"
    pieces, pen = [], "M"
    for a, b in zip(px, py, strict=False):
        if not (math.isfinite(a) and math.isfinite(b)):
            pen = "M"
            continue
        pieces.append(f"H{a:.1f}V{b:.1f}" if stepped and pen == "L" else f"{pen}{a:.1f},{b:.1f}")
        pen = "L"
    return "".join(pieces)


def _markers_svg(trace: dict, px: np.ndarray, py: np.ndarray, color: str) -> str:
    marker = trace.get("marker", {})
    colors = marker.get("color", color)
    if isinstance(colors, list) and not isinstance((colors or [""])[0], str):
        colors = colored(np.asarray(colors, dtype=float), marker)
    colors = colors or color
    sizes = marker.get("size", 6)
    dots = []
    for k, (a, b) in enumerate(zip(px, py, strict=False)):
        if math.isfinite(a) and math.isfinite(b):
            one = colors if isinstance(colors, str) else colors[k % len(colors)]
            size = sizes[k % len(sizes)] if isinstance(sizes, list | np.ndarray) else sizes
            dots.append(
                f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{size / 2:.1f}" fill="{_safe(one)}"/>'
            )
    return "".join(dots)


def _bar_svg(trace: dict, x: Axis, y: Axis, color: str) -> str:
    sideways = trace.get("orientation") == "h"
    px, py = x.pixel(trace.get("x", [])), y.pixel(trace.get("y", []))
    fill = trace.get("marker", {}).get("color", color)
    along = np.unique((py if sideways else px)[np.isfinite(py if sideways else px)])
    width = 0.8 * float(np.diff(along).min()) if along.size > 1 else 24.0
    zero = (x if sideways else y).floor
    bars = []
    for k, (a, b) in enumerate(zip(px, py, strict=False)):
        if not (math.isfinite(a) and math.isfinite(b)):
            continue
        one = fill if isinstance(fill, str) else fill[k % len(fill)]
        one = one if isinstance(one, str) else color
        left, top, w, h = (
            (min(a, zero), b - width / 2, abs(a - zero), width)
            if sideways
            else (a - width / 2, min(b, zero), width, abs(b - zero))
        )
        bars.append(f'<rect x="{left:.1f}" y="{top:.1f}" width="{w:.1f}" height="{h:.1f}"'
                    f' fill="{_safe(one)}"/>')  # fmt: skip
    return "".join(bars)


def _map_svg(trace: dict, x: Axis, y: Axis, color: str) -> str:
    z = np.array(trace.get("z", []), dtype=float)
    if z.ndim != 2 or z.size == 0:
        return ""
    left, right = _edges(trace.get("x"), z.shape[1], x)
    bottom, top = _edges(trace.get("y"), z.shape[0], y)
    rows = z[::-1] if bottom > top else z
    rows = rows if left < right else rows[:, ::-1]
    x0, y0, width = min(left, right), min(bottom, top), abs(right - left)
    return (
        f'<image x="{x0:.1f}" y="{y0:.1f}" width="{width:.1f}"'
        f' height="{abs(bottom - top):.1f}" preserveAspectRatio="none"'
        f' style="image-rendering:pixelated" href="{png_data_uri(rows, trace)}"/>'
    )


def _edges(values, count: int, axis: Axis) -> tuple[float, float]:
    """The outer edges, in pixels, of the first and the last of `count` cells."""
    centers = axis.pixel(list(values) if values is not None and len(values) else range(count))
    half = (centers[-1] - centers[0]) / (2 * (count - 1)) if count > 1 else 10.0
    return float(centers[0] - half), float(centers[-1] + half)


def _text_svg(x: float, y: float, words: str, anchor: str) -> str:
    if not (math.isfinite(x) and math.isfinite(y)):
        return ""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="12" text-anchor="{anchor}"'
        f' fill="currentColor">{html.escape(str(words))}</text>'
    )


def _safe(color) -> str:
    return html.escape(str(color), quote=True)
