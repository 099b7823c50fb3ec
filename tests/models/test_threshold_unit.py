"""Gates as units, and circuits for everything else."""

import itertools

import pytest
import torch

from dlbook.models.threshold_unit import (
    AND,
    GATE_NAMES,
    NOT,
    OR,
    ThresholdUnit,
    all_inputs,
    build_circuit,
    find_unit,
    truth_table,
)
from dlbook.random import integers

TABLES = list(itertools.product((0, 1), repeat=4))
XOR, SAME = (0, 1, 1, 0), (1, 0, 0, 1)


def test_or_and_not_with_the_biases_of_the_slide():
    assert (OR.weights, OR.bias) == ((1, 1), -0.5)
    assert (AND.weights, AND.bias) == ((1, 1), -1.5)
    assert (NOT.weights, NOT.bias) == ((-1,), 0.5)
    assert truth_table(OR, 2) == (0, 1, 1, 1)
    assert truth_table(AND, 2) == (0, 0, 0, 1)
    assert truth_table(NOT, 1) == (1, 0)


@pytest.mark.parametrize("table", TABLES)
def test_every_function_of_two_inputs_takes_at_most_three_units(table):
    circuit = build_circuit(table)
    assert truth_table(circuit, 2) == table
    assert circuit.num_units == (3 if table in (XOR, SAME) else 1)


def test_no_unit_of_a_fine_grid_computes_xor():
    steps = torch.arange(-3, 3.01, 0.25)
    w1, w2, b = torch.meshgrid(steps, steps, steps, indexing="ij")
    answers = torch.stack([w1 * x1 + w2 * x2 + b >= 0 for x1, x2 in all_inputs(2).tolist()])
    found = {tuple(column) for column in answers.flatten(1).int().T.unique(dim=0).tolist()}
    assert found == set(TABLES) - {XOR, SAME}


def test_a_score_of_zero_counts_as_one():
    assert ThresholdUnit((1.0,), -1.0)(torch.tensor([[1]])).tolist() == [1]


def test_units_for_three_inputs():
    tables = list(itertools.product((0, 1), repeat=8))
    units = [find_unit(table) for table in tables]
    assert sum(unit is not None for unit in units) == 104  # OEIS A000609
    for table, unit in zip(tables, units, strict=True):
        assert unit is None or truth_table(unit, 3) == table


@pytest.mark.parametrize("seed", range(20))
def test_two_layers_compute_any_function_of_four_inputs(seed):
    table = tuple(integers(2, 16, seed=seed).tolist())
    circuit = build_circuit(table)
    assert truth_table(circuit, 4) == table
    assert circuit.num_units <= sum(table) + 1


def test_names_of_all_gates():
    assert set(GATE_NAMES) == set(TABLES)
    assert len(set(GATE_NAMES.values())) == 16


@pytest.mark.parametrize("length", [0, 1, 3, 6])
def test_a_table_has_a_power_of_two_of_entries(length):
    with pytest.raises(ValueError, match="2, 4, 8"):
        build_circuit((0,) * length)
