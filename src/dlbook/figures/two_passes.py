"""A small network as numbers: the forward pass down the left, the backward pass up the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from torch import Tensor
from torch.nn.functional import one_hot

from dlbook import losses
from dlbook.datasets.toy_classification import moons
from dlbook.models import backpropagation as bp
from dlbook.plots import Figure, with_status
from dlbook.plots.cells import COLORS, FADED, NUM_HUES, Block, Label, draw_cells
from dlbook.plots.color_numbers import see_through
from dlbook.plots.theme import BLUE, GREEN, ORANGE

SIZES = (2, 3, 3, 2)
SHADES = NUM_HUES // 2  # paler and stronger blues for values, then the same of orange for gradients
FADES = [0.04 + 0.56 * k / (SHADES - 1) for k in range(SHADES)]
PALETTE = (*[see_through(c, f) for c in (BLUE, ORANGE) for f in FADES], *COLORS[NUM_HUES:])
COLUMNS, ROWS = 13, 18
NUM_TEXTS = 90
W, S, X, DX, D, DW = 0, 4, 5, 7, 8, 10  # first columns of the kinds of numbers
TOPS = (1, 5, 10, 15)  # first rows of the input and of the three layers
FAINT = 0.1  # gradients below this don't get the strongest shade
AWAY = (-9.0, -9.0, 1, 1)


@dataclass(frozen=True)
class Move:
    """One step: what is written, what it is computed from, and the formula."""

    writes: str
    reads: tuple[str, ...]
    formula: str


MOVES = (
    Move("s1", ("W1", "x0"), "s¹ = W¹ x⁰ + b¹"),
    Move("x1", ("s1",), "x¹ = σ(s¹)"),
    Move("s2", ("W2", "x1"), "s² = W² x¹ + b²"),
    Move("x2", ("s2",), "x² = σ(s²)"),
    Move("s3", ("W3", "x2"), "s³ = W³ x² + b³"),
    Move("p", ("s3",), "p = softmax(s³)"),
    Move("d3", ("p", "y"), "δ³ = p − y"),
    Move("dW3", ("d3", "x2"), "∂ℓ/∂W³ = δ³ x²ᵀ, and ∂ℓ/∂b³ = δ³"),
    Move("dx2", ("W3", "d3"), "∂ℓ/∂x² = W³ᵀ δ³"),
    Move("d2", ("dx2", "s2"), "δ² = ∂ℓ/∂x² ⊙ σ′(s²)"),
    Move("dW2", ("d2", "x1"), "∂ℓ/∂W² = δ² x¹ᵀ, and ∂ℓ/∂b² = δ²"),
    Move("dx1", ("W2", "d2"), "∂ℓ/∂x¹ = W²ᵀ δ²"),
    Move("d1", ("dx1", "s1"), "δ¹ = ∂ℓ/∂x¹ ⊙ σ′(s¹)"),
    Move("dW1", ("d1", "x0"), "∂ℓ/∂W¹ = δ¹ x⁰ᵀ, and ∂ℓ/∂b¹ = δ¹"),
)


def two_passes(step: int, sample: int, trained: int, activation: str) -> Figure:
    """The network 2-3-3-2 on one point of the moons after `step` of the 14 moves.

    Args:
        step: 0 (only what is given) to 14 (all gradients).
        sample: which point, 0 to 5.
        trained: gradient steps before this one.
        activation: "tanh" or "relu".
    """
    numbers = all_numbers(sample, trained, activation)
    known = {"W1", "W2", "W3", "x0", "y", *(move.writes for move in MOVES[:step])}
    move = MOVES[step - 1] if step else None
    figure = draw_cells(
        [_block(name, numbers[name], name in known) for name in PLACES],
        _labels(numbers, step),
        columns=COLUMNS,
        rows=ROWS,
        num_texts=NUM_TEXTS,
        height=520,
        colors=PALETTE,
        text_size=11,
    )
    figure.add_traces(_frames(move, numbers))
    return with_status(figure, _sentence(step, move, numbers))


PLACES = {  # column and row of the first cell
    "x0": (X, TOPS[0]),
    **{f"W{k}": (W, TOPS[k]) for k in (1, 2, 3)},
    **{f"s{k}": (S, TOPS[k]) for k in (1, 2, 3)},
    **{f"x{k}": (X, TOPS[k]) for k in (1, 2)},
    "p": (X, TOPS[3]),
    "y": (DX, TOPS[3]),
    **{f"dx{k}": (DX, TOPS[k]) for k in (1, 2)},
    **{f"d{k}": (D, TOPS[k]) for k in (1, 2, 3)},
    **{f"dW{k}": (DW, TOPS[k]) for k in (1, 2, 3)},
}
NAMES = {
    "x0": "x⁰", "W1": "W¹", "W2": "W²", "W3": "W³", "s1": "s¹", "s2": "s²", "s3": "s³", "x1": "x¹",
    "x2": "x²", "p": "p", "y": "y", "d1": "δ¹", "d2": "δ²", "d3": "δ³", "dx1": "∂x¹",
    "dx2": "∂x²", "dW1": "∂W¹", "dW2": "∂W²", "dW3": "∂W³",
}  # fmt: skip


@lru_cache(maxsize=64)
def all_numbers(sample: int, trained: int, activation: str) -> dict[str, Tensor]:
    """Everything that the two passes compute, by the names of the figure."""
    points, labels = moons(60, 0.1, seed=3)
    points, act = points.double(), bp.ACTIVATIONS[activation]
    layers = _layers(trained, activation)
    x, y = points[sample : sample + 1], labels[sample : sample + 1]
    passed = bp.forward(layers, x, act)
    found = bp.deltas(layers, passed, y, act)
    gradients = bp.backward(layers, passed, y, act)
    numbers = {"p": passed.x[3][0], "y": one_hot(y[0], 2).double(), "x0": x[0]}
    for k in (1, 2, 3):
        numbers |= {f"W{k}": layers[k - 1][0], f"s{k}": passed.s[k - 1][0]}
        numbers |= {f"d{k}": found[k - 1][0], f"dW{k}": gradients[k - 1][0]}
    for k in (1, 2):
        numbers |= {f"x{k}": passed.x[k][0], f"dx{k}": layers[k][0].T @ found[k][0]}
    numbers["loss"] = losses.cross_entropy(passed.s[-1], y)
    return numbers


@lru_cache
def _layers(trained: int, activation: str) -> bp.Layers:
    X, y = moons(60, 0.1, seed=3)
    layers = bp.init_layers(SIZES, seed=4)
    act = bp.ACTIVATIONS[activation]
    return bp.train(layers, X.double(), y, act, lr=0.5, num_steps=trained)[0]


def _block(name: str, values: Tensor, known: bool) -> Block:
    column, row = PLACES[name]
    values = values if values.dim() == 2 else values[:, None]
    gradient = name.startswith("d")
    first = SHADES if gradient else 0
    shares = values.abs() / values.abs().max().clamp(min=FAINT if gradient else 1e-9)
    words = [[_short(v) if known else " " for v in line] for line in values.tolist()]
    blank = [[FADED] * values.shape[1]] * len(values)
    shades = (first + (shares * (SHADES - 1)).round().long()).tolist()
    return Block(column, row, words, shades if known and name != "y" else blank)


def _short(value: float) -> str:
    """Two digits in little room: −1.3, .45, 0."""
    if abs(value) < 0.005:
        return "0"
    text = f"{value:.1f}" if abs(value) >= 0.995 else f"{value:.2f}".replace("0.", ".", 1)
    return text.removesuffix(".0").replace("-", "−")


def _labels(numbers: dict, step: int) -> list[Label]:
    names = [Label(column, row - 1, NAMES[name]) for name, (column, row) in PLACES.items()]
    words = f"ℓ = {numbers['loss'].item():.2f}" if step > 5 else " "
    return [
        *names,
        Label(S, ROWS - 1, words),
        Label(W, 0, "forward ↓"),
        Label(DW, 0, "backward ↑"),
    ]


def _frames(move: Move | None, numbers: dict[str, Tensor]) -> list[dict]:
    """Frames around what the move reads (green, two places) and writes (blue or orange)."""
    reads = [*(move.reads if move else ()), None, None][:2]
    gradient = move is not None and move.writes.startswith("d")
    writes = move.writes if move else None
    return [
        *[_frame(_box(name, numbers), GREEN, 3.5) for name in reads],
        _frame(_box(writes if not gradient else None, numbers), BLUE, 4.5),
        _frame(_box(writes if gradient else None, numbers), ORANGE, 4.5),
    ]


def _box(name: str | None, numbers: dict[str, Tensor]) -> Sequence[float]:
    """Column, row, rows and columns of a block."""
    if name is None:
        return AWAY
    values = numbers[name]
    return (*PLACES[name], len(values), values.shape[1] if values.dim() == 2 else 1)


def _frame(box: Sequence[float], color: str, width: float) -> dict:
    column, row, height, breadth = box
    left, top, right, bottom = column - 0.5, row - 0.5, column + breadth - 0.5, row + height - 0.5
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [left, right, right, left, left],
        "y": [top, top, bottom, bottom, top],
        "line": {"color": color, "width": width},
        "hoverinfo": "skip",
    }


def _sentence(step: int, move: Move | None, numbers: dict[str, Tensor]) -> str:
    if move is None:
        return "Step 0 of 14: given are the input, the target y and the weights."
    way = "backward" if move.writes.startswith("d") else "forward"
    shape = numbers[move.writes].shape
    size = "×".join(map(str, shape)) if len(shape) == 2 else f"{shape[0]} numbers"
    reads = " and ".join(NAMES[name] for name in move.reads)
    end = ""
    if step == len(MOVES):
        largest = max(numbers[f"dW{k}"].abs().max() for k in (1, 2, 3))
        right = numbers["p"][int(numbers["y"][1])]
        end = f" The right class has p = {right:.2f}; the largest weight gradient is {largest:.2f}."
    return f"Step {step} of 14, {way}: {move.formula} ({size}), from {reads}.{end}"
