"""A surface as a sum of waves, and each wave drawn with ReLU kinks: networks in two dimensions.

    ψ(x) ≈ γ_0 + Σ_{m=1..M} γ_m sin(v_m · x + c_m)        to within δ
    sin u ≈ s(u), a sum of ReLU units of the one number u  to within ε

Together |ψ(x) − γ_0 − Σ γ_m s(v_m · x + c_m)| <= δ + ε Σ |γ_m|, and the sum is a network with one
hidden layer: a unit relu(u − t) of u = v · x + c has the weights v and the bias c − t.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dlbook.models.kinks import even_knots, kink_network, through
from dlbook.models.mlp import linears, mlp

SIZE = 64  # samples a side of the square [−π, π)², of which the waves are found
MOST_TURNS = 12  # waves with more turns along an axis are left out


@dataclass(frozen=True)
class Waves:
    """γ_0 + Σ γ_m sin(v_m · x + c_m), the largest |γ_m| first.

    Attributes:
        mean: γ_0.
        heights: γ_m > 0, (M,).
        directions: v_m, whole numbers of turns along both axes, (M, 2).
        phases: c_m in (−π, π], (M,).
    """

    mean: float
    heights: Tensor
    directions: Tensor
    phases: Tensor

    def __call__(self, X: Tensor) -> Tensor:
        """The sum at points (n, 2): (n,)."""
        return self.mean + torch.sin(X @ self.directions.T + self.phases) @ self.heights

    def first(self, count: int) -> "Waves":
        """Only the `count` highest waves."""
        parts = (part[:count] for part in (self.heights, self.directions, self.phases))
        return Waves(self.mean, *parts)


def square_grid(size: int) -> Tensor:
    """Points (size², 2) of [−π, π)², the second coordinate moving slowest, float64."""
    at = torch.arange(size, dtype=torch.float64) * (2 * torch.pi / size) - torch.pi
    x2, x1 = torch.meshgrid(at, at, indexing="ij")
    return torch.stack([x1.ravel(), x2.ravel()], dim=1)


def waves_of(values: Tensor) -> Waves:
    """The waves of a function given at `square_grid(SIZE)`, by the discrete Fourier transform.

    Args:
        values: (SIZE²,), of a function that is the same on opposite sides of the square.
    """
    spectrum = torch.fft.fft2(values.reshape(SIZE, SIZE)) / SIZE**2
    turns = [(n1, n2) for n1 in range(MOST_TURNS + 1)
             for n2 in range(-MOST_TURNS, MOST_TURNS + 1) if n1 > 0 or n2 > 0]  # fmt: skip
    v = torch.tensor(turns)
    pair = 2 * spectrum[v[:, 1] % SIZE, v[:, 0]]  # a wave and its mirror image
    at_center = pair.angle() + torch.pi * v.sum(1)  # the grid begins at (−π, −π)
    phases = torch.remainder(at_center + torch.pi / 2 + torch.pi, 2 * torch.pi) - torch.pi
    order = pair.abs().argsort(descending=True, stable=True)
    return Waves(float(spectrum[0, 0].real), pair.abs()[order], v[order].double(), phases[order])


def reach(waves: Waves) -> Tensor:
    """How far |v · x + c| gets on the square, for each wave, (M,)."""
    return torch.pi * waves.directions.abs().sum(1) + waves.phases.abs()


def wave_network(waves: Waves, pieces_a_turn: int) -> nn.Sequential:
    """The ReLU network with one hidden layer that draws every wave with `pieces_a_turn` kinks.

    Every wave's sine gets even knots over the range that u = v · x + c has on the square, at a
    distance of at most 2π / pieces_a_turn.
    """
    weights, biases, outputs, constant = [], [], [], waves.mean
    for height, v, c, limit in zip(
        waves.heights, waves.directions, waves.phases, reach(waves), strict=True
    ):
        knots = even_knots(num_knots(float(limit), pieces_a_turn), float(limit))
        first, second = linears(kink_network(torch.sin, knots))
        weights.append(first.weight * v)  # relu(v · x + c − t)
        biases.append(first.bias + c)
        outputs.append(height * second.weight[0])
        constant += float(height * second.bias)
    W, b = torch.cat(weights), torch.cat(biases)
    model = mlp([2, len(W), 1]).double().requires_grad_(False)
    for linear, weight, bias in zip(
        linears(model), (W, torch.cat(outputs)[None]), (b, torch.tensor([constant])), strict=True
    ):
        linear.weight.copy_(weight)
        linear.bias.copy_(bias)
    return model


def drawn_waves(waves: Waves, pieces_a_turn: int, X: Tensor) -> tuple[Tensor, float]:
    """What `wave_network` answers at points (n, 2), and ε, the largest error of any drawn sine.

    The same numbers without the network: each wave's sine is read off its chords.
    """
    total, worst = torch.full((len(X),), waves.mean, dtype=torch.float64), 0.0
    for height, v, c, limit in zip(
        waves.heights, waves.directions, waves.phases, reach(waves), strict=True
    ):
        knots = even_knots(num_knots(float(limit), pieces_a_turn), float(limit))
        dense = torch.linspace(-float(limit), float(limit), 4_001, dtype=torch.float64)
        total += height * through(knots, torch.sin(knots), X @ v + c)
        drawn = through(knots, torch.sin(knots), dense)
        worst = max(worst, float((drawn - torch.sin(dense)).abs().max()))
    return total, worst


def num_knots(limit: float, pieces_a_turn: int) -> int:
    """Pieces, and so units, that a wave needs whose u goes from −limit to limit."""
    return math.ceil(limit / math.pi * pieces_a_turn - 1e-9)


def num_units(waves: Waves, pieces_a_turn: int) -> int:
    """Hidden units of `wave_network`."""
    return sum(num_knots(limit, pieces_a_turn) for limit in reach(waves).tolist())
