"""Two ReLU units crease the plane; a straight line in what they make of it can then part XOR."""

import math

import torch
from torch import Tensor, nn

from dlbook.models.mlp import linears, mlp
from dlbook.models.polygons import kept_part

CORNERS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = torch.tensor([0, 1, 1, 0])  # 1 where exactly one of the two coordinates is 1


def two_unit_network(W: Tensor, b: Tensor, w2: Tensor, b2: Tensor | float) -> nn.Sequential:
    """The network o = w2 · relu(W x + b) + b2 with these numbers, as an `mlp` of widths 2, 2, 1."""
    model = mlp([2, 2, 1]).to(W.dtype)
    values = (W, b, w2[None], torch.as_tensor(b2, dtype=W.dtype).reshape(1))
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), values, strict=True):
            parameter.copy_(value)
    return model.requires_grad_(False)


def exact_xor_network() -> nn.Sequential:
    """h1 = relu(x1 + x2), h2 = relu(x1 + x2 − 1), o = h1 − 2 h2: answers 0, 1, 1, 0 exactly.

    Reference: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 6.1.
    """
    return two_unit_network(
        torch.ones(2, 2), torch.tensor([0.0, -1.0]), torch.tensor([1.0, -2.0]), 0.0
    )


def creases(angle: float, turn: float, offset: float) -> tuple[Tensor, Tensor]:
    """First layer of two units that see x in the directions `angle` and `angle + turn`.

        h1 = relu(√2 u(angle) · x),   h2 = relu(√2 u(angle + turn) · x − offset)

    with u(φ) = (cos φ, sin φ); at 45° √2 u is (1, 1). The first crease runs through the origin.

    Args:
        angle, turn: degrees.
        offset: of the second unit.

    Returns:
        W (2, 2) and b (2,), float64.
    """
    directions = torch.tensor([angle, angle + turn], dtype=torch.float64).deg2rad()
    W = math.sqrt(2) * torch.stack([directions.cos(), directions.sin()], dim=1)
    return W, torch.tensor([0.0, -offset], dtype=torch.float64)


def fit_readout(W: Tensor, b: Tensor, X: Tensor = CORNERS, y: Tensor = XOR) -> nn.Sequential:
    """The network with first layer (W, b) whose second layer has the least squared error.

    Where several second layers are equally good, the one with the smallest weights.
    """
    X, y = X.to(W), y.to(W)
    h = torch.relu(X @ W.T + b)
    design = h - h.mean(0)
    w2 = torch.linalg.pinv(design, rtol=1e-9) @ (y - y.mean())
    return two_unit_network(W, b, w2, y.mean() - h.mean(0) @ w2)


def num_right(model: nn.Sequential, X: Tensor = CORNERS, y: Tensor = XOR) -> int:
    """How many points lie clearly on the side of o = 0.5 where their label is."""
    margin = (model(X.to(model[0].weight))[:, 0] - 0.5) * (2 * y - 1)
    return int((margin > 1e-6).sum())


def is_exact(model: nn.Sequential, X: Tensor = CORNERS, y: Tensor = XOR) -> bool:
    """Whether the outputs equal the labels, to 1e-6."""
    return bool(((model(X.to(model[0].weight))[:, 0] - y).abs() < 1e-6).all())


def clip(polygon: Tensor, normal: Tensor, level: float) -> Tensor:
    """The part of a convex polygon where normal · x >= level.

    Args:
        polygon: corners in order, (k, 2).
        normal: (2,).

    Returns:
        corners in order, (j, 2); (0, 2) where nothing is left.
    """
    kept = kept_part(polygon.tolist(), (polygon @ normal - level).tolist())
    return torch.tensor(kept, dtype=polygon.dtype).reshape(-1, 2)


def decision_pieces(model: nn.Sequential, square: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """Where o < 0.5 and where o >= 0.5: convex polygons, at most one a side in each of the cells.

    Args:
        model: a network of widths 2, 2, 1.
        square: corners (4, 2) of the part of the plane that is looked at.
    """
    first, second = linears(model)
    w2, below, above = second.weight[0], [], []
    for on in torch.tensor([[1, 1], [1, 0], [0, 1], [0, 0]], dtype=w2.dtype):
        cell = square
        for k in (0, 1):
            side = 2 * on[k] - 1
            cell = clip(cell, side * first.weight[k], float(-side * first.bias[k]))
        slope = (w2 * on) @ first.weight  # the network is affine in a cell
        level = 0.5 - float((w2 * on) @ first.bias + second.bias)
        if slope.norm() < 1e-9:
            (above if level < 1e-9 else below).append(cell)
        else:
            below.append(clip(cell, -slope, -level))
            above.append(clip(cell, slope, level))
    return _real(below), _real(above)


def _real(polygons: list[Tensor]) -> list[Tensor]:
    return [polygon for polygon in polygons if len(polygon) > 2]
