"""Drawings of networks: nodes in columns, edges as lines or as bands as wide as their weight."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from plotly.graph_objects import Figure
from torch import Tensor

from dlbook.plots.color_numbers import see_through
from dlbook.plots.theme import CLASS_COLORS, GRAY, template

POSITIVE, NEGATIVE = CLASS_COLORS[1], CLASS_COLORS[0]  # signs of weights, in all drawings


def column(size: int, x: float, *, spacing: float = 1.0) -> Tensor:
    """Places of the nodes of a layer, centred on height 0, first node on top: (size, 2)."""
    y = spacing * ((size - 1) / 2 - torch.arange(size, dtype=torch.float32))
    return torch.stack([torch.full((size,), float(x)), y], dim=1)


def edge_lines(columns: Sequence[Tensor]) -> tuple[np.ndarray, np.ndarray]:
    """Every node of a column joined with every node of the next, as one path with gaps.

    Args:
        columns: places (n_l, 2) of the nodes of each layer.

    Returns:
        x and y; each edge is (start, end, gap), Σ n_l n_(l+1) edges in all.
    """
    pieces = []
    for left, right in pairwise(columns):
        shape = (len(right), len(left), 2)
        ends = [left[None].expand(shape), right[:, None].expand(shape)]
        gap = torch.full(shape, torch.nan)
        pieces.append(torch.stack([*ends, gap], dim=2).reshape(-1, 2))
    path = torch.cat(pieces).numpy() if pieces else np.empty((0, 2))
    return path[:, 0], path[:, 1]


def edge_bands(
    left: Tensor, right: Tensor, strength: Tensor, *, thinnest: float = 0.0
) -> list[dict]:
    """Edges between two columns as bands, one trace for positive and one for negative strengths.

    Args:
        left, right: places (n, 2) and (m, 2).
        strength: (m, n); half the width of a band in the units of the y axis is its absolute
            value.
        thinnest: bands are drawn from this half width on.
    """
    traces = []
    for sign, name in ((1, "for"), (-1, "against")):
        to, of = (sign * strength > thinnest).nonzero(as_tuple=True)
        start, end, half = left[of], right[to], strength[to, of].abs()  # (bands, 2), (bands,)
        up = torch.stack([torch.zeros_like(half), half], dim=1)
        gap = torch.full_like(start, torch.nan)
        bands = torch.stack([start + up, end + up, end - up, start - up, start + up, gap], dim=1)
        color = POSITIVE if sign > 0 else NEGATIVE
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": bands[..., 0].ravel().numpy(),
                "y": bands[..., 1].ravel().numpy(),
                "line": {"width": 0, "color": color},
                "fill": "toself",
                "fillcolor": see_through(color, 0.75),
                "hoverinfo": "skip",
                "name": name,
                "showlegend": False,
            }
        )
    return traces


def nodes(places: Tensor, name: str, color: str, *, size=16, shade=None, **more) -> dict:
    """Nodes as circles.

    Args:
        places: (n, 2).
        name: for the legend.
        color: "#rrggbb".
        shade: opacity of each node in [0, 1], (n,); full if not given.
    """
    colors = color if shade is None else [see_through(color, round(float(s), 3)) for s in shade]
    x, y = places.numpy().T if len(places) else (np.empty(0), np.empty(0))
    marker = {"size": size, "color": colors, "line": {"width": 1.5, "color": color}}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": y,
        "marker": marker,
        "name": name,
        "hoverinfo": "skip",
    } | more


def words(places: Sequence[tuple[float, float]], texts: Sequence[str], **more) -> dict:
    """Words in the drawing, at the right of their places."""
    x, y = np.asarray(places, dtype=float).reshape(-1, 2).T
    return {
        "type": "scatter",
        "mode": "text",
        "x": x,
        "y": y,
        "text": list(texts),
        "textposition": "middle right",
        "hoverinfo": "skip",
        "showlegend": False,
    } | more


def drawing(traces: list[dict], x_range: tuple, y_range: tuple, *, height: int = 400) -> Figure:
    """A figure without axes."""
    axis = {"visible": False, "fixedrange": True}
    layout = {
        "template": template(),
        "height": height,
        "margin": {"l": 4, "r": 4, "t": 40, "b": 4},
        "xaxis": axis | {"range": list(x_range)},
        "yaxis": axis | {"range": list(y_range)},
    }
    return Figure(traces, layout)


def all_edges(columns: Sequence[Tensor]) -> dict:
    """The edges of a network as thin lines."""
    x, y = edge_lines(columns)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"width": 1, "color": see_through(GRAY, 0.8)},
        "hoverinfo": "skip",
        "name": "weights",
        "showlegend": True,
    }
