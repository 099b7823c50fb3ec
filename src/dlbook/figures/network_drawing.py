"""A network as nodes and lines, with its number of parameters; a neuron as a graph."""

from collections.abc import Sequence
from itertools import pairwise

import torch

from dlbook.models.mlp import num_edges, num_parameters
from dlbook.plots import Figure, with_status
from dlbook.plots.network import all_edges, column, drawing, nodes
from dlbook.plots.theme import BLUE, GRAY, ORANGE
from dlbook.plots.unit_graph import value_graph

MOST_COLUMNS, MOST_NODES = 6, 8


def network_drawing(num_inputs: int, depth: int, width: int, num_outputs: int) -> Figure:
    """A multilayer perceptron with `depth` hidden layers of `width` units each."""
    sizes = [num_inputs, *[width] * depth, num_outputs]
    step = (MOST_COLUMNS - 1) / (len(sizes) - 1)
    columns = [column(size, k * step) for k, size in enumerate(sizes)]
    hidden = torch.cat([torch.empty(0, 2), *columns[1:-1]])
    traces = [
        all_edges(columns),
        nodes(columns[0], "inputs", GRAY),
        nodes(hidden, "hidden units", BLUE),
        nodes(columns[-1], "outputs", ORANGE),
    ]
    figure = drawing(traces, (-0.3, MOST_COLUMNS - 0.7), (-4.1, 4.1), height=380)
    return with_status(figure, _sentence(sizes))


def _sentence(sizes: list[int]) -> str:
    arrows = " → ".join(map(str, sizes))
    sums = " + ".join(f"({n} + 1)·{m}" for n, m in pairwise(sizes))
    edges = num_edges(sizes)
    total = num_parameters(sizes)
    return f"{arrows}: {sums} = {total} parameters, {edges} lines and {total - edges} biases."


def neuron_graph(w: Sequence[float], x: Sequence[float], b: float) -> Figure:
    """The neuron σ(w1 x1 + w2 x2 + b) as a graph of scalar operations, values on its edges."""
    products = [weight * value for weight, value in zip(w, x, strict=True)]
    total = sum(products)
    answer = float(torch.sigmoid(torch.tensor(total + b)))
    places = {"w₁": (0, 4), "x₁": (0, 3), "w₂": (0, 2), "x₂": (0, 1), "b": (0, 0)}
    places |= {"×": (1.3, 3.5), "× ": (1.3, 1.5), "+": (2.6, 2.5), "+ ": (3.9, 1.5)}
    places |= {"σ": (5.3, 1.5), "y": (7, 1.5)}
    kinds = dict.fromkeys(("x₁", "x₂"), "input") | dict.fromkeys(("w₁", "w₂", "b"), "parameter")
    drawn = {
        name: (name.strip(), kinds.get(name, "operation"), place) for name, place in places.items()
    }
    edges = [("w₁", "×", w[0]), ("x₁", "×", x[0]), ("w₂", "× ", w[1]), ("x₂", "× ", x[1])]
    edges += [("×", "+", products[0]), ("× ", "+", products[1]), ("+", "+ ", total)]
    edges += [("b", "+ ", b), ("+ ", "σ", total + b), ("σ", "y", answer)]
    values = [(start, end, f"{value:.3g}".replace("-", "−")) for start, end, value in edges]
    figure = value_graph(drawn, values, size=(7.4, 4.6), height=360)
    return with_status(figure, f"The sum is {total + b:g}, its sigmoid {answer:.3f}.")
