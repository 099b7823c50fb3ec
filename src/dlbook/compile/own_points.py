"""Points of the plane that the reader adds to an experiment's data."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor


class OwnPoint(NamedTuple):
    """A place in the plane and a class."""

    x1: float
    x2: float
    label: int


def as_tensors(points: Sequence[OwnPoint], capacity: int) -> dict[str, Tensor]:
    """What the `data` of an experiment takes as `points`.

    Returns:
        "X" (capacity, 2), "label" (capacity,) and "used" (capacity,), which is 1 where there is a
        point and 0 in the places that are free: all float32, and of one shape whatever the reader
        does, as a program needs it.

    Raises:
        ValueError: there are more points than `capacity`.
    """
    if len(points) > capacity:
        raise ValueError(f"{len(points)} points, but at most {capacity} may be added")
    rows = torch.zeros(capacity, 4)
    for number, point in enumerate(points):
        rows[number] = torch.tensor([*point, 1.0])
    return {"X": rows[:, :2], "label": rows[:, 2], "used": rows[:, 3]}
