"""Benchmark of a sweep as chapters make them: 900 models, in seconds of the clock.

    python ci/bench_grid.py

10 learning rates, 6 depths, 5 weight decays, 3 seeds; networks of width 8, 500 steps. Each row is a
process of its own. Nothing here decides a test.
"""

import json
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F

from bench_sweep import POINTS, Case, network, timed_loop
from console import say
from dlbook.datasets.toy_classification import moons
from dlbook.sweep import sweep


def sweep_grid(engine: str, num_steps: int = 500) -> dict:
    """900 models: 10 learning rates, 6 depths, 5 weight decays, 3 seeds; what the sweep says."""
    grid = {
        "lr": [0.01 * 2**i for i in range(10)],
        "depth": range(1, 7),
        "weight_decay": [0.0, 1e-5, 1e-4, 1e-3, 1e-2],
        "seed": range(3),
    }
    settings = {"loss_fn": F.cross_entropy, "optimizer": "momentum", "num_steps": num_steps,
                "engine": engine}  # fmt: skip
    return dict(sweep(network, moons(POINTS, 0.1, seed=0), grid, **settings).attrs)


def time_grid() -> dict:
    """Seconds for the grid: with an empty compile cache on one core, as the sweep chooses and
    compiled; then with a full one, on one core and on two."""
    with tempfile.TemporaryDirectory() as cache:
        first, compiled, again = (
            _grid_in_a_process(engine, cache, 1) for engine in ("auto", "compiled", "auto")
        )
        _grid_in_a_process("compiled", cache, 2)  # in pieces of other sizes
        on_two = _grid_in_a_process("auto", cache, 2)
    torch.set_num_threads(1)
    points = moons(POINTS, 0.1, seed=0)
    depths = (Case("", partial(network, 8, depth), points, 1) for depth in range(1, 7))
    row = {
        "models": first["members"],
        "cold_s": [first["engine"], first["seconds"]],
        "cold_compiled_s": compiled["seconds"],
        "warm_s": [again["engine"], again["seconds"]],
        "warm_two_cores_s": [on_two["engine"], on_two["seconds"]],
        "two_cores_ratio": round(again["seconds"] / on_two["seconds"], 2),
        "loop_s": round(150 * 500 * sum(timed_loop(case, 100) for case in depths), 1),
    }
    say(json.dumps(row))
    return row


def _grid_in_a_process(engine: str, cache: str, cores: int) -> dict:
    """What `sweep_grid` says in a process of its own."""
    code = f"import torch; torch.set_num_threads({cores}); import bench_grid, json; "
    code += f"print(json.dumps(bench_grid.sweep_grid({engine!r})))"
    variables = os.environ | {"TORCHINDUCTOR_CACHE_DIR": cache, "OMP_NUM_THREADS": str(cores)}
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env=variables, cwd=Path(__file__).parent, capture_output=True, check=True,
    )  # fmt: skip
    return json.loads(run.stdout.splitlines()[-1])


if __name__ == "__main__":
    time_grid()
