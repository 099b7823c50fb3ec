"""The graph viewer, the chain of shared nodes and the matrix node: numbers, order and sentences."""

import numpy as np
import pytest
import torch

from dlbook.figures.computational_graph import (
    CANVAS,
    EXPRESSIONS,
    Y,
    Z,
    graph_of,
    graph_places,
    graph_steps,
)
from dlbook.figures.matrix_node import WAYS, example, matrix_node
from dlbook.figures.shared_nodes import chain_gradients, nudged, shared_chain
from dlbook.models.autograd import Node, backward, exp, sigmoid, topological_order

DECK = "(x + y) · z"
TORCH = {
    DECK: lambda x, y, z: (x + y) * z,
    "(x + y) · max(y, z)": lambda x, y, z: (x + y) * torch.maximum(y, z),
    "(x · y − z)²": lambda x, y, z: (x * y - z) ** 2,
    "σ(x · y + z)": lambda x, y, z: torch.sigmoid(x * y + z),
    "x · y + x · z + y · z": lambda x, y, z: x * y + x * z + y * z,
}


def status(figure):
    return figure.layout.meta["status"]


def shown(figure, trace):
    """The words of a trace that aren't blank."""
    return [word for word in figure.data[trace].text if word.strip()]


def test_the_deck_graph_step_by_step():
    values, gradients = [], []
    for step in range(6):
        figure = graph_steps(DECK, step, 1)
        values.append(shown(figure, 6))
        gradients.append(shown(figure, 7))
    assert values == [["1", "−3", "4"], ["1", "−3", "4", "−2"]] + [["1", "−3", "4", "−2", "−8"]] * 4
    assert gradients == [[], [], [], ["1"], ["−2", "4", "1"], ["4", "4", "−2", "4", "1"]]


def test_sentences_name_the_messages():
    assert status(graph_steps(DECK, 2, 1)).endswith("forward: × computes −8.")
    assert "× sends 1 · 4 = 4 to + and 1 · (−2) = −2 to z" in status(graph_steps(DECK, 4, 1))
    assert status(graph_steps(DECK, 5, 1)).endswith("Nudging x, y, z one by one gives 4, 4, −2.")
    assert status(graph_steps(DECK, 11, 1)) == status(graph_steps(DECK, 5, 1))


@pytest.mark.parametrize("expression", EXPRESSIONS)
@pytest.mark.parametrize("x", [-4, 1, 3])
def test_the_last_picture_shows_torchs_gradients(expression, x):
    leaves = [torch.tensor(float(v), dtype=torch.float64, requires_grad=True) for v in (x, Y, Z)]
    TORCH[expression](*leaves).backward()
    words = shown(graph_steps(expression, 11, x), 7)[:3]
    for word, leaf in zip(words, leaves, strict=True):
        assert float(word.replace("−", "-")) == pytest.approx(leaf.grad.item(), abs=6e-4)


def test_a_branch_adds_what_arrives():
    assert shown(graph_steps("(x · y − z)²", 5, 1), 7)[-2:] == ["−14", "1"]
    assert shown(graph_steps("(x + y) · max(y, z)", 11, 1), 7)[1] == "4"  # 4 from +, 0 from max


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_no_edge_runs_through_a_node(expression):
    inputs = [Node(v, name=n) for v, n in ((1.0, "x"), (Y, "y"), (Z, "z"))]
    operations = [n for n in topological_order(EXPRESSIONS[expression](*inputs)) if n.parents]
    places = graph_places(inputs, operations)
    points = {key: np.array(place) for key, place in places.items()}
    for node in operations:
        for parent in node.parents:
            a, b = points[id(parent)], points[id(node)]
            for key, p in points.items():
                if key not in (id(parent), id(node)):
                    share = np.clip((p - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
                    assert np.linalg.norm(a + share * (b - a) - p) > 0.3
    xs, ys = np.array(list(places.values())).T
    assert xs.min() >= CANVAS.x_range[0] + 0.5
    assert xs.max() <= CANVAS.x_range[1] - 0.5
    assert ys.min() >= CANVAS.y_range[0] + 0.3


def test_any_graph_has_a_place_for_every_node():
    inputs = [Node(float(k), name=f"{k}") for k in range(4)]
    result = sigmoid(inputs[0] * inputs[1] + inputs[2] * inputs[3])
    places = graph_places(inputs, [n for n in topological_order(result) if n.parents])
    assert len(set(places.values())) == 8


def test_inputs_of_any_graph_have_their_numbers_above_them():
    """Beside them a phone has no room: the numbers of two neighbours would overprint."""
    x, y = Node(1.0, name="x"), Node(-0.123, name="y")
    product = x * y
    backward(product)
    values, gradients = graph_of(product).data[6:8]
    assert list(values.textposition) == ["middle center"] * 2 + ["middle left"]
    assert list(gradients.textposition) == ["middle center"] * 2 + ["middle right"]
    assert min(values.y[:2]) > max(gradients.y[:2]) > 0 > values.y[2]


def test_any_expression_can_be_drawn():
    x, y = Node(2.0, name="x"), Node(3.0, name="y")
    f = exp(-(x * y)) + x
    before = graph_of(f)
    assert status(before) == "3 inputs, 4 operations, result 2.002."  # x, y and the constant −1
    assert shown(before, 7) == []
    backward(f)
    after = graph_of(f)
    assert f"{x.grad:.3f}" in shown(after, 7)
    assert {"x", "y", "−1", "×", "exp", "+"} <= set(after.data[5].text)


def test_gradients_count_paths_and_overwriting_keeps_one():
    assert chain_gradients(10, 1.0, "add") == [2.0**k for k in range(10, -1, -1)]
    assert set(chain_gradients(10, 1.0, "overwrite")) == {1.0}
    assert chain_gradients(3, -1.0, "add")[0] == 0
    assert "1024; nudging it says 1024: right" in status(shared_chain(10, 1.0, "add"))
    assert "1; nudging it says 1024: wrong" in status(shared_chain(10, 1.0, "overwrite"))


@pytest.mark.parametrize("second", [-1.0, -0.5, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("stages", [1, 4, 10])
def test_adding_agrees_with_nudging(stages, second):
    gradient = chain_gradients(stages, second, "add")[0]
    assert gradient == pytest.approx(nudged(stages, second))
    assert gradient == pytest.approx((1 + second) ** stages)


@pytest.mark.parametrize("num_outputs", [2, 3, 4])
@pytest.mark.parametrize("num_inputs", [2, 3, 4])
def test_messages_of_the_matrix(num_outputs, num_inputs):
    A, _, g = example(num_outputs, num_inputs)
    back = matrix_node(WAYS[1], num_inputs, num_outputs, num_inputs)
    words = [w.replace("−", "-") for w in back.data[2].text]
    message = [f"{v}" for v in (A.T @ g).tolist()]
    first = A.numel() + num_inputs + num_outputs
    assert words[first : first + num_inputs] == message
    slide = status(matrix_node(WAYS[2], 1, num_outputs, num_inputs))
    assert ("doesn't exist" in slide) == (num_outputs != num_inputs)
    if num_outputs == num_inputs:
        assert not torch.equal(A @ g, A.T @ g)
