"""A neuron as a graph of operations, once on numbers and once on vectors."""

from collections.abc import Sequence

import torch

from dlbook.plots import Figure, with_status
from dlbook.plots.unit_graph import value_graph

NODE_SIZE = 28  # pixels: on a phone there is room for a value between two nodes
BESIDE = {  # where the middle of a value would lie on its edge or near another
    ("p1", "sum"): "middle right",
    ("p2", "sum"): "middle left",
    ("x", "dot"): "middle right",
    ("w", "dot"): "middle left",
    ("b", "plus"): "middle right",
    ("b'", "plus'"): "middle right",
}


def unit_graph(x: Sequence[float], w: Sequence[float], b: float) -> Figure:
    """σ(w·x + b) for two inputs, its values on the edges; above with numbers, below with vectors.

    Args:
        x, w: two inputs, two weights.
        b: the bias.
    """
    products = [w_d * x_d for w_d, x_d in zip(w, x, strict=True)]
    total = sum(products)
    score, answer = total + b, 1 if total + b >= 0 else -1
    nodes = {
        "x1": ("x₁", "input", (0, 3.4)),
        "w1": ("w₁", "parameter", (0, 2.6)),
        "x2": ("x₂", "input", (0, 1.8)),
        "w2": ("w₂", "parameter", (0, 1.0)),
        "p1": ("×", "operation", (1.25, 3.0)),
        "p2": ("×", "operation", (1.25, 1.4)),
        "sum": ("Σ", "operation", (2.45, 2.2)),
        "b": ("b", "parameter", (3.95, 1.2)),
        "plus": ("+", "operation", (3.95, 2.2)),
        "step": ("σ", "operation", (5.45, 2.2)),
        "end": ("f", "operation", (6.7, 2.2)),
        "x": ("x", "input", (0, 0.0)),
        "w": ("w", "parameter", (0, -0.8)),
        "dot": ("·", "operation", (2.45, -0.4)),
        "b'": ("b", "parameter", (3.95, -1.4)),
        "plus'": ("+", "operation", (3.95, -0.4)),
        "step'": ("σ", "operation", (5.45, -0.4)),
        "end'": ("f", "operation", (6.7, -0.4)),
    }
    vectors = [torch.tensor(v).tolist() for v in (x, w)]
    edges = [
        *[(f"x{d}", f"p{d}", f"{x[d - 1]:g}") for d in (1, 2)],
        *[(f"w{d}", f"p{d}", f"{w[d - 1]:g}") for d in (1, 2)],
        *[(f"p{d}", "sum", f"{products[d - 1]:g}") for d in (1, 2)],
        *[("sum", "plus", f"{total:g}"), ("b", "plus", f"\u00a0{b:g}")],
        *[("plus", "step", f"{score:g}"), ("step", "end", f"{answer}")],
        *[("x", "dot", _listed(vectors[0])), ("w", "dot", _listed(vectors[1]))],
        *[("dot", "plus'", f"{total:g}"), ("b'", "plus'", f"\u00a0{b:g}")],
        *[("plus'", "step'", f"{score:g}"), ("step'", "end'", f"{answer}")],
    ]
    lifted = {key: (text, kind, (x0, y0 + 1.4)) for key, (text, kind, (x0, y0)) in nodes.items()}
    figure = value_graph(lifted, _minus(edges), size=(7.1, 5.2), height=420)
    figure.update_traces(marker_size=NODE_SIZE, selector={"mode": "markers"})
    figure.data[-1].textposition = [BESIDE.get(edge[:2], "middle center") for edge in edges]
    return with_status(figure, f"The score is {score:g}, the answer {answer}.".replace("-", "−"))


def _minus(edges: list) -> list:
    return [(start, end, value.replace("-", "−")) for start, end, value in edges]


def _listed(numbers: Sequence[float]) -> str:
    return f"({', '.join(f'{number:g}' for number in numbers)})"
