"""Plots of a bundle of fits and of the parts of its error."""

from torch import Tensor

from dlbook.plots.panels import dots, line
from dlbook.plots.polynomials import CURVE_LIMIT, drawable
from dlbook.plots.theme import BLUE, GREEN, PURPLE, TEST_COLOR, TRUTH_COLOR

PARTS = (("bias²", GREEN), ("variance", PURPLE), ("noise", TRUTH_COLOR), ("test error", TEST_COLOR))


def bundle(grid: Tensor, curves: Tensor, truth: Tensor) -> list[dict]:
    """All curves of a bundle, the true curve and their mean.

    The curves are one trace that runs to and fro: let the grid end outside the axis, so that the
    turns are out of sight.

    Args:
        grid: (num_grid,) points.
        curves: (num_sets, num_grid).
        truth: (num_grid,).
    """
    there_and_back = [f if m % 2 == 0 else f.flip(0) for m, f in enumerate(curves)]
    x = [grid if m % 2 == 0 else grid.flip(0) for m in range(len(curves))]
    ys = [curve.clamp(-CURVE_LIMIT, CURVE_LIMIT) for curve in there_and_back]
    mean = curves.mean(dim=0).clamp(-CURVE_LIMIT, CURVE_LIMIT)
    return [
        line(_joined(x), _joined(ys), "fits", PURPLE, width=1, opacity=0.6),
        line(grid, mean, "their mean", BLUE, width=4),
        line(grid, truth, "true curve", TRUTH_COLOR, width=3, line={"dash": "dot"}),
    ]


def parts_by_degree(parts: Tensor, degree: int, *, panel: int = 1) -> list[dict]:
    """Bias², variance, noise and their sum over degree, with markers at the present degree.

    Args:
        parts: (3, degrees): bias², variance, noise.
        degree: the present one.
        panel: 1 or 2.
    """
    rows = [*parts, parts.sum(dim=0)]
    traces = []
    for (name, color), row in zip(PARTS, rows, strict=True):
        shown = drawable(row)
        style = {"dash": "dash"} if name == "noise" else {}
        degrees = list(range(len(shown)))
        traces.append(line(degrees, shown, name, color, panel=panel, line=style))
        here = dots([degree], shown[degree : degree + 1], name, color, size=11, panel=panel)
        traces.append(here | {"showlegend": False})
    return traces


def _joined(pieces: list[Tensor]) -> list[float]:
    return [float(value) for piece in pieces for value in piece]
