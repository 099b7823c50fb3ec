"""Benchmarks of sweeps: CPU time of a member's step beside the ordinary loop, in one run.

    python ci/bench_sweep.py          (--grid: also the grid of 900 models)

Networks 2-w-w-w-2 with tanh, 256 points, full batch, SGD with momentum. Everything is timed in
turns on one thread, several rounds, and the best of each counts: on a machine that others use too,
this is the part of the time that is its own. Nothing here decides a test.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from console import say
from dlbook.datasets.toy_classification import moons
from dlbook.models.mlp import mlp
from dlbook.sweep import sweep
from dlbook.sweep.engines import kept_bytes, members_at_once
from dlbook.sweep.grid import axes_of, members_of
from dlbook.sweep.job import Job, Plan
from dlbook.sweep.programs import Programs
from dlbook.sweep.run import Run
from dlbook.sweep.setting import setting_of

POINTS, HIDDEN, ROUNDS = 256, 3, 5
DATA = moons(POINTS, 0.1, seed=0)
CASES = [(8, 64), (8, 512), (32, 64), (32, 512)]
ENGINES = ("vmap", "graph", "compiled")
TARGET = 0.25  # CPU seconds of a measurement


def network(width: int = 8, depth: int = HIDDEN, seed: int = 0) -> nn.Sequential:
    """2-w-...-w-2 with tanh."""
    return mlp([2, *[width] * depth, 2], nn.Tanh, seed=seed)


def loop(width: int, num_steps: int, depth: int = HIDDEN) -> None:
    """What one writes for a single model: torch.optim, autograd, no frills."""
    X, y = DATA
    model = network(width, depth)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for _ in range(num_steps):
        optimizer.zero_grad()
        F.cross_entropy(model(X), y).backward()
        optimizer.step()


def sweeping(engine: str, width: int, num_members: int) -> Callable[[int], None]:
    """A function that trains members for a number of steps; graphs are made beforehand."""
    rates = [0.2 * (i + 1) / num_members for i in range(num_members)]

    def job(num_steps: int) -> Job:
        make = partial(network, width)
        axes = axes_of(
            {"lr": rates},
            make_model=make,
            sources=[DATA],
            loss_fn=F.cross_entropy,
            optimizer="momentum",
        )
        plan = Plan(
            make_model=make,
            data=DATA,
            loss_fn=F.cross_entropy,
            optimizer="momentum",
            hyper={},
            num_epochs=None,
            num_steps=num_steps,
            batch_size=None,
            drop_last=False,
            schedule=None,
            early_stopping=None,
            evaluate={},
            metrics={},
            views={},
            at_steps=None,
            at_epochs=None,
            device="cpu",
            engine=engine,
        )
        return Job(plan, members_of(axes))

    at_once = members_at_once(engine, kept_bytes(setting_of(job(1).part([0, 1]))))
    pieces = -(-num_members // at_once)
    rows = range(-(-num_members // pieces))
    programs = Programs(engine, setting_of(job(1).part(rows)))

    def train(num_steps: int) -> float:
        """CPU seconds a member and step."""
        seconds = 0.0
        for _ in range(pieces):
            setting = setting_of(job(num_steps).part(rows))
            run = Run(setting.stack, setting.feed, setting.measure, setting.course)
            start = time.process_time()
            run(programs.advance)
            seconds += time.process_time() - start
        return seconds / (num_steps * pieces * len(rows))

    train(3)
    return train


def timed_loop(width: int, num_steps: int, depth: int = HIDDEN) -> float:
    """CPU seconds of a step of the ordinary loop."""
    start = time.process_time()
    loop(width, num_steps, depth)
    return (time.process_time() - start) / num_steps


def bmm_peak() -> float:
    """Floating-point operations a second of one core in torch's best stacked product."""
    best = 0.0
    for m, k, n, b in ((256, 64, 64, 64), (256, 256, 256, 8), (512, 512, 512, 2)):
        left, right = torch.randn(b, m, k), torch.randn(b, k, n)
        out = torch.empty(b, m, n)
        torch.bmm(left, right, out=out)
        start = time.process_time()
        for _ in range(6):
            torch.bmm(left, right, out=out)
        best = max(best, 6 * 2 * b * m * n * k / (time.process_time() - start))
    return best


def operations(width: int) -> int:
    """Floating-point operations of a step's products, forward and backward."""
    pairs = [(2, width), *[(width, width)] * (HIDDEN - 1), (width, 2)]
    return 2 * POINTS * (3 * sum(a * b for a, b in pairs) - 2 * width)


def time_cases(cases=CASES) -> list[dict]:
    """A row a case: microseconds a member and step, ratios to the loop, share of the peak."""
    rows = []
    for width, members in cases:
        runs = {"loop": partial(timed_loop, width)}
        runs |= {name: sweeping(name, width, members) for name in ENGINES}
        steps = {"loop": 300} | {name: max(3, 6000 // members) for name in ENGINES}
        best, peak = dict.fromkeys(runs, float("inf")), 0.0
        for _ in range(ROUNDS):
            peak = max(peak, bmm_peak())
            for name, run in runs.items():
                best[name] = min(best[name], run(steps[name]))
        row = {"width": width, "members": members, "peak_gflops": round(peak / 1e9, 1)}
        for name, seconds in best.items():
            row[f"{name}_us"] = round(1e6 * seconds, 2)
        for name in ENGINES:
            row[f"{name}_ratio"] = round(best["loop"] / best[name], 2)
            row[f"{name}_peak_share"] = round(operations(width) / best[name] / peak, 3)
        rows.append(row)
        say(json.dumps(row))
    return rows


def sweep_grid(num_steps: int = 500) -> dict:
    """900 models: 10 learning rates, 6 depths, 5 weight decays, 3 seeds; what the sweep says."""
    grid = {
        "lr": [0.01 * 2**i for i in range(10)],
        "depth": range(1, 7),
        "weight_decay": [0.0, 1e-5, 1e-4, 1e-3, 1e-2],
        "seed": range(3),
    }
    settings = {"loss_fn": F.cross_entropy, "optimizer": "momentum", "num_steps": num_steps}
    return sweep(network, DATA, grid, **settings).attrs


def time_grid() -> dict:
    """Seconds for the grid on one core with an empty compile cache, then with a full one."""
    code = "import torch; torch.set_num_threads(1); import bench_sweep, json; "
    code += "print(json.dumps(bench_sweep.sweep_grid()))"
    with tempfile.TemporaryDirectory() as cache:
        variables = os.environ | {"TORCHINDUCTOR_CACHE_DIR": cache, "OMP_NUM_THREADS": "1"}
        command, here = [sys.executable, "-W", "ignore", "-c", code], Path(__file__).parent
        runs = [
            subprocess.run(command, env=variables, cwd=here, capture_output=True, check=True)
            for _ in range(2)
        ]
    cold, warm = (json.loads(run.stdout.splitlines()[-1]) for run in runs)
    each = [timed_loop(8, 100, depth) for depth in range(1, 7)]
    row = {
        "models": warm["members"],
        "engine": warm["engine"],
        "cold_s": cold["seconds"],
        "warm_s": warm["seconds"],
        "loop_s": round(150 * 500 * sum(each), 1),
    }
    say(json.dumps(row))
    return row


def main() -> None:
    """Run the benchmarks that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", nargs="*", metavar="WIDTH,MEMBERS", help="instead of all four")
    parser.add_argument("--grid", action="store_true", help="also the grid of 900 models")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    cases = arguments.cases
    time_cases(CASES if cases is None else [tuple(map(int, case.split(","))) for case in cases])
    if arguments.grid:
        time_grid()


if __name__ == "__main__":
    sys.exit(main())
