"""Explorer figure of a plane through the loss of a network, and the function on the way."""

from functools import cache

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parameters_to_vector

from dlbook.datasets.toy_regression import sine
from dlbook.models.mlp import mlp
from dlbook.models.one_hidden_layer import (
    mean_squared_error,
    outputs,
    relabelled,
    slice_through,
)
from dlbook.plots import Figure, with_status
from dlbook.plots.loss_landscape import position, shaded
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import BLUE, GRAY, GREEN, RED
from dlbook.plots.words import in_words
from dlbook.training import fit

NUM_HIDDEN = 3
ALONG = torch.linspace(-0.5, 1.5, 121, dtype=torch.float64)
ACROSS = torch.linspace(-0.6, 0.6, 81, dtype=torch.float64)
X_SEEN = torch.linspace(-4, 4, 121, dtype=torch.float64)
SECOND = ("the first, relabelled", "another start", "a start that got stuck")
SEEDS = {"first": 5, "another start": 0, "a start that got stuck": 6}


def network_slice(second: str, share: float) -> Figure:
    """The loss on a plane through two trained networks, and the network between them.

    Args:
        second: one of `SECOND`: which network lies at the right-hand star.
        share: t, from 0 (the first network) to 1 (the second): the place on the line of both.
    """
    x, y = _data()
    ends = _ends(second)
    theta = ends[0] + share * (ends[1] - ends[0])
    error = mean_squared_error(theta, x, y).item()
    figure = two_panels(
        [
            shaded(ALONG.numpy(), ACROSS.numpy(), _plane(second)),
            line([0, 1], [0, 0], "", GRAY, width=1, showlegend=False, line={"dash": "dot"}),
            dots([0, 1], [0, 0], "trained networks", GREEN, size=13, marker={"symbol": "star"}),
            position(share, 0.0, "the network below"),
            dots(x, y, "samples", BLUE, size=6, panel=2, showlegend=False),
            line(X_SEEN, outputs(theta, X_SEEN), "", RED, panel=2, showlegend=False),
        ],
        upper=(
            axis("t: from the first to the second network", -0.5, 1.5),
            axis("u: across", -0.6, 0.6),
        ),
        lower=(axis("x", -4, 4), axis("f(x)", -2.6, 2.6)),
        height=620,
        upper_share=0.55,
    )
    return with_status(
        figure,
        f"At t = {in_words(share)} the mean squared error is {in_words(error)}; the parameters "
        f"are {in_words((theta - ends[0]).norm().item())} away from those of the first network.",
    )


def trained_parameters(seed: int) -> Tensor:
    """θ of a network with three hidden units trained on the sine, (10,) float64."""
    return _trained(seed).clone()


@cache
def _data() -> tuple[Tensor, Tensor]:
    x, y = sine(30, 0.1)
    return x.double(), y.double()


@cache
def _trained(seed: int) -> Tensor:
    model = mlp([1, NUM_HIDDEN, 1], nn.Tanh, seed=seed).double()
    x, y = (values.unsqueeze(1) for values in _data())
    fit(model, (x, y), loss_fn=F.mse_loss, optimizer="adam", lr=0.03, num_steps=1_500)
    return parameters_to_vector(model.parameters()).detach()


@cache
def _ends(second: str) -> tuple[Tensor, Tensor]:
    first = _trained(SEEDS["first"])
    return first, relabelled(first) if second == SECOND[0] else _trained(SEEDS[second])


@cache
def _plane(second: str) -> np.ndarray:
    """log of the loss on the plane, brought to [0, 1]."""
    thetas, _ = slice_through(*_ends(second), ALONG, ACROSS)
    height = mean_squared_error(thetas, *_data()).log10()
    return ((height + 2.4) / 4.4).clamp(0, 1).numpy()  # 0.004 -> 0, 100 -> 1
