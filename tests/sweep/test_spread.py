"""Sweeps over several processes: joblib's own, and a Dask cluster of which a worker dies."""

import os
from functools import partial

import joblib
import pytest
import torch.nn.functional as F
import xarray as xr
from dask.distributed import Client, LocalCluster
from joblib.parallel import ThreadingBackend
from torch import nn

from dlbook.datasets.toy_classification import moons
from dlbook.models.mlp import mlp
from dlbook.sweep import sweep

GRID = {"lr": [0.05, 0.1, 0.2], "width": [2, 4], "seed": [0, 1, 2]}
SETTINGS = {"loss_fn": F.cross_entropy, "num_steps": 20, "batch_size": 32, "engine": "vmap"}


def dying_once(marker: str):
    """A factory of models whose first call ends its process."""

    def model(width, seed=0):
        if marker:
            try:
                os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
                os._exit(1)
            except FileExistsError:
                pass
        return mlp([2, width, 2], nn.Tanh, seed=seed)

    return model


@pytest.fixture(scope="module")
def expected() -> xr.Dataset:
    return sweep(dying_once(""), moons(100), GRID, **SETTINGS)


def test_processes_give_the_same(expected):
    with joblib.parallel_config(backend="loky", n_jobs=2):
        found = sweep(dying_once(""), moons(100), GRID, **SETTINGS)
    xr.testing.assert_identical(found.drop_attrs(), expected.drop_attrs())


class AllAtTheEnd(ThreadingBackend):
    """A backend that is like Ray's in what it can't."""

    supports_return_generator = False


def test_a_backend_that_hands_over_all_at_the_end_gives_the_same(expected):
    joblib.register_parallel_backend("all at the end", AllAtTheEnd)
    with joblib.parallel_config(backend="all at the end", n_jobs=2):
        with pytest.raises(ValueError, match="return_as"):
            joblib.Parallel(return_as="generator_unordered")
        found = sweep(dying_once(""), moons(100), GRID, **SETTINGS)
    xr.testing.assert_identical(found.drop_attrs(), expected.drop_attrs())


def test_a_cluster_survives_the_death_of_a_worker(expected, tmp_path):
    marker = tmp_path / "died"
    cluster = partial(LocalCluster, n_workers=2, threads_per_worker=1, dashboard_address=None)
    with (
        cluster(local_directory=tmp_path) as workers,
        Client(workers),
        joblib.parallel_config(backend="dask"),
    ):
        found = sweep(dying_once(str(marker)), moons(100), GRID, **SETTINGS)
    assert marker.exists()
    xr.testing.assert_identical(found.drop_attrs(), expected.drop_attrs())
