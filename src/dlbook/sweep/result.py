"""What became of every member, as one `xarray.Dataset` whose dimensions are the grid's names."""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import torch
import xarray as xr

import dlbook
from dlbook.sweep.grid import Axis, Member
from dlbook.sweep.run import Outcome, diverged_at


class Result:
    """Arrays of the whole grid, filled member by member.

    Args:
        axes: of the grid.
        num_steps: of the longest run.
        times: the coordinate of what is measured: its name, "at_step" or "at_epoch", and values.
    """

    def __init__(self, axes: Sequence[Axis], num_steps: int, times: tuple[str, Sequence[int]]):
        self.axes, self.num_steps, self.times = axes, num_steps, times
        self.names = [axis.name for axis in axes]
        self.shape = tuple(len(axis.labels) for axis in axes)
        self.variables: dict[str, tuple[tuple[str, ...], np.ndarray]] = {}

    def put(self, members: Sequence[Member], outcome: Outcome, *, parameters: bool) -> None:
        """Put what became of some members into its places."""
        where = tuple(np.array([member.place for member in members]).T)
        losses = outcome.losses
        made = np.arange(losses.shape[1]) < outcome.stopped_at[:, None]
        padded = np.full((len(losses), self.num_steps), np.nan, dtype=losses.dtype)
        padded[:, : losses.shape[1]] = losses
        self._put("loss", ("step",), where, padded)
        for name, values in outcome.measured.items():
            extra = tuple(f"{name} axis {i}" for i in range(values.ndim - 2))
            self._put(name, (self.times[0], *extra), where, values)
        self._put("diverged_at", (), where, diverged_at(np.where(made, losses, 0.0)))
        self._put("stopped_at", (), where, outcome.stopped_at)
        self._put("best_step", (), where, outcome.best_step)
        if parameters:
            for name, values in outcome.params.items():
                extra = tuple(f"{name} axis {i}" for i in range(values.ndim - 1))
                self._put(f"parameter {name}", extra, where, values)

    def _put(self, name: str, dims: tuple[str, ...], where: tuple, values: np.ndarray) -> None:
        if name not in self.variables:
            missing = -1 if values.dtype.kind == "i" else np.nan
            whole = np.full((*self.shape, *values.shape[1:]), missing, dtype=values.dtype)
            self.variables[name] = (tuple(self.names) + dims, whole)
        whole = self.variables[name][1]
        if whole.shape[len(self.shape) :] != values.shape[1:]:
            raise ValueError(
                f"{name!r} has the shape {values.shape[1:]} for some members and "
                f"{whole.shape[len(self.shape) :]} for others: it does not fit into one array"
            )
        whole[where] = values

    def dataset(self, attributes: Mapping[str, object]) -> xr.Dataset:
        """The dataset, with the grid's labels as coordinates."""
        coordinates = {axis.name: list(axis.labels) for axis in self.axes}
        coordinates |= {"step": np.arange(self.num_steps), self.times[0]: list(self.times[1])}
        return xr.Dataset(self.variables, coords=coordinates, attrs=dict(attributes))


def provenance(axes: Sequence[Axis], **facts) -> dict[str, object]:
    """Where a sweep comes from: versions, grid and `facts`, as plain numbers and words."""
    grid = {axis.name: [_plain(label) for label in axis.labels] for axis in axes}
    versions = {"dlbook": dlbook.__version__, "torch": torch.__version__}
    return {**versions, "grid": json.dumps(grid), "num_threads": torch.get_num_threads(), **facts}


def _plain(label: object) -> object:
    return label.item() if hasattr(label, "item") else label
