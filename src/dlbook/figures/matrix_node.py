"""A node z = A x: forward reads rows of A, backward reads columns."""

import torch
from torch import Tensor

from dlbook.models.autograd import Node, backward, total
from dlbook.plots import Figure, with_status
from dlbook.plots.cells import (
    FADED,
    FIRST,
    RESULT,
    SECOND,
    WRONG,
    Block,
    Label,
    draw_cells,
)

WAYS = ("forward, z = A x", "backward, Aᵀ g", "as the slide has it, A g")
LARGEST = 4
COLUMNS, ROWS = 8, 10
A = torch.tensor([[2, 0, -1, 1], [1, 3, -2, 0], [0, -1, 1, 2], [-2, 1, 0, 3]])
X, G = torch.tensor([1, 2, 3, -1]), torch.tensor([3, -1, 2, 1])
TOP, LEFT = 3, 1  # first row and column of A on the canvas


def matrix_node(way: str, unit: int, num_outputs: int, num_inputs: int) -> Figure:
    """The matrix A (outputs × inputs) with x above, z or g at its right, and Aᵀ g below it.

    Args:
        way: one of `WAYS`.
        unit: which entry of the result is being computed, from 1.
        num_outputs, num_inputs: 2 to 4.
    """
    A, x, g = example(num_outputs, num_inputs)
    forward = way == WAYS[0]
    k = min(unit, num_outputs if forward or way == WAYS[2] else num_inputs) - 1
    draw = {WAYS[0]: _forward, WAYS[1]: _backward, WAYS[2]: _as_on_the_slide}[way]
    blocks, labels, sentence = draw(A, x, g, k)
    figure = draw_cells(blocks, labels, columns=COLUMNS, rows=ROWS, num_texts=30, height=400)
    return with_status(figure, sentence)


def example(num_outputs: int, num_inputs: int) -> tuple[Tensor, Tensor, Tensor]:
    """Small whole numbers: A (outputs, inputs), x (inputs,) and g = ∂L/∂z (outputs,)."""
    return A[:num_outputs, :num_inputs], X[:num_inputs], G[:num_outputs]


def engine_message(A: Tensor, x: Tensor, g: Tensor) -> Tensor:
    """What the autograd engine sends back to x when g arrives at z = A x."""
    node = Node(x)
    backward(total(Node(A) @ node * Node(g)))
    return node.grad


def _forward(A, x, g, k):
    z = A @ x
    read = [[FIRST if i == k else FADED] * A.shape[1] for i in range(len(A))]
    blocks = [_matrix(A, read), _row(x, FIRST, TOP - 2)]
    blocks.append(_column([str(v) if i <= k else "" for i, v in enumerate(z.tolist())], k, RESULT))
    terms = _terms(A[k], x)
    return blocks, _labels(A, "z"), f"Forward: row {k + 1} of A meets x: z{k + 1} = {terms}."


def _backward(A, x, g, k):
    message = engine_message(A, x, g)
    read = [[SECOND if j == k else FADED for j in range(A.shape[1])] for _ in A]
    shown = [f"{v:g}" if j <= k else "" for j, v in enumerate(message.tolist())]
    blocks = [_matrix(A, read), _row(x, FADED, TOP - 2)]
    blocks.append(_column([str(v) for v in g.tolist()], None, SECOND))
    colors = [[RESULT if j == k else FADED for j in range(len(shown))]]
    blocks.append(Block(LEFT, TOP + len(A) + 1, [[_minus(s) for s in shown]], colors))
    sentence = (
        f"Backward: column {k + 1} of A meets g: ∂L/∂x{k + 1} = {_terms(A[:, k], g)}. "
        f"Input {k + 1} collects from every output it went into."
    )
    return blocks, _labels(A, "g", "Aᵀ g"), sentence


def _as_on_the_slide(A, x, g, k):
    fits = A.shape[0] == A.shape[1]
    read = [[WRONG if i == k else FADED] * A.shape[1] for i in range(len(A))]
    blocks = [_matrix(A, read), _row(x, FADED, TOP - 2)]
    blocks.append(_column([str(v) for v in g.tolist()], None, SECOND))
    if not fits:
        sentence = (
            f"A g: a row of A has {A.shape[1]} entries and g has {len(g)}. The product doesn't "
            "exist."
        )
    else:
        right = engine_message(A, x, g)[k]
        sentence = (
            f"A g: row {k + 1} of A meets g: {_terms(A[k], g)}. A number comes out, but "
            f"∂L/∂x{k + 1} is {_minus(f'{right:g}')}."
        )
    values = (A @ g).tolist() if fits else ["?"] * A.shape[1]
    words = [_minus(str(v)) if not fits or j <= k else "" for j, v in enumerate(values)]
    colors = [[WRONG if j == k or not fits else FADED for j in range(len(words))]]
    blocks.append(Block(LEFT, TOP + len(A) + 1, [words], colors))
    return blocks, _labels(A, "g", "A g"), sentence


def _matrix(A: Tensor, colors: list) -> Block:
    return Block(LEFT, TOP, [[_minus(str(v)) for v in row] for row in A.tolist()], colors)


def _row(x: Tensor, color: int, row: int) -> Block:
    return Block(LEFT, row, [[_minus(str(v)) for v in x.tolist()]], [[color] * len(x)])


def _column(words: list[str], at: int | None, color: int) -> Block:
    """The column at the right of A; `at` is the only coloured entry, None for all."""
    colors = [[color if at in (None, i) else FADED] for i in range(len(words))]
    return Block(LEFT + LARGEST + 1, TOP, [[_minus(word)] for word in words], colors)


def _labels(A: Tensor, right: str, below: str = "") -> list[Label]:
    return [
        Label(LEFT, TOP - 3, "x"),
        Label(LEFT, TOP - 1, f"A, {A.shape[0]} × {A.shape[1]}"),
        Label(LEFT + LARGEST + 1.3, TOP - 1, right),
        Label(LEFT, TOP + A.shape[0] + 2, below),
    ]


def _terms(a: Tensor, b: Tensor) -> str:
    """ "2·3 + (−1)·4 = 2"."""
    pairs = zip(a.tolist(), b.tolist(), strict=True)
    terms = " + ".join(f"{_bracketed(p)}·{_bracketed(q)}" for p, q in pairs)
    return f"{terms} = {_minus(str(int(a @ b)))}"


def _bracketed(value: int) -> str:
    return f"(−{-value})" if value < 0 else str(value)


def _minus(word: str) -> str:
    return word.replace("-", "−")
