"""Weights that are set by hand: when, where, and where not."""

import torch

from dlbook.compile.set_weights import SetWeight, set_due, with_edit

PARAMS = {"0.weight": torch.zeros(2, 3), "0.bias": torch.zeros(2)}


def test_a_weight_is_set_at_its_step_only():
    edit = SetWeight(5, "0.weight", 1, 2, 0.5)
    assert set_due(PARAMS, [edit], 4) is PARAMS
    changed = set_due(PARAMS, [edit], 5)
    assert changed["0.weight"].nonzero().tolist() == [[1, 2]]
    assert changed["0.weight"][1, 2] == 0.5
    assert (PARAMS["0.weight"] == 0).all()


def test_a_bias_is_set():
    changed = set_due(PARAMS, [SetWeight(0, "0.bias", 1, 0, -2.0)], 0)
    assert changed["0.bias"].tolist() == [0, -2]


def test_entries_that_are_not_there_are_passed_over():
    missing = [("4.weight", 0, 0), ("0.weight", 2, 0), ("0.weight", 0, 3), ("0.bias", 0, 1)]
    assert set_due(PARAMS, [SetWeight(0, *entry, 1.0) for entry in missing], 0) is PARAMS


def test_the_last_value_of_an_entry_at_a_step_counts():
    first, other = SetWeight(3, "0.bias", 0, 0, 1.0), SetWeight(4, "0.bias", 0, 0, 1.0)
    edits = with_edit([first, other], SetWeight(3, "0.bias", 0, 0, 2.0))
    assert edits == [other, SetWeight(3, "0.bias", 0, 0, 2.0)]
