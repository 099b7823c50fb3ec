"""Explorer figures of gradient descent on a curve: what a step promises, and where walks end."""

from functools import cache

import numpy as np
import torch

from dlbook.models import surfaces
from dlbook.models.descent import descend, gradient
from dlbook.plots import Figure, with_status
from dlbook.plots.loss_landscape import held_at_the_end
from dlbook.plots.panels import axis, dots, line, one_panel, two_panels
from dlbook.plots.theme import GRAY, GREEN, PURPLE, RED
from dlbook.plots.words import in_words

CURVES = {
    "bowl": surfaces.bowl,
    "two valleys": surfaces.two_valleys,
    "corner": surfaces.corner,
    "plateau": surfaces.plateau,
}
W = np.linspace(-2.2, 2.2, 177)
LOW, HIGH = -5.0, 5.2  # of the picture's heights
EDGE_W, EDGE_LOW, EDGE_HIGH = 2.05, LOW + 0.3, HIGH - 0.3  # markers are drawn no further out
PARKED = LOW - 2  # where a marker waits that is not to be seen
NUM_STEPS = 30
SEEN_GAP = 1e-6  # smaller gaps are below the picture
OUT_OF_SIGHT = 1e-12  # a gap of 0 has no place on a log axis: drawn here, far below the picture
UNLISTED = {"showlegend": False}
POINTERS = {"n": "up", "s": "down", "w": "left", "e": "right"}  # as plotly names its triangles


def promised_step(curve: str, start: float, rate: float) -> Figure:
    """One step of gradient descent as a jump to the bottom of a parabola.

    Args:
        curve: one of `CURVES`.
        start: w₀, where the parabola touches the loss.
        rate: step size η; the parabola's curvature is 1/η.
    """
    height, slope = _at(curve, start)
    end = start - rate * slope
    promised, real = height - rate * slope**2 / 2, _at(curve, end)[0]
    parabola = height + slope * (W - start) + (W - start) ** 2 / (2 * rate)
    lower = real < height - 1e-9
    x, bottom, found = _to_the_edge(end, promised, real)
    landing = {"symbol": _symbol(end, real)}
    figure = one_panel(
        [
            line(W, _curve(curve), "loss", GRAY, width=3),
            line(W, np.minimum(parabola, HIGH + 1), "parabola", PURPLE, width=2),
            _drop(x, bottom, found, GREEN, shown=lower),
            _drop(x, bottom, found, RED, shown=not lower),
            dots([start], [height], "start", GRAY, size=13),
            _hollow(x, bottom, _symbol(end, promised)),
            dots([x], [found if lower else PARKED], "lands lower", GREEN, size=13, marker=landing),
            dots([x], [PARKED if lower else found], "lands no lower", RED, size=13, marker=landing),
        ],
        axis("parameter w", -2.2, 2.2),
        axis("loss f(w)", LOW, HIGH),
        height=440,
    )
    return with_status(figure, _verdict(start, end, height, promised, real))


def descent_on_curve(curve: str, rate: float, start: float) -> Figure:
    """Thirty steps of gradient descent on a curve, and how far above its lowest point they are.

    Args:
        curve: one of `CURVES`.
        rate: step size η.
        start: w₀.
    """
    w, heights = _walk(curve, rate, start)
    gap = np.maximum(heights - _lowest(curve), OUT_OF_SIGHT)
    seen = _in_the_picture(w)
    figure = two_panels(
        [
            line(W, _curve(curve), "loss", GRAY, width=3),
            line(seen, _on(curve, seen), "steps", RED, width=1.2, mode="lines+markers"),
            dots([start], [_at(curve, start)[0]], "start", GRAY, size=13),
            dots(seen[-1:], _on(curve, seen[-1:]), "after 30 steps", RED, size=13),
            line(np.arange(NUM_STEPS + 1), np.minimum(gap, 1e9), "", RED, panel=2, **UNLISTED),
        ],
        upper=(axis("parameter w", -2.2, 2.2), axis("loss f(w)", -0.3, 4)),
        lower=(
            axis("step", -0.5, NUM_STEPS + 0.5),
            axis("above the lowest", -6.2, 4, log=True, dtick=2),
        ),
        height=600,
        upper_share=0.58,
    )
    return with_status(figure, _report(w, heights, gap[-1]))


def _drop(end: float, promised: float, real: float, color: str, *, shown: bool) -> dict:
    """A vertical line from what was promised to what was found."""
    heights = [promised, real] if shown else [PARKED, PARKED]
    return line([end, end], heights, "", color, width=2, line={"dash": "dot"}, **UNLISTED)


def _to_the_edge(end: float, *heights: float) -> list[float]:
    """The place and the heights of a step; what lies outside the picture is put at its edge."""
    return [float(np.clip(end, -EDGE_W, EDGE_W)), *np.clip(heights, EDGE_LOW, EDGE_HIGH).tolist()]


def _symbol(x: float, y: float) -> str:
    """A circle in the picture; outside, a triangle that points from the edge to the place."""
    across = "w" if x < -EDGE_W else "e" if x > EDGE_W else ""
    along = "s" if y < EDGE_LOW else "n" if y > EDGE_HIGH else ""
    return (
        f"triangle-{POINTERS.get(along + across, along + across)}" if along + across else "circle"
    )


def _hollow(x: float, y: float, symbol: str) -> dict:
    marker = {"symbol": f"{symbol}-open", "line": {"width": 3}}
    return dots([x], [y], "promise", PURPLE, size=13, marker=marker)


def _verdict(start, end, height, promised, real) -> str:
    if abs(end - start) < 1e-9:
        return f"The slope at w = {in_words(start)} is 0: the step goes nowhere."
    change = real - height
    kept = "better than promised" if real < promised - 1e-9 else "exactly as promised"
    if real > promised + 1e-9:
        kept = "less than promised" if change < -1e-9 else "the promise is broken"
    moved = "falls" if change < 0 else "rises"
    moved = f"the loss {moved} from {in_words(height)} to {in_words(real)}"
    if abs(change) < 1e-9:
        moved = f"the loss stays at {in_words(height)}"
    inside = {_symbol(end, promised), _symbol(end, real)} == {"circle"}
    outside = "" if inside else " A triangle at the edge points to what lies outside the picture."
    return (
        f"The step lands at w = {in_words(end)}. Promised: {in_words(promised)}. "
        f"Found: {moved}: {kept}.{outside}"
    )


def _report(w: np.ndarray, heights: np.ndarray, gap: float) -> str:
    if (np.diff(heights[-11:]) > 1e-9).all():
        return "It runs away: every step lands higher than the one before."
    last = np.abs(np.diff(w[-11:]))
    place = f"After 30 steps: w = {in_words(w[-1])}, loss {in_words(heights[-1])}"
    if last.max() < 1e-4 and gap < SEEN_GAP:
        return f"{place}; it rests, less than {in_words(SEEN_GAP)} above the lowest point."
    if last.max() < 1e-4:
        return f"{place}; it rests."
    if last.min() > 0.03 and (np.diff(np.sign(np.diff(w[-11:]))) != 0).all():
        return f"{place}; it jumps to and fro by about {in_words(last.mean())}."
    return f"{place}; the last step moved it by {in_words(last[-1])}."


def _in_the_picture(w: np.ndarray) -> np.ndarray:
    """The walk until it first leaves the picture, held there."""
    outside = np.flatnonzero(np.abs(w) > 2.5)
    inside = w[: outside[0]] if outside.size else w
    return held_at_the_end(inside, NUM_STEPS + 1)


@cache
def _curve(curve: str) -> np.ndarray:
    return _on(curve, W)


@cache
def _lowest(curve: str) -> float:
    """Height of the curve's lowest point: between the places of `W`, so we walk down to it."""
    bottom = torch.tensor(W[[_curve(curve).argmin()]])
    end = descend(CURVES[curve], bottom, lr=0.03, num_steps=500)[-1]
    return CURVES[curve](end).item()


def _on(curve: str, w: np.ndarray) -> np.ndarray:
    return CURVES[curve](torch.tensor(w).unsqueeze(-1)).numpy()


def _at(curve: str, w: float) -> tuple[float, float]:
    """Height and slope at one place."""
    point = torch.tensor([w], dtype=torch.float64)
    return CURVES[curve](point).item(), gradient(CURVES[curve], point).item()


def _walk(curve: str, rate: float, start: float) -> tuple[np.ndarray, np.ndarray]:
    point = torch.tensor([start], dtype=torch.float64)
    path = descend(CURVES[curve], point, lr=rate, num_steps=NUM_STEPS)
    return path[:, 0].numpy(), CURVES[curve](path).numpy()
