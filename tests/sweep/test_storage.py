"""Sweeps in files."""

from functools import partial

import pytest
import torch.nn.functional as F
import xarray as xr
from torch import nn

from dlbook.datasets.toy_classification import moons
from dlbook.models.mlp import mlp
from dlbook.sweep import sweep
from dlbook.sweep.storage import load_sweep, member_at, recheck, save_sweep

SETTINGS = {"loss_fn": F.cross_entropy, "num_steps": 8, "engine": "vmap"}
MODEL = partial(mlp, [2, 3, 2], nn.Tanh)


@pytest.fixture(scope="module")
def runs() -> xr.Dataset:
    return sweep(MODEL, moons(30), {"lr": [0.1, 0.2, 0.4], "seed": [0, 1]}, **SETTINGS)


def again(labels):
    return sweep(MODEL, moons(30), {name: [value] for name, value in labels.items()}, **SETTINGS)


def test_what_is_read_is_what_was_written(runs, tmp_path):
    save_sweep(runs, tmp_path / "runs.nc")
    xr.testing.assert_identical(load_sweep(tmp_path / "runs.nc"), runs)


def test_a_member_is_trained_again(runs):
    labels = recheck(runs, again, seed=3)
    assert labels == member_at(runs, 3)
    assert len({tuple(member_at(runs, seed).values()) for seed in range(20)}) == 6


def test_a_stored_sweep_that_does_not_hold_is_found(runs):
    changed = runs.copy(deep=True)
    changed.loss[...] += 0.001
    with pytest.raises(ValueError, match=r"loss of the member .* is 0\.001 off"):
        recheck(changed, again)


def test_an_interrupted_sweep_is_not_kept(runs, tmp_path):
    with pytest.raises(ValueError, match="interrupted"):
        save_sweep(runs.assign_attrs(interrupted=1), tmp_path / "runs.nc")
