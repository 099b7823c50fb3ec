"""The graph of an expression, computed forward and differentiated backward step by step."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from dlbook.models.autograd import (
    Node,
    backward_steps,
    local_derivatives,
    maximum,
    sigmoid,
    topological_order,
)
from dlbook.plots import Figure, with_status
from dlbook.plots.computational_graph import Canvas, DrawnEdge, DrawnNode, draw_graph

Expression = Callable[[Node, Node, Node], Node]


def squared_error(x: Node, y: Node, z: Node) -> Node:
    """(x y − z)²: the loss of one weight on one sample; the difference is used twice."""
    difference = x * y - z
    return difference * difference


EXPRESSIONS: dict[str, Expression] = {
    "(x + y) · z": lambda x, y, z: (x + y) * z,
    "(x + y) · max(y, z)": lambda x, y, z: (x + y) * maximum(y, z),
    "(x · y − z)²": squared_error,
    "σ(x · y + z)": lambda x, y, z: sigmoid(x * y + z),
    "x · y + x · z + y · z": lambda x, y, z: x * y + x * z + y * z,
}
Y, Z = -3.0, 4.0  # x is the reader's
NUDGE = 1e-4
CANVAS = Canvas((-0.75, 3.05), (-4.45, 0.4), 470, num_nodes=8, num_edges=10)


def graph_steps(expression: str, step: int, x: float) -> Figure:
    """The graph of an expression at x, y = −3, z = 4 after `step` steps.

    Step 0 shows the inputs; then one operation a step is computed; then the result gets its
    gradient 1; then one operation a step sends its messages to its parents.

    Args:
        expression: a key of `EXPRESSIONS`.
        step: 0 or more; past the last step the picture stays.
        x: the value of the first input.
    """
    inputs = _inputs(x)
    result = EXPRESSIONS[expression](*inputs)
    ordered = topological_order(result)
    operations = [node for node in ordered if node.parents]
    step = min(step, 2 * len(operations) + 1)
    computed = {*map(id, inputs), *(id(node) for node in operations[:step])}
    sent = _send(result, step - len(operations) - 1)
    backward_began = step > len(operations)
    active = sent[-1:] if sent else operations[step - 1 : step] if not backward_began else []
    places = graph_places(inputs, operations)
    figure = draw_graph(
        [_node(n, places, id(n) in computed, _has_gradient(n, result, sent, backward_began))
         for n in (*inputs, *operations)],
        _edges(operations, places, computed, active, "backward" if sent else "forward"),
        CANVAS,
    )  # fmt: skip
    return with_status(figure, _sentence(expression, x, result, operations, step, sent))


def graph_of(result: Node) -> Figure:
    """The graph of any expression of numbers: values and, after `backward`, gradients.

    Args:
        result: the last node; constants show as inputs.
    """
    ordered = topological_order(result)
    inputs = [node for node in ordered if not node.parents]
    operations = [node for node in ordered if node.parents]
    places = graph_places(inputs, operations, deep=True)
    edges = _edges(operations, places, {*map(id, ordered)}, [], "")
    right, low = max(x for x, _ in places.values()), min(y for _, y in places.values())
    height = round((1.4 - low) * CANVAS.height / 5)
    ranges = (-0.85, right + 0.85), (low - 0.45, 0.75)
    canvas = Canvas(*ranges, height, len(ordered), len(edges))
    nodes = [
        replace(_node(node, places, True, node.grad is not None), above=not node.parents)
        for node in (*inputs, *operations)
    ]
    sentence = f"{len(inputs)} inputs, {len(operations)} operations, result {number(result.value)}."
    return with_status(draw_graph(nodes, edges, canvas), sentence)


def graph_places(
    inputs: list[Node], operations: list[Node], *, deep: bool = False
) -> dict[int, tuple[float, float]]:
    """A place for every node, by its id: one row a level, each below the mean of its parents.

    The rows lie one unit apart if `deep`, else they fill the four units of the explorer's canvas.
    """
    places = {id(node): (float(k), 0.0) for k, node in enumerate(inputs)}
    level = {id(node): 0 for node in inputs}
    for node in operations:
        level[id(node)] = 1 + max(level[id(parent)] for parent in node.parents)
    for row in range(1, 1 + max(level.values())):
        last = float("-inf")
        members = [node for node in operations if level[id(node)] == row]
        wanted = {id(n): sum(places[id(p)][0] for p in n.parents) / len(n.parents) for n in members}
        for node in sorted(members, key=lambda n: wanted[id(n)]):
            last = max(wanted[id(node)], last + 1.0)
            places[id(node)] = (last, -float(row))
    return places if deep else _stretched(places)


def _stretched(places: dict) -> dict[int, tuple[float, float]]:
    """The rows spread over the whole height of the canvas."""
    lowest = min(y for _, y in places.values())
    return {key: (x, y * 4.0 / -lowest) for key, (x, y) in places.items()}


def _inputs(x: float) -> list[Node]:
    return [Node(value, name=name) for name, value in (("x", x), ("y", Y), ("z", Z))]


def _send(result: Node, count: int) -> list[Node]:
    """The nodes that have sent their messages after `count` backward steps, the last one last."""
    steps = backward_steps(result)
    return [next(steps) for _ in range(max(count, 0))]


def _has_gradient(node: Node, result: Node, sent: list[Node], began: bool) -> bool:
    """Whether anything has arrived at a node yet."""
    return began and (node is result or any(node in other.parents for other in sent))


def _node(node: Node, places: dict, has_value: bool, has_gradient: bool) -> DrawnNode:
    return DrawnNode(
        places[id(node)],
        node.name,
        value=number(node.value) if has_value else " ",
        gradient=number(1 if node.grad is None else node.grad) if has_gradient else " ",
        is_input=not node.parents,
    )


def _edges(operations, places: dict, computed: set, active: list, state: str) -> list[DrawnEdge]:
    edges = []
    for node in operations:
        slopes = local_derivatives(node)
        twins = len(node.parents) - len({*map(id, node.parents)})
        for k, (parent, slope) in enumerate(zip(node.parents, slopes, strict=True)):
            edges.append(
                DrawnEdge(
                    places[id(parent)],
                    places[id(node)],
                    label=f"·{_factor(slope)}" if id(node) in computed else " ",
                    state=state if any(node is a for a in active) else "",
                    aside=(2 * k - 1) if twins else 0.0,
                )
            )
    return edges


def _sentence(expression, x, result, operations, step, sent) -> str:
    last = 2 * len(operations) + 1
    begin = f"Step {step} of {last}"
    if step == 0:
        return f"{begin}: the inputs x = {number(x)}, y = {number(Y)}, z = {number(Z)}."
    if step <= len(operations):
        node = operations[step - 1]
        return f"{begin}, forward: {node.name} computes {number(node.value)}."
    if not sent:
        return f"{begin}: f = {number(result.value)}, and ∂f/∂f = 1 starts the way back."
    node = sent[-1]
    pairs = zip(node.parents, local_derivatives(node), strict=True)
    messages = " and ".join(
        f"{_factor(node.grad)} · {_factor(slope)} = {number(node.grad * slope)} to {parent.name}"
        for parent, slope in pairs
    )
    sentence = f"{begin}, backward: {node.name} sends {messages}."
    return sentence + (_check(expression, x) if step == last else "")


@lru_cache(maxsize=512)
def _check(expression: str, x: float) -> str:
    """What nudging each input says, for comparison."""
    slopes = []
    for k in range(3):
        above, below = _inputs(x), _inputs(x)
        above[k].value, below[k].value = above[k].value + NUDGE, below[k].value - NUDGE
        rise = EXPRESSIONS[expression](*above).value - EXPRESSIONS[expression](*below).value
        slopes.append(number(rise / (2 * NUDGE)))
    return f" Nudging x, y, z one by one gives {', '.join(slopes)}."


def number(value) -> str:
    """A number as it stands in the picture: at most three decimals, a true minus sign."""
    text = f"{round(float(value), 3) + 0.0:.4g}"
    return text.replace("-", "−")


def _factor(value) -> str:
    text = number(value)
    return f"({text})" if text.startswith("−") else text
