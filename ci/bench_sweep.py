"""Benchmarks of sweeps: CPU time of a member's step beside the ordinary loop, in one run.

    python ci/bench_sweep.py          (--grid: also the grid of 900 models)

Networks 2-w-w-w-2 with tanh, 256 points, full batch, SGD with momentum. Everything is timed in
turns on one thread, several rounds, and the best of each counts: on a machine that others use too,
this is the part of the time that is its own. Nothing here decides a test.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import nn

from console import say
from dlbook.datasets.toy_classification import moons
from dlbook.models.mlp import mlp
from dlbook.sweep.engines import members_at_once
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


def loop(width: int, num_steps: int) -> None:
    """What one writes for a single model: torch.optim, autograd, no frills."""
    X, y = DATA
    model = network(width)
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

    at_once = members_at_once(engine, setting_of(job(1).part([0, 1])))
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


def timed_loop(width: int, num_steps: int) -> float:
    start = time.process_time()
    loop(width, num_steps)
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


if __name__ == "__main__":
    torch.set_num_threads(1)
    time_cases([tuple(map(int, c.split(","))) for c in sys.argv[1:]] or CASES)
