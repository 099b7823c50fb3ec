"""The pieces of a ReLU network with two inputs, cut out exactly, and bounds on their number.

Inside a piece no unit changes between on and off, and the network is one affine map. Layer by
layer, every piece is cut by the lines on which the units of the next layer change, which are
straight within a piece and bend where they cross into another.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from dlbook import random
from dlbook.models.mlp import linears, mlp
from dlbook.models.polygons import Corner, kept_part, rectangle

ROUNDING = 1e-9  # a unit that is no further from 0 at a corner is taken as 0 there
FAR = 1e5  # half the side of a square that holds all crossings of generic lines


@dataclass(frozen=True)
class Piece:
    """A convex part of the plane on which the network is affine.

    Attributes:
        corners: in order.
        pattern: 1 for each hidden unit that is on, layer after layer.
        weight, bias: of the affine map x -> weight @ x + bias that the network is here,
            (outputs, 2) and (outputs,).
    """

    corners: list[Corner]
    pattern: tuple[int, ...]
    weight: np.ndarray
    bias: np.ndarray


def pieces(model: nn.Sequential, limit: float = FAR) -> list[Piece]:
    """All pieces of a ReLU `mlp` with two inputs that lie in [−limit, limit]², exactly.

    A piece that touches the square in a point or an edge only is not counted.

    Raises:
        ValueError: the model hasn't two inputs.
    """
    layers = [(_array(layer.weight), _array(layer.bias)) for layer in linears(model)]
    if layers[0][0].shape[1] != 2:
        raise ValueError(f"the model has {layers[0][0].shape[1]} inputs; pieces need two")
    found = [Piece(rectangle(-limit, limit), (), np.eye(2), np.zeros(2))]
    for number, (W, b) in enumerate(layers):
        found = [Piece(p.corners, p.pattern, W @ p.weight, W @ p.bias + b) for p in found]
        if number < len(layers) - 1:
            found = [part for piece in found for part in _cut(piece)]
    return found


def num_pieces(model: nn.Sequential, limit: float = FAR) -> int:
    """How many pieces there are in [−limit, limit]²."""
    return len(pieces(model, limit))


def _cut(piece: Piece) -> list[Piece]:
    """The parts in which no unit of the layer changes, and the affine map after its ReLU."""
    parts = [(piece.corners, piece.pattern)]
    for w, b in zip(piece.weight, piece.bias, strict=True):
        parts = [part for corners, pattern in parts for part in _sides(corners, pattern, w, b)]
    width = len(piece.bias)
    on = [np.array(pattern[-width:]) for _, pattern in parts]
    return [
        Piece(corners, pattern, gate[:, None] * piece.weight, gate * piece.bias)
        for (corners, pattern), gate in zip(parts, on, strict=True)
    ]


def _sides(corners: list[Corner], pattern: tuple[int, ...], w: np.ndarray, b: float):
    """The parts of a polygon where the unit is on and where it is off."""
    heights = [w[0] * x1 + w[1] * x2 + b for x1, x2 in corners]
    size = ROUNDING * max(1.0, *map(abs, heights))
    if max(heights) > size:
        yield (corners if min(heights) >= -size else kept_part(corners, heights)), (*pattern, 1)
    if max(heights) <= size or min(heights) < -size:
        flipped = [-height for height in heights]
        yield (corners if max(heights) <= size else kept_part(corners, flipped)), (*pattern, 0)


def patterns(model: nn.Sequential, X: Tensor) -> Tensor:
    """Which hidden units are on at points (n, inputs): bool (n, hidden units of all layers)."""
    found, h = [], X
    for layer in linears(model)[:-1]:
        z = layer(h)
        found.append(z > 0)
        h = z.clamp(min=0)
    return torch.cat(found, dim=1)


def gates(W: Tensor, b: Tensor, x: Tensor) -> Tensor:
    """B(x) = diag(1[W x + b > 0]), with which relu(W x + b) = B(x) (W x + b)."""
    return torch.diag((W @ x + b > 0).to(W.dtype))


def creased_network(sizes: Sequence[int], seed: int = 0) -> nn.Sequential:
    """A random ReLU network all of whose units change somewhere in [−1, 1]², float64.

    Rows of weights are uniform directions (normal draws of length 1); each unit is 0 at the image
    of a place of its own, uniform in [−1, 1]².
    """
    model = mlp(sizes).double().requires_grad_(False)
    layers = linears(model)
    for number, layer in enumerate(layers):
        draws = random.normal(tuple(layer.weight.shape), seed=seed, stream=3 * number).double()
        layer.weight.copy_(draws / draws.norm(dim=1, keepdim=True))
        places = random.uniform((len(layer.bias), sizes[0]), seed=seed, stream=3 * number + 1)
        h = 2 * places.double() - 1
        for before in layers[:number]:
            h = before(h).clamp(min=0)
        layer.bias.copy_(-(layer.weight * h).sum(1))
    return model


def most_cells(num_planes: int, dimension: int) -> int:
    """Σ_{i=0..n} C(r, i): into how many cells r hyperplanes in general position cut Rⁿ.

    Reference: Schläfli, 1852 (published 1901); Zaslavsky, 1975.

    >>> [most_cells(r, 2) for r in (3, 4, 5, 8, 16)]
    [7, 11, 16, 37, 137]
    """
    return sum(math.comb(num_planes, i) for i in range(min(dimension, num_planes) + 1))


def upper_bound(num_inputs: int, widths: Iterable[int], *, tight: bool = True) -> int:
    """No ReLU network with these hidden widths has more pieces: Π_l Σ_{i <= d_l} C(n_l, i).

    d_l is the number of inputs of layer l, n_(l−1); with `tight`, the least of all widths before
    it: a piece of the plane stays flat, however many coordinates the layer before writes it in.

    Reference: Montufar, Pascanu, Cho, Bengio, NeurIPS 2014; Serra, Tjandraatmadja, Ramalingam,
    "Bounding and counting linear regions of deep neural networks", ICML 2018.

    >>> upper_bound(2, (4, 4), tight=False), upper_bound(2, (4, 4))
    (176, 121)
    """
    bound, dimension = 1, num_inputs
    for width in widths:
        bound *= most_cells(width, dimension)
        dimension = min(dimension, width) if tight else width
    return bound


def lower_bound(num_inputs: int, width: int, num_layers: int) -> int:
    """Some ReLU network with that many hidden layers of n >= n_0 units has at least as many pieces:

        ⌊n / n_0⌋^((L − 1) n_0) · Σ_{j=0..n_0} C(n, j)

    Reference: Montufar, Pascanu, Cho, Bengio, NeurIPS 2014, corollary 6.

    >>> lower_bound(2, 4, 3)
    176
    """
    folds = (width // num_inputs) ** ((num_layers - 1) * num_inputs)
    return folds * most_cells(width, num_inputs)


def _array(parameter: Tensor) -> np.ndarray:
    return parameter.detach().double().numpy()
