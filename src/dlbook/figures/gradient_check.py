"""Gradients by hand against gradients by nudging, for every layer and every size of the nudge."""

from functools import lru_cache

import numpy as np
import torch

from dlbook import random
from dlbook.models import backpropagation as bp
from dlbook.models.gradient_check import numerical_gradient, relative_error
from dlbook.models.planted_bugs import BUGS, flat
from dlbook.plots import Figure, with_status
from dlbook.plots.gradient_check import check_map
from dlbook.plots.words import in_words

NAMES = ("W¹", "b¹", "W²", "b²", "W³", "b³")
EXPONENTS = tuple(range(1, 13))
VERSIONS = ("right", *BUGS)
SIZES = (3, 5, 5, 3)
ALARM = 1e-2  # a relative error that stays above this at every nudge is no round-off


def check_by_nudging(version: str, precision: str, sides: str, activation: str) -> Figure:
    """Relative differences of a hand-written gradient and a numerical one.

    Args:
        version: "right", or "A" to "F": the same code with one planted bug.
        precision: "float64" or "float32".
        sides: "both" (central difference) or "one".
        activation: "tanh" or "relu".
    """
    errors = relative_errors(version, precision, sides, activation)
    best = errors.min(axis=1)
    suspects = [name for name, error in zip(NAMES, best, strict=True) if error > ALARM]
    if suspects:
        verdict = f"No nudge agrees for {', '.join(suspects)}: there is a bug."
    else:
        verdict = f"Every row agrees somewhere, to {in_words(best.max())} or better."
    figure = check_map(np.log10(errors.clip(1e-12, 1)), EXPONENTS, NAMES)
    return with_status(figure, f"Version {version}, {precision}: {verdict}")


def relative_errors(version: str, precision: str, sides: str, activation: str) -> np.ndarray:
    """Errors (6 parameters, 12 nudges) of one version."""
    layers, X, y, act = _problem(precision, activation)
    gradient = bp.backward if version == "right" else BUGS[version]
    ours = flat(gradient(layers, bp.forward(layers, X, act), y, act))
    nudged = _nudged(precision, sides, activation)
    return np.array(
        [[relative_error(n, g) for n in row] for g, row in zip(ours, nudged, strict=True)]
    )


@lru_cache
def _problem(precision: str, activation: str):
    dtype = getattr(torch, precision)
    layers = bp.init_layers(SIZES, seed=0, dtype=dtype)
    X = random.normal((6, SIZES[0]), seed=0, stream=100).to(dtype)
    y = random.integers(SIZES[-1], 6, seed=0, stream=101)
    return layers, X, y, bp.ACTIVATIONS[activation]


@lru_cache
def _nudged(precision: str, sides: str, activation: str) -> list[list[torch.Tensor]]:
    """Numerical gradients of every parameter at every nudge."""
    layers, X, y, act = _problem(precision, activation)
    layers = [(W.clone(), b.clone()) for W, b in layers]
    return [
        [
            numerical_gradient(
                lambda: bp.mean_loss(layers, X, y, act),
                parameter,
                10.0**-k,
                central=sides == "both",
            )
            for k in EXPONENTS
        ]
        for parameter in flat(layers)
    ]
