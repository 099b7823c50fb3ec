"""Two ReLU units fold the plane so that one straight line can part XOR."""

from functools import lru_cache

import torch
from torch import Tensor, nn

from dlbook.models.folding import (
    CORNERS,
    XOR,
    clip,
    creases,
    decision_pieces,
    fit_readout,
    is_exact,
    num_right,
)
from dlbook.models.mlp import linears, states
from dlbook.plots import Figure, with_status
from dlbook.plots import folding as plots

NUM_LINES = 9  # of the grid, in each direction
FOLDS = {  # name -> angle, turn, offset of `creases`
    "parallel: x₁ + x₂ and x₁ + x₂ − 1": (45, 0, 1.0),
    "opposite: x₁ − x₂ and x₂ − x₁": (-45, 180, 0.0),
    "crossing at 90°": (0, 90, 0.5),
    "crossing at 150°": (-45, 150, 0.25),
}


def folded_plane(angle: int, turn: int, offset: float) -> Figure:
    """The creased input plane beside the hidden space, with the best straight cut there.

    Args:
        angle: direction of the first unit, degrees.
        turn: of the second unit against the first, degrees.
        offset: of the second unit.
    """
    model = _model(angle, turn, offset)
    square = _box(*plots.INPUT_RANGE)
    hidden_sides, hidden_cut = _cut(linears(model)[1], _box(*plots.HIDDEN_RANGE))
    sides = decision_pieces(model, square) if hidden_cut else ([], [])
    hidden = states(model, CORNERS.double())[1]
    traces = [
        *plots.readout_traces(sides, _input_cut(model, sides[1]), 1),
        plots.paper(_paper_lines(), 1),
        *_crease_traces(model),
        *plots.corner_points(CORNERS, XOR.tolist(), ("00", "01", "10", "11"), 1),
        *plots.readout_traces(hidden_sides, hidden_cut, 2),
        plots.paper(_on_its_way(_bent_lines(model), model, 20), 2, width=2),
        *plots.corner_points(hidden, XOR.tolist(), _shared_words(hidden), 2),
    ]
    return with_status(plots.two_spaces(traces), _sentence(model, angle, turn, offset))


def fold_step_by_step(fold: str, step: int) -> Figure:
    """The plane while a layer acts on it: first the affine part, then the ReLU.

    Args:
        fold: a key of `FOLDS`.
        step: 0 (the plane) to 10 (after Wx + b) to 20 (after the ReLU).
    """
    model = _model(*FOLDS[fold])
    moved = _on_its_way(_bent_lines(model), model, step)
    corners = _on_its_way(CORNERS.double(), model, step)
    sides, cut = _cut(linears(model)[1], _box(*plots.MOVING_RANGE))
    shown = step == 20
    traces = [
        *plots.readout_traces(sides if shown else ([], []), cut if shown else [], 1),
        plots.paper(moved, 1, width=2),
        *plots.corner_points(corners, XOR.tolist(), _shared_words(corners), 1),
    ]
    return with_status(plots.one_space(traces), _step_sentence(model, step))


@lru_cache(maxsize=1024)
def _model(angle: int, turn: int, offset: float) -> nn.Sequential:
    return fit_readout(*creases(angle, turn, offset))


def _box(low: float, high: float) -> Tensor:
    corners = [[low, low], [high, low], [high, high], [low, high]]
    return torch.tensor(corners, dtype=torch.float64)


@lru_cache(maxsize=1)
def _paper_lines() -> Tensor:
    """The lines of the grid, each by its two ends: (lines, 2, 2)."""
    low, high = plots.INPUT_RANGE
    at = torch.linspace(low, high, NUM_LINES, dtype=torch.float64)
    ends = torch.tensor([low, high], dtype=torch.float64)
    across = torch.stack(torch.meshgrid(at, ends, indexing="ij"), dim=-1)  # (line, end, x and y)
    return torch.cat([across, across.flip(-1)])


def _bent_lines(model: nn.Sequential) -> Tensor:
    """The lines of the grid with the places at which the creases break them: (lines, 4, 2)."""
    ends = _paper_lines()
    z = linears(model)[0](ends)  # (line, end, unit)
    change = z[:, 1] - z[:, 0]
    share = torch.where(change.abs() > 1e-9, -z[:, 0] / change, 0.0).clamp(0, 1)
    share = torch.nn.functional.pad(share.sort(dim=1).values, (1, 1))
    share[:, -1] = 1
    return ends[:, :1] + share[..., None] * (ends[:, 1:] - ends[:, :1])


def _on_its_way(points: Tensor, model: nn.Sequential, step: int) -> Tensor:
    z = linears(model)[0](points)
    if step <= 10:
        return points + step / 10 * (z - points)
    return z + (step - 10) / 10 * (z.relu() - z)


def _cut(readout: nn.Linear, box: Tensor) -> tuple[tuple[list, list], list]:
    """The two sides of o = 0.5 in a box, and the line between them."""
    w, level = readout.weight[0], 0.5 - float(readout.bias)
    if w.norm() < 1e-9:
        return ([], []), []
    sides = ([clip(box, -w, -level)], [clip(box, w, level)])
    return tuple([s for s in side if len(s) > 2] for side in sides), _edges_on(sides[1], w, level)


def _input_cut(model: nn.Sequential, pieces: list[Tensor]) -> list[Tensor]:
    """Where o = 0.5 in the input plane: edges of the pieces."""
    if not pieces:
        return []
    edges = torch.cat([torch.stack([piece, piece.roll(-1, 0)], dim=1) for piece in pieces])
    three = torch.cat([edges, edges.mean(1, keepdim=True)], dim=1)  # ends and middle
    on = ((model(three)[..., 0] - 0.5).abs() < 1e-6).all(1)
    return list(edges[on])


def _edges_on(polygons: list[Tensor], normal: Tensor, level: float) -> list[Tensor]:
    """The edges (2, 2) of polygons on the line normal · x = level."""
    along = torch.stack([-normal[1], normal[0]])
    on = [p[(p @ normal - level).abs() < 1e-9] for p in polygons]
    return [p[torch.stack([(p @ along).argmin(), (p @ along).argmax()])] for p in on if len(p) > 1]


def _crease_traces(model: nn.Sequential) -> list[dict]:
    """The line z = 0 of each unit inside the input square."""
    layer, square = linears(model)[0], _box(*plots.INPUT_RANGE)
    traces = []
    for k, color in enumerate(plots.CREASE_COLORS):
        w, level = layer.weight[k], -float(layer.bias[k])
        ends = _edges_on([clip(square, w, level)], w, level)
        dash = {"line": {"dash": "dash", "width": 2, "color": color}}
        traces.append(plots.path(ends, f"crease of h{'₁₂'[k]}", color, 1, **dash))
    return traces


def _shared_words(places: Tensor) -> list[str]:
    """The names of the corners, those in one place written together."""
    names, words = ("00", "01", "10", "11"), []
    for k, place in enumerate(places):
        same = [j for j in range(4) if (places[j] - place).abs().max() < 0.03]
        words.append(" = ".join(names[j] for j in same) if same[0] == k else "")
    return words


def _sentence(model: nn.Sequential, angle: int, turn: int, offset: float) -> str:
    outputs = model(CORNERS.double())[:, 0]
    given = ", ".join(f"{abs(o) if abs(o) < 5e-3 else o:.2f}" for o in outputs.tolist())
    right = num_right(model)
    verdict = f"{right} of 4 on the right side" if right else "no side taken"
    verdict = "XOR, exactly" if is_exact(model) else verdict
    where = f"Units at {angle}° and {angle + turn}°, offset {offset:g}"
    return f"{where}: o = {given} at 00, 01, 10, 11; {verdict}.".replace("-", "−")


def _step_sentence(model: nn.Sequential, step: int) -> str:
    if step == 0:
        return "The plane as it is, with the four corners of XOR."
    if step <= 10:
        return f"Step {step}: {step / 10:.0%} of the way to Wx + b; lines stay straight."
    if step < 20:
        return f"Step {step}: {(step - 10) / 10:.0%} of the way through the ReLU; lines break."
    if is_exact(model):
        return "After the ReLU: one straight cut solves XOR, exactly."
    right = num_right(model)
    if right == 0:  # least squares answers 0.5 everywhere
        return "After the ReLU: no straight cut gets all four corners right; the best fit is flat."
    return f"After the ReLU: the cut by least squares has {right} of 4 corners right."
