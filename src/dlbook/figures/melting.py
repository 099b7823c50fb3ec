"""Explorer figure of an error that melts wave by wave while a linear system is solved."""

from functools import cache

import numpy as np
import torch
from torch import Tensor

from dlbook.plots import Figure, with_status
from dlbook.plots.panels import axis, line, two_panels
from dlbook.plots.theme import BLUE, GRAY, PURPLE, RED
from dlbook.plots.words import in_words
from dlbook.random import uniform
from dlbook.solvers.iterative import (
    conjugate_gradients,
    gauss_seidel_part,
    jacobi_part,
    stationary,
)
from dlbook.solvers.matrices import poisson, waves

N, MOST_STEPS = 20, 40
METHODS = ("Jacobi", "damped Jacobi", "Gauss-Seidel", "conjugate gradients")
DAMPING = {"Jacobi": 1.0, "damped Jacobi": 2 / 3}
STARTS = ("all 20 waves", "the 10 symmetric waves")
TOP = 1.15
FINE = np.linspace(0.5, N + 0.5, 201)  # wave numbers, whole ones and those between
UNLISTED = {"showlegend": False}


def melting_error(method: str, start: str, step: int) -> Figure:
    """The error of a string's heights after some steps, in space and in waves.

    Args:
        method: one of `METHODS`.
        start: one of `STARTS`; the waves that the first error is made of, in equal parts.
        step: 0 to `MOST_STEPS`.
    """
    errors, parts = error_path(method, start)
    place, left = np.arange(N + 2), np.abs(parts[step])
    largest = np.abs(errors[0]).max()
    figure = two_panels(
        [
            line(place, _held(errors[0] / largest), "at the start", GRAY, width=1),
            line(place, _held(errors[step] / largest), "error now", RED, mode="lines+markers"),
            _bars(left),
            line(FINE, _filter(method, start, step), "what the method does to any wave", PURPLE,
                 width=2, panel=2),
        ],
        upper=(axis("place on the string", 0, N + 1), axis("error of the height", -1.15, 1.15)),
        lower=(
            axis("wave number j (half waves on the string)", 0.3, N + 0.7),
            axis("what is left of it", 0, TOP, tickvals=[0, 0.5, 1]),
        ),
        height=600,
    )  # fmt: skip
    share = np.linalg.norm(parts[step]) / np.linalg.norm(parts[0])
    return with_status(
        figure,
        f"After {step} step{'s' * (step != 1)} the error has {_words(share)} of its size; "
        f"of wave 1 {_words(left[0])} is left, of wave {N - 1} {_words(left[N - 2])}.",
    )


@cache
def error_path(method: str, start: str) -> tuple[np.ndarray, np.ndarray]:
    """The errors (steps + 1, N) at all places and their parts (steps + 1, N) in all waves."""
    A, V = poisson(N), waves(N)
    signs = torch.where(uniform(N, seed=1) < 0.5, -1.0, 1.0).double()
    first = V @ (signs * _present(start))
    b = A @ -first  # x₀ = 0, so the solution is −(first error)
    if method == "conjugate gradients":
        x = conjugate_gradients(A, b, num_steps=int(_present(start).sum())).x
    else:
        M = jacobi_part(A, DAMPING[method]) if method in DAMPING else gauss_seidel_part(A)
        x = stationary(A, b, M, num_steps=MOST_STEPS).x
    x = torch.cat([x, x[-1:].expand(MOST_STEPS + 1 - len(x), N)])
    errors = x + first
    return errors.numpy(), (errors @ V).numpy()


@cache
def _filters(method: str, start: str) -> np.ndarray:
    """|p_k(λ)| at the eigenvalue λ of every number in `FINE`, (steps + 1, len(FINE))."""
    eigenvalues = torch.tensor(2 - 2 * np.cos(np.pi * FINE / (N + 1)))
    steps = torch.arange(MOST_STEPS + 1).unsqueeze(1)
    if method in DAMPING:
        return (1 - DAMPING[method] * eigenvalues / 2).abs().pow(steps).numpy()
    if method == "Gauss-Seidel":  # mixes waves: no polynomial of A
        return np.full((MOST_STEPS + 1, len(FINE)), np.nan)
    return _chosen_polynomials(eigenvalues, _present(start))


def _chosen_polynomials(eigenvalues: Tensor, present: Tensor) -> np.ndarray:
    """|p_k| of conjugate gradients, found by adding every eigenvalue with a part of 10⁻⁹.

    So small a part changes nothing in the steps, and shows what they do to it.
    """
    whole = torch.tensor(2 - 2 * np.cos(np.pi * np.arange(1, N + 1) / (N + 1)))
    all_values = torch.cat([whole, eigenvalues])
    error = torch.cat([present, torch.full_like(eigenvalues, 1e-9)])
    num_steps = int(present.sum())
    path = conjugate_gradients(torch.diag(all_values), all_values * error, num_steps=num_steps)
    left = (1 - path.x[:, N:] / 1e-9).abs()
    return torch.cat([left, left[-1:].expand(MOST_STEPS - num_steps, len(FINE))]).numpy()


def _filter(method: str, start: str, step: int) -> np.ndarray:
    return np.minimum(_filters(method, start)[step], TOP + 0.1)


def _present(start: str) -> Tensor:
    j = torch.arange(1, N + 1)
    return torch.ones(N).double() if start == STARTS[0] else (j % 2 == 1).double()


def _held(heights: np.ndarray) -> np.ndarray:
    """With the two ends of the string, where nothing can be wrong."""
    return np.pad(heights, 1)


def _bars(left: np.ndarray) -> dict:
    bar = {"type": "bar", "x": np.arange(1, N + 1), "y": left, "name": "left of each wave"}
    return bar | {"width": 0.6, "marker": {"color": BLUE}, "xaxis": "x2", "yaxis": "y2"}


def _words(share: float) -> str:
    if share < 1e-9:
        return "nothing"
    return f"{share:.1%}" if share >= 1e-3 else in_words(share)
