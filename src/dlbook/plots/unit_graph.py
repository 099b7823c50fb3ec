"""A computation drawn as a graph: operations as nodes, the values they pass on along the edges."""

from collections.abc import Mapping, Sequence

from plotly.graph_objects import Figure

from dlbook.plots.panels import dots, line
from dlbook.plots.pictures import words
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, template

Place = tuple[float, float]
KINDS = {"input": BLUE, "parameter": ORANGE, "operation": GREEN}


def value_graph(
    nodes: Mapping[str, tuple[str, str, Place]],
    edges: Sequence[tuple[str, str, str]],
    *,
    size: Place,
    height: int = 300,
) -> Figure:
    """The graph.

    Numbers are written by the caller, who knows their units and digits.

    Args:
        nodes: key -> (what is written in it, its kind in `KINDS`, where it stands).
        edges: (from, to, the value written beside it).
        size: width and height of the drawing, in the units of the places.
    """
    path, values = [], []
    for start, end, value in edges:
        (x0, y0), (x1, y1) = nodes[start][2], nodes[end][2]
        path.append(line([x0, x1], [y0, y1], "edge", GRAY, width=1.5, showlegend=False))
        values.append(((x0 + x1) / 2, (y0 + y1) / 2 + 0.16, value))
    circles = []
    for kind, color in KINDS.items():
        places = [place for _, own, place in nodes.values() if own == kind]
        xs, ys = zip(*places, strict=True)
        circles.append(dots(list(xs), list(ys), kind, color, size=34, opacity=1.0))
    texts = words([(*place, text) for text, _, place in nodes.values()], "#ffffff", 14)
    traces = [*path, *circles, texts, words(values, None, 13)]
    no_axis = {"visible": False, "fixedrange": True}
    layout = {
        "template": template(),
        "height": height,
        "margin": {"l": 4, "r": 4, "t": 40, "b": 4},
        "xaxis": no_axis | {"range": [-0.5, size[0]]},
        "yaxis": no_axis | {"range": [-0.5, size[1]]},
    }
    figure = Figure(traces, layout)
    return figure.for_each_trace(
        lambda trace: trace.update(showlegend=False), selector={"mode": "text"}
    )
