"""A network whose hidden layer is drawn at random and never trained: only c is fitted.

    f̂(x) = c_0 + Σ_{j=1..k} c_j σ(w_j x + b_j),    c by least squares

What it can represent is what is spanned by k functions. With a polynomial σ of degree d that is at
most the d + 1 powers 1, x, ..., x^d, however many units there are.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from dlbook import random
from dlbook.models.activations import relu, softplus
from dlbook.models.curves import LIMIT

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "ReLU": relu,
    "tanh": torch.tanh,
    "softplus": softplus,
    "sine": torch.sin,
    "z²": torch.square,
    "z³": lambda z: z**3,
}
DEGREES = {"z²": 2, "z³": 3}  # of those that are polynomials
WEIGHT, BIAS = 0, 1  # streams of the seed
STEEPNESS = 3.0  # of the steepest unit


def hidden_layer(num_units: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """w and b (num_units,), float64: slopes in ±[0.5, 3), each unit's zero anywhere in [−π, π).

    More units leave the earlier ones as they were.
    """
    draws = random.uniform((num_units, 2), seed=seed, stream=WEIGHT).double()
    sign = torch.where(draws[:, 0] < 0.5, -1.0, 1.0)
    w = sign * (0.5 + (STEEPNESS - 0.5) * draws[:, 1])
    place = LIMIT * (2 * random.uniform(num_units, seed=seed, stream=BIAS).double() - 1)
    return w, -w * place


def features(activation: str, num_units: int, x: Tensor, seed: int = 0) -> Tensor:
    """1 and σ(w_j x + b_j), one column each: (n, num_units + 1).

    Raises:
        ValueError: the activation is not one of `ACTIVATIONS`.
    """
    if activation not in ACTIVATIONS:
        known = ", ".join(ACTIVATIONS)
        raise ValueError(f"activation is {activation!r}; it must be one of {known}")
    w, b = hidden_layer(num_units, seed)
    hidden = ACTIVATIONS[activation](x.double()[:, None] * w + b)
    return torch.cat([torch.ones(len(x), 1, dtype=torch.float64), hidden], dim=1)


def fit(activation: str, num_units: int, x: Tensor, y: Tensor, seed: int = 0) -> Tensor:
    """The best f̂ on the points, at these points: the projection of y on the features, (n,)."""
    design = features(activation, num_units, x, seed)
    design = design / design.norm(dim=0)
    return design @ (torch.linalg.pinv(design, rtol=1e-12) @ y.double())


def num_dimensions(activation: str, num_units: int, seed: int = 0) -> int:
    """How many of the functions 1, σ(w_j x + b_j) are independent: the rank at 2,001 places.

    Columns that are a combination of others to within 1e-10 are not counted.
    """
    x = torch.linspace(-LIMIT, LIMIT, 2_001, dtype=torch.float64)
    design = features(activation, num_units, x, seed)
    return int(torch.linalg.matrix_rank(design / design.norm(dim=0), rtol=1e-10))


def best_polynomial(degree: int, x: Tensor, y: Tensor) -> Tensor:
    """The polynomial of that degree with the least squared error on the points, there: (n,)."""
    powers = (x.double()[:, None] / LIMIT) ** torch.arange(degree + 1)
    return powers @ (torch.linalg.pinv(powers, rtol=1e-12) @ y.double())
