"""A computational graph as a picture: inputs on top, the result at the bottom.

Values stand left of their nodes in blue, gradients right of them in orange, local derivatives in
a gap of the edges. Where a node has `above` set, both stand above it: a phone has no room beside
many inputs. Everything has a fixed number of places, so that explorers can move it quickly;
what isn't needed waits outside the axes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from plotly.graph_objects import Figure

from dlbook.plots.color_numbers import see_through
from dlbook.plots.theme import BLUE, GRAY, ORANGE, template

OUTSIDE = (-9.0, -9.0)
ASIDE = 0.13  # half the distance of parallel edges
GAP = 0.17  # half the height of the gap for a label
RADIUS = 0.22  # of a node, in units of the picture: edges end there
ABOVE = {-1: 0.5, 1: 0.31}  # how far above a node its value and its gradient stand

Point = tuple[float, float]


@dataclass(frozen=True)
class DrawnNode:
    """A node: its place, the sign in it, its value and gradient in words, " " if not known yet."""

    place: Point
    sign: str
    value: str = " "
    gradient: str = " "
    is_input: bool = False
    above: bool = False  # value and gradient stand above the node instead of beside it


@dataclass(frozen=True)
class DrawnEdge:
    """An edge from a parent to a node that uses it, and what moves along it.

    `state` is "", "forward" or "backward"; `label` is the local derivative, " " to hide it; `aside`
    shifts one of several edges between the same two nodes.
    """

    start: Point
    end: Point
    label: str = " "
    state: str = ""
    aside: float = 0.0


@dataclass(frozen=True)
class Canvas:
    """Ranges of the picture, its height in pixels, and how many nodes and edges it has room for."""

    x_range: Point
    y_range: Point
    height: int
    num_nodes: int
    num_edges: int
    sign_size: int = 15


def draw_graph(nodes: Sequence[DrawnNode], edges: Sequence[DrawnEdge], canvas: Canvas) -> Figure:
    """The picture as a figure with a fixed number of traces, nodes and edges."""
    axis = {"visible": False, "fixedrange": True}
    layout = {
        "template": template(),
        "height": canvas.height,
        "showlegend": False,
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "xaxis": axis | {"range": list(canvas.x_range)},
        "yaxis": axis | {"range": list(canvas.y_range)},
    }
    return Figure(graph_traces(nodes, edges, canvas), layout)


def graph_traces(
    nodes: Sequence[DrawnNode], edges: Sequence[DrawnEdge], canvas: Canvas
) -> list[dict]:
    """The traces of `draw_graph`.

    Raises:
        ValueError: more nodes or edges than the canvas has room for.
    """
    if len(nodes) > canvas.num_nodes or len(edges) > canvas.num_edges:
        raise ValueError(f"{len(nodes)} nodes and {len(edges)} edges; no room on {canvas}")
    nodes = [*nodes, *[DrawnNode(OUTSIDE, " ")] * (canvas.num_nodes - len(nodes))]
    return [
        _lines(edges, "", GRAY, 1.5),
        _lines(edges, "forward", BLUE, 4),
        _lines(edges, "backward", ORANGE, 4),
        _dots(edges, "forward", canvas.num_edges),
        _dots(edges, "backward", canvas.num_edges),
        _circles(nodes, canvas.sign_size),
        _beside(nodes, [n.value for n in nodes], -1, BLUE),
        _beside(nodes, [n.gradient for n in nodes], 1, ORANGE),
        _labels(edges, canvas.num_edges),
    ]


def ends(edge: DrawnEdge) -> np.ndarray:
    """Where the line of an edge begins and ends: (2, 2), clear of both circles."""
    start, end = np.array(edge.start), np.array(edge.end)
    along = (end - start) / max(np.linalg.norm(end - start), 1e-9)
    across = np.array([-along[1], along[0]]) * edge.aside * ASIDE
    return np.stack([start + RADIUS * along + across, end - RADIUS * along + across])


def _at(edge: DrawnEdge, share: float) -> np.ndarray:
    """The place at `share` of an edge's line, 0 at the parent."""
    start, end = ends(edge)
    return (1 - share) * start + share * end


def _middle(edge: DrawnEdge) -> float:
    """Where the label stands; a little apart for parallel edges, so that they don't collide."""
    return 0.64 + 0.12 * edge.aside


def _lines(edges: Sequence[DrawnEdge], state: str, color: str, width: float) -> dict:
    """All edges in that state as one line, with gaps between them and where their labels stand."""
    pieces = [np.array([[*OUTSIDE]])]
    gap = np.full(2, np.nan)
    for edge in edges:
        if edge.state == state:
            half = GAP / np.ptp(ends(edge)[:, 1]) if edge.label != " " else 0.0
            shares = (0.0, _middle(edge) - half, None, _middle(edge) + half, 1.0)
            pieces.append(np.stack([gap, *(gap if t is None else _at(edge, t) for t in shares)]))
    points = np.concatenate(pieces)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": points[:, 0],
        "y": points[:, 1],
        "line": {"color": color, "width": width},
        "hoverinfo": "skip",
    }


def _dots(edges: Sequence[DrawnEdge], state: str, number: int) -> dict:
    """A dot near the receiving end of every edge in that state: what has just arrived."""
    forward = state == "forward"
    points = [tuple(_at(edge, 1.0 if forward else 0.0)) for edge in edges if edge.state == state]
    points += [OUTSIDE] * (number - len(points))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "marker": {"size": 13, "color": BLUE if forward else ORANGE},
        "hoverinfo": "skip",
    }


def _circles(nodes: Sequence[DrawnNode], size: int) -> dict:
    fills = [see_through(GRAY, 0.15 if node.is_input else 0.4) for node in nodes]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [node.place[0] for node in nodes],
        "y": [node.place[1] for node in nodes],
        "text": [node.sign for node in nodes],
        "textfont": {"size": size},
        "marker": {"size": 2.3 * size, "color": fills, "line": {"color": GRAY, "width": 1.5}},
        "hoverinfo": "skip",
    }


def _beside(nodes: Sequence[DrawnNode], words: Sequence[str], side: int, color: str) -> dict:
    """Words next to the nodes; unseen markers keep them clear of the circles."""
    position = "middle right" if side > 0 else "middle left"
    if any(node.above for node in nodes):
        position = ["middle center" if node.above else position for node in nodes]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [node.place[0] for node in nodes],
        "y": [node.place[1] + ABOVE[side] * node.above for node in nodes],
        "text": list(words),
        "textposition": position,
        "textfont": {"color": color, "size": 15},
        "marker": {"size": 38, "color": "rgba(0,0,0,0)"},
        "hoverinfo": "skip",
    }


def _labels(edges: Sequence[DrawnEdge], number: int) -> dict:
    """Local derivatives in the gaps of their edges."""
    places = [tuple(_at(edge, _middle(edge))) for edge in edges]
    places += [OUTSIDE] * (number - len(places))
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
        "text": [*[edge.label for edge in edges], *[" "] * (number - len(edges))],
        "textfont": {"size": 13},
        "hoverinfo": "skip",
    }
