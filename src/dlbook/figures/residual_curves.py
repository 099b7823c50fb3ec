"""Explorer figure of seven solvers of one linear system: what is left over how much work."""

import math
from functools import cache

import torch
from torch import Tensor

from dlbook.plots import Figure, with_status
from dlbook.plots.loss_landscape import held_at_the_end
from dlbook.plots.panels import axis, dots, line, one_panel
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, PURPLE, RED
from dlbook.plots.words import in_words
from dlbook.random import normal
from dlbook.solvers import direct
from dlbook.solvers.iterative import (
    conjugate_gradients,
    gauss_seidel_part,
    jacobi_part,
    stationary,
)
from dlbook.solvers.matrices import badly_scaled, poisson, with_condition

N, MOST_PRODUCTS = 60, 240
LOWEST, HIGHEST = 1e-17, 1e12  # what grows is followed until far above the axis
# In products with A: 2n² operations. n³/3, 2n³/3 and 4n³/3 are n/6, n/3 and 2n/3 of them.
DIRECT = {
    "Cholesky": (direct.solve_by_cholesky, N / 6, "circle"),
    "LU": (direct.solve_by_lu, N / 3, "square"),
    "QR": (direct.solve_by_qr, 2 * N / 3, "diamond"),
}
ITERATIVE = ("Jacobi", "Gauss-Seidel", "CG", "CG, preconditioned")
COLORS = dict(zip(ITERATIVE, (ORANGE, PURPLE, BLUE, GREEN), strict=True))
KINDS = ("a string", "random", "badly scaled")


def residual_curves(kind: str, condition: float) -> Figure:
    """‖b − Ax‖ / ‖b‖ of 60 unknowns by seven methods, over the work in products with A.

    Args:
        kind: one of `KINDS`.
        condition: largest eigenvalue divided by the smallest; about, where badly scaled.
    """
    runs = solve(kind, condition)
    products = torch.arange(MOST_PRODUCTS + 1)
    curves = [line(products, runs[name], name, COLORS[name], width=2.5) for name in ITERATIVE]
    points = [
        dots([work], [runs[name]], name, RED, size=12, marker={"symbol": symbol})
        for name, (_, work, symbol) in DIRECT.items()
    ]
    figure = one_panel(
        [line([0, MOST_PRODUCTS], [1e-8, 1e-8], "8 digits", GRAY, width=1), *curves, *points],
        axis("work (multiplications with A)", 0, MOST_PRODUCTS),
        axis("residual / first residual", -17, 4, log=True, dtick=3),
        height=460,
    )
    reached = ", ".join(f"{name} {_steps(runs[name])}" for name in ITERATIVE)
    actual = float(torch.linalg.cond(matrix(kind, condition)))
    return with_status(
        figure, f"Condition number {in_words(actual)}. Products for 8 digits: {reached}."
    )


@cache
def solve(kind: str, condition: float) -> dict:
    """Relative residuals: a number for direct methods, a curve (products + 1,) for others."""
    A, b = matrix(kind, condition), right_side()
    num_steps = MOST_PRODUCTS
    found = {
        "Jacobi": stationary(A, b, jacobi_part(A), num_steps=num_steps),
        "Gauss-Seidel": stationary(A, b, gauss_seidel_part(A), num_steps=num_steps),
        "CG": conjugate_gradients(A, b, num_steps=num_steps),
        "CG, preconditioned": conjugate_gradients(
            A, b, num_steps=num_steps, scale=1 / A.diagonal()
        ),
    }
    curves = {
        name: held_at_the_end(_drawn(run.residuals / b.norm()), num_steps + 1)
        for name, run in found.items()
    }
    ends = {
        name: _drawn((b - A @ method(A, b)).norm() / b.norm()).item()
        for name, (method, *_) in DIRECT.items()
    }
    return curves | ends


def matrix(kind: str, condition: float) -> Tensor:
    """The matrix (60, 60); for the string, a number on the diagonal moves all eigenvalues alike."""
    if kind == "random":
        return with_condition(N, condition, seed=0)
    if kind == "badly scaled":
        return badly_scaled(N, math.log10(condition / 1.4), seed=0)  # B adds about that
    low, high = torch.linalg.eigvalsh(poisson(N))[[0, -1]]
    shift = (high - condition * low) / (condition - 1)
    return poisson(N) + shift * torch.eye(N, dtype=torch.float64)


def right_side() -> Tensor:
    """b (60,)."""
    return normal(N, seed=0, stream=1).double()


def _drawn(residual: Tensor) -> Tensor:
    return residual.nan_to_num(HIGHEST, HIGHEST).clamp(LOWEST, HIGHEST)


def _steps(curve) -> str:
    reached = (curve <= 1e-8).nonzero()[0]
    if len(reached):
        return str(reached[0])
    return "never (it grows)" if curve[-1] > 1 else f"more than {MOST_PRODUCTS}"
