"""Explorer figure of damped Newton steps: the parabola that is believed, and all shorter steps."""

from functools import cache

import numpy as np
import torch
from torch import Tensor
from torch.func import grad, hessian

from dlbook.models.surfaces import rosenbrock
from dlbook.plots import Figure, with_status
from dlbook.plots.loss_landscape import contours, path
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, RED
from dlbook.plots.words import in_words
from dlbook.solvers.second_order import damped_step, newton

NUM_STEPS = 10
X, Y = np.linspace(-2.5, 2.5, 81), np.linspace(-3.5, 3.5, 85)
DAMPINGS = (0.0, 0.3, 0.6, 1.0, 10.0, 100.0)
STARTS = {"A": (-1.2, 1.0), "B": (0.4, 2.5), "C": (1.6, -1.0), "D": (-0.2, -2.0)}
LOWEST = 1e-12
UNLISTED = {"showlegend": False}


def bowl(w: Tensor) -> Tensor:
    """A long valley at an angle, a parabola: curvatures 2 and 40, lowest at (1, 1), height 0."""
    x, y = w[..., 0] - 1, w[..., 1] - 1
    return (0.8 * x + 0.6 * y) ** 2 + 20 * (0.8 * y - 0.6 * x) ** 2


def two_minima(w: Tensor) -> Tensor:
    """(x² − 1)²/4 + (y − 1)²/2: minima of height 0 at (±1, 1), between them a pass at (0, 1)."""
    x, y = w[..., 0], w[..., 1]
    return (x**2 - 1) ** 2 / 4 + (y - 1) ** 2 / 2


SURFACES = {"bowl": bowl, "banana": rosenbrock, "pass": two_minima}


def believed_parabola(surface: str, damping: float, start: str, step: int) -> Figure:
    """A damped Newton walk, the parabola that its next step believes, and what it has led to.

    Args:
        surface: one of `SURFACES`; "banana" is Rosenbrock's.
        damping: λ >= 0, added to all curvatures.
        start: one of `STARTS`.
        step: 0 to `NUM_STEPS`.
    """
    walk, heights = walked(surface, damping, start)
    w = torch.tensor(walk[step])
    slope, H = derivatives(surface, w)
    ahead = w + damped_step(slope, H, damping)
    figure = two_panels(
        [
            contours(X, Y, _landscape(surface), "", start=0.05, end=0.95, size=0.075),
            line(*_as_high(w, slope, H, damping), "parabola: as high as here", BLUE, width=2),
            line(*all_dampings(w, slope, H), "steps of all dampings", ORANGE, width=3),
            path(*_seen(walk[np.minimum(np.arange(NUM_STEPS + 1), step)]).T, "walk"),
            dots(*_seen(w.numpy()[None]).T, "now", RED, size=12),
            dots(*_seen(ahead.numpy()[None]).T, "next", GREEN, size=12, marker={"symbol": "star"}),
            line(np.arange(NUM_STEPS + 1), _drawn(heights), "", GRAY, width=2, panel=2, **UNLISTED),
            dots([step], _drawn(heights[step : step + 1]), "", RED, size=11, panel=2, **UNLISTED),
        ],
        upper=(
            axis("w₁", -2.5, 2.5, constrain="domain"),
            axis("w₂", -3.5, 3.5, scaleanchor="x", constrain="domain"),
        ),
        lower=(
            axis("step", -0.5, NUM_STEPS + 0.5),
            axis("loss", -12.5, 4, log=True, dtick=4),
        ),
        height=740,
        upper_share=0.72,
    )
    return with_status(figure, _report(surface, damping, step, heights, H))


@cache
def walked(surface: str, damping: float, start: str) -> tuple[np.ndarray, np.ndarray]:
    """The walk (steps + 1, 2) and its heights."""
    first = torch.tensor(STARTS[start], dtype=torch.float64)
    walk = newton(SURFACES[surface], first, damping=damping, num_steps=NUM_STEPS)
    return walk.numpy(), SURFACES[surface](walk).numpy()


def derivatives(surface: str, w: Tensor) -> tuple[Tensor, Tensor]:
    """Slope (2,) and second derivatives (2, 2) at w."""
    return grad(SURFACES[surface])(w), hessian(SURFACES[surface])(w)


def all_dampings(w: Tensor, slope: Tensor, H: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Where the steps of all dampings lead with which H + λI bends up everywhere, large ones first.

    The last is Newton's if H itself does; otherwise they run away as λ falls to −(its lowest
    curvature).
    """
    too_little = max(0.0, -torch.linalg.eigvalsh(H)[0].item())
    dampings = too_little + np.logspace(4.5, -2.5, 30)
    ends = [w + damped_step(slope, H, damping) for damping in dampings]
    ends.append(w + damped_step(slope, H, 0.0) if too_little == 0 else ends[-1])
    return tuple(_seen(torch.stack(ends).numpy()).T)


def _as_high(w: Tensor, slope: Tensor, H: Tensor, damping: float):
    """The line on which the parabola of curvature B = H + λI is as high as at w.

    Around the step's end m, an ellipse (p − m)ᵀB(p − m) = (w − m)ᵀB(w − m) if B is positive
    definite. Else a hyperbola, found on rays w + t d: as high again at t = −2 (slope·d) / dᵀBd. The
    first ray is level, so that the line begins and ends at w itself.
    """
    B = H + damping * torch.eye(2, dtype=H.dtype)
    level = torch.atan2(slope[0], -slope[1])
    angle = level + torch.linspace(0, 2 * torch.pi, 61, dtype=torch.float64)
    d = torch.stack([angle.cos(), angle.sin()])  # (2, angles)
    if torch.linalg.eigvalsh(B)[0] > 1e-9:
        step = damped_step(slope, H, damping)
        radius, L = (step @ B @ step).sqrt(), torch.linalg.cholesky(B)
        ends = (w + step).unsqueeze(1) + radius * torch.linalg.solve(L.T, d)
        return tuple(_seen(ends.T.numpy()).T)
    t = -2 * (slope @ d) / (d * (B @ d)).sum(dim=0)
    t[(t < -1e-9) | (t > 20)] = torch.nan
    return tuple(_seen((w.unsqueeze(1) + t * d).T.numpy()).T)


@cache
def _landscape(surface: str) -> np.ndarray:
    """log(1 + height), 1 at the highest place of the picture."""
    grid = np.stack(np.meshgrid(X, Y), axis=-1)
    depth = np.log1p(SURFACES[surface](torch.tensor(grid)).numpy())
    return depth / depth.max()


def _seen(w: np.ndarray) -> np.ndarray:
    """Places, those far outside the picture brought to its neighbourhood."""
    return np.clip(w, (-3.2, -4.5), (3.2, 4.5))


def _drawn(heights: np.ndarray) -> np.ndarray:
    return np.clip(heights, LOWEST, 1e5)


def _report(surface: str, damping: float, step: int, heights: np.ndarray, H: Tensor) -> str:
    low, high = torch.linalg.eigvalsh(H).tolist()
    bends = f"curvatures {in_words(low)} and {in_words(high)}"
    plus = f", believed {in_words(damping)} more" if damping else ""
    down = "; the parabola bends down" if low + damping < 0 else ""
    where = f"Step {step}: loss {in_words(heights[step])}"
    if surface == "pass" and abs(heights[step] - 0.25) < 1e-6:
        return f"{where}; it rests on the pass, which is no minimum."
    return f"{where}; {bends}{plus}{down}."
