"""Explorer figure of ADMM: two copies of two weights that a price brings together."""

from functools import cache

import numpy as np
import torch
from torch import Tensor

from dlbook.models.lasso import soft_threshold
from dlbook.plots import Figure, with_status
from dlbook.plots.loss_landscape import contours
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, PURPLE
from dlbook.plots.words import in_words
from dlbook.solvers.splitting import Agreement, admm

H = torch.tensor([[1.0, 0.55], [0.55, 0.6]], dtype=torch.float64)
CENTER = torch.tensor([1.6, 0.9], dtype=torch.float64)  # where the data's wish is fulfilled
PENALTY = 0.8
START = (-0.7, 1.9)
COUPLINGS = (0.03, 0.1, 0.5, 2.0, 10.0)
NUM_STEPS = 60
X, Y = np.linspace(-1, 2.4, 69), np.linspace(-1, 2.2, 65)
LOWEST = 1e-10
UNLISTED = {"showlegend": False}
WHOLE = UNLISTED | {"cliponaxis": False}  # not cut at the ends of the axis


def two_copies(coupling: float, priced: bool, step: int) -> Figure:
    """The data's copy v and the penalty's copy w after some rounds of ADMM, and their errors.

    Args:
        coupling: γ, one of `COUPLINGS`.
        priced: whether disagreement is added to the price u; otherwise u stays 0.
        step: 0 to `NUM_STEPS`.
    """
    run = rounds(coupling, priced)
    v, w, u = (copies[step].numpy() for copies in run)
    pull = np.stack([w, w + coupling * u])
    size = np.abs(w).sum()
    errors = [np.maximum((copy - answer()).norm(dim=1).numpy(), LOWEST) for copy in (run.v, run.w)]
    time = np.arange(NUM_STEPS + 1)
    figure = two_panels(
        [
            contours(X, Y, _landscape(), "", start=0.05, end=0.95, size=0.1),
            line(size * _DIAMOND[0], size * _DIAMOND[1], "as large as w", GRAY, width=1.5),
            line(*np.stack([v, w]).T, "between them", GRAY, width=3, line={"dash": "dot"}),
            line(*pull.T, "price γu", PURPLE, width=4),
            dots([v[0]], [v[1]], "v, for the data", BLUE, size=13),
            dots([w[0]], [w[1]], "w, for the penalty", ORANGE, size=13),
            dots(*answer().numpy()[:, None], "answer", GREEN, size=13, marker={"symbol": "star"}),
            line(time, errors[0], "", BLUE, width=2, panel=2, **UNLISTED),
            line(time, errors[1], "", ORANGE, width=2, panel=2, **UNLISTED),
            dots([step], errors[0][[step]], "", BLUE, size=10, panel=2, **WHOLE),
            dots([step], errors[1][[step]], "", ORANGE, size=10, panel=2, **WHOLE),
        ],
        upper=(
            axis("weight 1", -1, 2.4, constrain="domain"),
            axis("weight 2", -1, 2.2, scaleanchor="x", constrain="domain"),
        ),
        lower=(
            axis("round", -0.5, NUM_STEPS + 0.5),
            axis("distance to answer", -10.4, 0.8, log=True, dtick=2),
        ),
        height=640,
        upper_share=0.68,
    )
    apart = np.linalg.norm(v - w)
    return with_status(
        figure,
        f"Round {step}: v and w are {_words(apart)} apart; w is {_words(errors[1][step])} from "
        f"the answer; the price γu has length {_words(coupling * np.linalg.norm(u))}.",
    )


@cache
def rounds(coupling: float, priced: bool) -> Agreement:
    """All rounds from `START`."""
    start = torch.tensor(START, dtype=torch.float64)
    return admm(near_data, near_zero, start, coupling=coupling, num_steps=NUM_STEPS, priced=priced)


def residuals(coupling: float, step: int) -> tuple[float, float, float]:
    """Primal and dual residual ‖v − w‖, γ‖w − w_before‖ with a price, and w's error; step >= 1.

    Reference: Boyd et al. 2011, section 3.3.
    """
    run = rounds(coupling, True)
    moved, off = run.w[step] - run.w[step - 1], run.w[step] - answer()
    primal = (run.v - run.w)[step].norm().item()
    return primal, coupling * moved.norm().item(), off.norm().item()


def near_data(z: Tensor, coupling: float) -> Tensor:
    """The v that minimises ½(v − c)ᵀH(v − c) + γ/2 ‖v − z‖²."""
    identity = torch.eye(2, dtype=z.dtype)
    return torch.linalg.solve(H + coupling * identity, H @ CENTER + coupling * z)


def near_zero(z: Tensor, coupling: float) -> Tensor:
    """The w that minimises λ‖w‖₁ + γ/2 ‖w − z‖²."""
    return soft_threshold(z, PENALTY / coupling)


@cache
def answer() -> Tensor:
    """The weights that minimise the sum of both, (2,)."""
    start = torch.tensor(START, dtype=torch.float64)
    return admm(near_data, near_zero, start, coupling=1.0, num_steps=1_000).w[-1]


_DIAMOND = np.array([[1.0, 0, -1, 0, 1], [0, 1.0, 0, -1, 0]])


@cache
def _landscape() -> np.ndarray:
    """√ of the data's loss, 1 at the highest place of the picture."""
    move = torch.tensor(np.stack(np.meshgrid(X, Y), axis=-1)) - CENTER
    depth = ((move @ H) * move).sum(dim=-1).sqrt().numpy()
    return depth / depth.max()


def _words(distance: float) -> str:
    return "0" if distance <= LOWEST else in_words(distance)
