"""Sweeps in files: compressed NetCDF with where they come from, and a check that they still hold.

Only what takes long to compute is stored, in a file beside the chapter that shows it; `recheck`
trains one of its members again and compares.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import xarray as xr

from dlbook.random import integers

COMPRESSED = {"zlib": True, "complevel": 6, "shuffle": True}


def save_sweep(runs: xr.Dataset, path: Path | str) -> None:
    """Write a whole sweep to a NetCDF file, compressed.

    Raises:
        ValueError: the sweep was interrupted.
    """
    if runs.attrs.get("interrupted"):
        raise ValueError("an interrupted sweep is not kept: members are missing")
    encoding = {name: COMPRESSED for name in runs.data_vars if runs[name].ndim}
    runs.to_netcdf(path, engine="netcdf4", encoding=encoding)


def load_sweep(path: Path | str) -> xr.Dataset:
    """A sweep that `save_sweep` wrote, in memory; the file is closed."""
    with xr.open_dataset(path, engine="netcdf4") as runs:
        return runs.load()


def member_at(runs: xr.Dataset, seed: int) -> dict[str, object]:
    """Labels of a random member of the grid; the seed decides which."""
    names = [name for name in runs.loss.dims if name != "step"]
    picks = (integers(runs.sizes[n], 1, seed=seed, stream=i).item() for i, n in enumerate(names))
    return {n: runs[n].values[pick].item() for n, pick in zip(names, picks, strict=True)}


def recheck(
    runs: xr.Dataset,
    again: Callable[[Mapping[str, object]], xr.Dataset],
    *,
    seed: int = 0,
    tolerance: float = 1e-4,
) -> dict[str, object]:
    """Train one member of a stored sweep again and compare all that is stored of it.

    Args:
        runs: the stored sweep.
        again: gives the sweep of one member for its labels, such as {"lr": 0.1, "seed": 2}.
        seed: decides which member.
        tolerance: for numbers a; they may differ by tolerance · max(1, |a|).

    Returns:
        The member's labels.

    Raises:
        ValueError: what is stored is not what comes out.
    """
    labels = member_at(runs, seed)
    stored, new = runs.sel(labels), again(labels).squeeze(list(labels))
    for name, values in stored.data_vars.items():
        a, b = values.values, new[name].values
        off = np.nanmax(abs(a - b)) if (np.isnan(a) == np.isnan(b)).all() else np.inf
        if off > tolerance * max(1, np.nanmax(abs(a))):
            raise ValueError(f"{name} of the member {labels} is {off:.3g} off the stored sweep")
    return labels
