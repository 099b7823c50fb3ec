"""What training finds from many starts: by width on XOR, by depth on rings, by bias on digits."""

from functools import lru_cache, partial

import torch
from torch import Tensor, nn

from dlbook.models import network_studies as studies
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.panels import axis, dots, one_panel
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, PURPLE

WIDTHS = (2, 3, 4, 6, 8, 16)
NUM_STARTS = 200
DEPTHS = (0, 1, 2, 3, 4)
BIASES = (0.0, -1.0, -2.0, -3.0, -4.0)
SEEDS = range(10)
HIDDEN = {  # activations of the digit study: what makes them, color
    "sigmoid": (nn.Sigmoid, PURPLE),
    "tanh": (nn.Tanh, ORANGE),
    "ReLU": (nn.ReLU, BLUE),
    "leaky ReLU, α = 0.1": (partial(nn.LeakyReLU, 0.1), GREEN),
}


def solved_share_by_width() -> Figure:
    """Share of 200 starts from which gradient descent solves XOR, over the width."""
    shares = solved_shares()
    errors = 2 * (shares * (1 - shares) / NUM_STARTS).sqrt()
    bars = {"error_y": {"type": "data", "array": errors.numpy(), "color": GRAY}}
    style = {"mode": "lines+markers", "line": {"color": GREEN, "width": 2}, "showlegend": False}
    figure = one_panel(
        [dots(WIDTHS, shares, "share", GREEN, size=10, **bars) | style],
        axis("hidden units", 1.5, 16.5, tickvals=list(WIDTHS)),
        axis("share of starts that solve XOR", 0, 1.05),
        height=330,
    )
    listed = ", ".join(f"{s:.0%} with {w}" for w, s in zip(WIDTHS, shares.tolist(), strict=True))
    return with_status(figure, f"Solved: {listed} hidden units.")


@lru_cache(maxsize=1)
def solved_shares() -> Tensor:
    """Shares (widths,) of the starts that end with 0, 1, 1, 0."""
    outputs = [studies.train_on_corners(width, seeds=range(NUM_STARTS)) for width in WIDTHS]
    return torch.stack([studies.is_solved(out).double().mean() for out in outputs])


def ring_accuracy_by_depth() -> Figure:
    """Accuracy on two rings over the number of hidden layers, linear layers beside ReLU layers."""
    linear, relu = ring_accuracies()
    return one_panel(
        [
            *curve_with_spread(DEPTHS, linear, "no activation", ORANGE),
            *curve_with_spread(DEPTHS, relu, "ReLU", BLUE),
        ],
        axis("hidden layers of 8 units", -0.1, 4.1, dtick=1),
        axis("accuracy on new points", 0.4, 1.02),
        height=330,
    )


@lru_cache(maxsize=1)
def ring_accuracies() -> tuple[Tensor, Tensor]:
    """Accuracies (seeds, depths) without activation and with ReLU."""
    return tuple(
        torch.stack([studies.ring_accuracies(d, kind, seeds=SEEDS) for d in DEPTHS], dim=1)
        for kind in (nn.Identity, nn.ReLU)
    )


def digit_accuracy_by_bias() -> Figure:
    """Accuracy on four digits over the bias that all hidden units start with."""
    traces = []
    for name, (_, color) in HIDDEN.items():
        traces += curve_with_spread(BIASES, digit_accuracies()[name], name, color)
    return one_panel(
        traces,
        axis("bias at the start", -4.1, 0.1, dtick=1),
        axis("accuracy after 100 steps", 0, 1.0),
        height=360,
    )


@lru_cache(maxsize=1)
def digit_accuracies() -> dict[str, Tensor]:
    """Accuracies (seeds, biases) by activation."""
    return {
        name: torch.stack(
            [studies.digit_accuracies(kind, bias, seeds=SEEDS) for bias in BIASES], dim=1
        )
        for name, (kind, _) in HIDDEN.items()
    }
