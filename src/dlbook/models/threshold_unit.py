"""Threshold logic units, and circuits of them that compute any Boolean function."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

# Truth tables of two inputs list the answers at (0,0), (0,1), (1,0), (1,1).
GATE_NAMES = {
    (0, 0, 0, 0): "never",
    (0, 0, 0, 1): "AND",
    (0, 0, 1, 0): "x₁ and not x₂",
    (0, 0, 1, 1): "x₁",
    (0, 1, 0, 0): "x₂ and not x₁",
    (0, 1, 0, 1): "x₂",
    (0, 1, 1, 0): "XOR",
    (0, 1, 1, 1): "OR",
    (1, 0, 0, 0): "NOR",
    (1, 0, 0, 1): "same",
    (1, 0, 1, 0): "not x₂",
    (1, 0, 1, 1): "x₁ or not x₂",
    (1, 1, 0, 0): "not x₁",
    (1, 1, 0, 1): "x₂ or not x₁",
    (1, 1, 1, 0): "NAND",
    (1, 1, 1, 1): "always",
}


@dataclass(frozen=True)
class ThresholdUnit:
    """f(x) = 1[w·x + b >= 0] with fixed weights and inputs 0 or 1.

    Reference: McCulloch and Pitts, "A logical calculus of the ideas immanent in nervous activity",
    1943.

    >>> ThresholdUnit((1, 1), -1.5)(torch.tensor([[0, 1], [1, 1]]))  # AND
    tensor([0, 1])
    """

    weights: tuple[float, ...]
    bias: float

    def __call__(self, X: Tensor) -> Tensor:
        """The unit's answers, int64 (n,), to inputs (n, inputs)."""
        scores = X.double() @ torch.tensor(self.weights, dtype=torch.float64) + self.bias
        return (scores >= 0).long()


OR = ThresholdUnit((1, 1), -0.5)
AND = ThresholdUnit((1, 1), -1.5)
NOT = ThresholdUnit((-1,), 0.5)


@dataclass(frozen=True)
class Circuit:
    """Layers of threshold units; each layer reads the answers of the one before."""

    layers: tuple[tuple[ThresholdUnit, ...], ...]

    def __call__(self, X: Tensor) -> Tensor:
        """The answers of the first unit of the last layer, int64 (n,), to inputs (n, inputs)."""
        for units in self.layers:
            X = torch.stack([unit(X) for unit in units], dim=1)
        return X[:, 0]

    @property
    def num_units(self) -> int:
        """Units in all layers together."""
        return sum(len(units) for units in self.layers)


def all_inputs(num_inputs: int) -> Tensor:
    """The corners of the unit cube in counting order: int64 (2^n, n)."""
    return torch.tensor(list(itertools.product((0, 1), repeat=num_inputs)))


def truth_table(function: ThresholdUnit | Circuit, num_inputs: int) -> tuple[int, ...]:
    """The answers to all 2^n inputs, in counting order."""
    return tuple(function(all_inputs(num_inputs)).tolist())


def find_unit(table: Sequence[int], largest: int = 2) -> ThresholdUnit | None:
    """A unit with this truth table, or None where no integer weights up to `largest` give it.

    Tries w_j in −largest..largest and b = −nm − 1/2, ..., nm + 1/2 (n inputs, m = largest), the
    smallest weights first. For two and three inputs `largest` = 2 reaches every function that any
    weights reach.

    Raises:
        ValueError: the length of the table is no power of two.
    """
    n = _num_inputs(table)
    X, wanted = all_inputs(n).double(), torch.tensor(table, dtype=torch.bool)
    choices = sorted(range(-largest, largest + 1), key=abs)
    W = torch.tensor(list(itertools.product(choices, repeat=n)), dtype=torch.float64)
    W = W[W.abs().sum(dim=1).argsort(stable=True)]
    biases = torch.arange(-n * largest - 0.5, n * largest + 1, dtype=torch.float64)
    biases = biases[biases.abs().argsort(stable=True)]
    answers = (X @ W.T)[..., None] + biases >= 0  # (inputs, weights, biases)
    fits = (answers == wanted[:, None, None]).all(dim=0).nonzero()
    if not len(fits):
        return None
    weight, bias = fits[0].tolist()
    return ThresholdUnit(tuple(map(int, W[weight])), float(biases[bias]))


def build_circuit(table: Sequence[int]) -> Circuit:
    """A circuit with this truth table: one unit where one does, else ANDs under an OR.

    The first layer has a unit for every 1 of the table, with w_j = 2 r_j − 1 and b = 1/2 − Σ r_j,
    which fires at the input r alone; the second is their OR. So two layers compute anything, at
    the price of up to 2^n units.

    Raises:
        ValueError: the length of the table is no power of two.
    """
    unit = find_unit(table)
    if unit is not None:
        return Circuit(((unit,),))
    rows = all_inputs(_num_inputs(table))[torch.tensor(table) == 1].tolist()
    detectors = tuple(ThresholdUnit(tuple(2 * r - 1 for r in row), 0.5 - sum(row)) for row in rows)
    return Circuit((detectors, (ThresholdUnit((1,) * len(rows), -0.5),)))


def _num_inputs(table: Sequence[int]) -> int:
    n = (len(table) - 1).bit_length()
    if len(table) != 2**n or n < 1:
        raise ValueError(f"a truth table has 2, 4, 8, ... entries, not {len(table)}")
    return n
