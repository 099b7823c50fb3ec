"""A product made of softplus units: the smaller their inputs, the better, until rounding wins."""

from functools import lru_cache

import torch

from dlbook.models.product_gate import num_units, product_tree, worst_error
from dlbook.plots import Figure, with_status
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import BLUE, GRAY, ORANGE, RED
from dlbook.plots.words import in_words

NUMBER_TYPES = {"32 bits": torch.float32, "64 bits": torch.float64}
FACTORS = (2, 4, 8)
HIGHEST = 1  # power of ten at the end of the axis of errors
SCALES = tuple(10 ** (power / 10) for power in range(-40, 1, 2))


def product_gates(factors: int, scale: float, numbers: str) -> Figure:
    """The product of equal factors, t·t·…, and the largest error over λ.

    Args:
        factors: one of `FACTORS`.
        scale: λ.
        numbers: a key of `NUMBER_TYPES`.
    """
    t = torch.linspace(-1, 1, 81, dtype=torch.float64)
    X = t[:, None].expand(-1, factors)
    drawn = product_tree(X.to(NUMBER_TYPES[numbers]), scale).double().clamp(-9, 9)
    error = _error(factors, scale, numbers)
    curves = [
        line(SCALES, [_error(factors, s, name) for s in SCALES], f"numbers of {name}", color,
             width=4 if name == numbers else 1.5, panel=2)
        for name, color in zip(NUMBER_TYPES, (ORANGE, BLUE), strict=True)
    ]  # fmt: skip
    figure = two_panels(
        [
            line(t, t**factors, "product", GRAY, width=5, opacity=0.55),
            line(t, drawn, "tree of gates", BLUE),
            *curves,
            dots([scale], [min(error, 10**HIGHEST)], "", RED, size=12, panel=2,
                 cliponaxis=False, showlegend=False),
        ],
        (axis("all factors t", -1, 1), axis("t · t · …", -0.3, 1.3)),
        (axis("λ", -4.05, 0.05, log=True), axis("largest error", -9, HIGHEST, log=True, dtick=2)),
        height=560,
    )  # fmt: skip
    deep, shallow = num_units(factors)
    return with_status(
        figure,
        f"{factors} factors, {deep} units in a tree (one layer: {shallow}), λ = {in_words(scale)}, "
        f"{numbers}: largest error {in_words(error)}.",
    )


@lru_cache(maxsize=512)
def _error(factors: int, scale: float, numbers: str) -> float:
    return min(worst_error(factors, scale, NUMBER_TYPES[numbers]), 100.0)
