"""Weights that the reader sets by hand while an experiment runs."""

from collections.abc import Sequence
from typing import NamedTuple

from torch import Tensor


class SetWeight(NamedTuple):
    """The value that an entry of a parameter gets after so many steps.

    `name` is that of the parameter, "2.weight" (out, in) or "2.bias" (out,); `unit` is the row and
    `source` the column, 0 in a bias.
    """

    step: int
    name: str
    unit: int
    source: int
    value: float


def set_due(params: dict[str, Tensor], edits: Sequence[SetWeight], num_steps: int) -> dict:
    """The parameters with the values of those `edits` whose step it is.

    Entries that the network does not have are passed over: another width may bring them back.
    """
    for edit in edits:
        if edit.step == num_steps and _is_there(params, edit):
            p = params[edit.name].clone()
            p.reshape(len(p), -1)[edit.unit, edit.source] = edit.value
            params = params | {edit.name: p}
    return params


def with_edit(edits: Sequence[SetWeight], edit: SetWeight) -> list[SetWeight]:
    """`edits` and one more, which replaces an earlier one of the same entry at the same step."""
    return [*(other for other in edits if other[:4] != edit[:4]), edit]


def _is_there(params: dict[str, Tensor], edit: SetWeight) -> bool:
    p = params.get(edit.name)
    if p is None:
        return False
    width = p.shape[1] if p.dim() == 2 else 1
    return 0 <= edit.unit < p.shape[0] and 0 <= edit.source < width
