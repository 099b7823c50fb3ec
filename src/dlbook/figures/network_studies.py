"""What training finds from many starts: by width on XOR, by depth on rings, by bias on digits."""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

import torch
from torch import Tensor, nn

from dlbook.datasets.toy_classification import circles
from dlbook.losses import cross_entropy, squared_error
from dlbook.models.digit_network import NUM_TRAINED, four_digits
from dlbook.models.folding import CORNERS, XOR
from dlbook.models.mlp import linears, mlp
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.panels import axis, dots, one_panel
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, PURPLE
from dlbook.sweep import sweep

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
    return is_solved(train_on_corners(WIDTHS, seeds=range(NUM_STARTS))).double().mean(1)


def train_on_corners(widths: Sequence[int], *, seeds: Sequence[int]) -> Tensor:
    """Outputs (widths, seeds, 4) at the corners of XOR, for ReLU networks trained on them.

    1,000 steps of gradient descent with learning rate 0.1 on the mean squared error.
    """
    runs = sweep(
        lambda width, seed: mlp([2, width, 1], seed=seed),
        (CORNERS, XOR.float()[:, None]),
        {"width": widths, "seed": seeds},
        loss_fn=squared_error,
        hyper={"lr": 0.1},
        num_steps=1000,
        views={"outputs": CORNERS},
    )
    return torch.from_numpy(runs.outputs.values)[..., 0, :, 0]


def is_solved(outputs: Tensor) -> Tensor:
    """Which networks answer 0, 1, 1, 0 to within 0.1; outputs (..., 4) -> bool (...)."""
    return (outputs - XOR).abs().amax(-1) < 0.1


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
    found = train_on_rings(DEPTHS, seeds=SEEDS)
    return found[:, 0], found[:, 1]


def train_on_rings(depths: Sequence[int], *, seeds: Sequence[int]) -> Tensor:
    """Accuracies (seeds, 2, depths) on new points of two rings, without activation and with ReLU.

    Networks with layers of 8 units, 200 points, 200 steps of Adam with learning rate 0.03.
    """
    runs = sweep(
        lambda activation, depth, seed: mlp([2, *[8] * depth, 2], activation, seed=seed),
        circles(200, 0.1, seed=0),
        {"seed": seeds, "activation": [nn.Identity, nn.ReLU], "depth": depths},
        loss_fn=cross_entropy,
        optimizer="adam",
        hyper={"lr": 0.03},
        num_steps=200,
        evaluate={"new": circles(500, 0.1, seed=1)},
        metrics={"accuracy": share_right},
    )
    return torch.from_numpy(runs["new accuracy"].values)[..., 0]


def share_right(logits: Tensor, y: Tensor) -> Tensor:
    """The share of samples whose class has the largest logit."""
    return (logits.argmax(-1) == y).double().mean()


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
    kinds = {name: kind for name, (kind, _) in HIDDEN.items()}
    found = train_on_digits(kinds, BIASES, seeds=SEEDS)
    return dict(zip(kinds, found, strict=True))


def train_on_digits(
    kinds: dict[str, Callable[[], nn.Module]], biases: Sequence[float], *, seeds: Sequence[int]
) -> Tensor:
    """Accuracies (kinds, seeds, biases) on new images of four digits, by what biases start at.

    16 hidden units, 540 images, 100 steps of gradient descent with learning rate 0.5.
    """

    def network(activation: Callable[[], nn.Module], bias: float, seed: int) -> nn.Sequential:
        model = mlp([64, 16, 4], activation, seed=seed)
        nn.init.constant_(linears(model)[0].bias, bias)
        return model

    X, y = four_digits()
    runs = sweep(
        network,
        (X[:NUM_TRAINED], y[:NUM_TRAINED]),
        {"activation": kinds, "seed": seeds, "bias": biases},
        loss_fn=cross_entropy,
        hyper={"lr": 0.5},
        num_steps=100,
        evaluate={"new": (X[NUM_TRAINED:], y[NUM_TRAINED:])},
        metrics={"accuracy": share_right},
    )
    return torch.from_numpy(runs["new accuracy"].values)[..., 0]
