"""Benchmarks of sweeps: CPU time of a member's step beside the ordinary loop, in one run.

    python ci/bench_sweep.py [--cases CNN ...] [--cores]

Networks 2-w-w-w-2 with tanh, 256 points, full batch, SGD with momentum; and 64 small CNNs (with and
without batch norm), recurrent networks and transformer blocks. Everything is timed in turns on one
thread, several rounds, and the best of each counts: on a machine that others use too, this is the
part of the time that is its own. Nothing here decides a test.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
import torch.nn.functional as F
from torch import nn

from console import say
from dlbook.datasets.digits import load_digits
from dlbook.datasets.toy_classification import moons
from dlbook.models.mlp import mlp
from dlbook.sweep import sweep
from dlbook.sweep.engines import at_once, has_convolutions, kept_bytes
from dlbook.sweep.grid import axes_of, members_of
from dlbook.sweep.job import Job, Plan
from dlbook.sweep.programs import Programs
from dlbook.sweep.run import Run
from dlbook.sweep.setting import setting_of
from dlbook.training import Data

POINTS, HIDDEN, ROUNDS = 256, 3, 5
ENGINES = ("vmap", "graph", "compiled")
WORK, LEAST = 6000, 40  # member steps of a measurement, steps of it at least


@dataclass(frozen=True)
class Case:
    """What is trained: `members` models that differ in their learning rate."""

    name: str
    make_model: Callable[..., nn.Module]
    data: Data
    members: int
    operations: int | None = None  # floating-point ones of a step's products


def network(width: int = 8, depth: int = HIDDEN, seed: int = 0) -> nn.Sequential:
    """2-w-...-w-2 with tanh."""
    return mlp([2, *[width] * depth, 2], nn.Tanh, seed=seed)


def operations(width: int) -> int:
    """Floating-point operations of a step's products, forward and backward."""
    pairs = [(2, width), *[(width, width)] * (HIDDEN - 1), (width, 2)]
    return 2 * POINTS * (3 * sum(a * b for a, b in pairs) - 2 * width)


def convolutional() -> nn.Sequential:
    """A small CNN for 8×8 digits."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64, 10),
    )  # fmt: skip


class Recurrent(nn.Module):
    """Reads a digit row by row."""

    def __init__(self):
        super().__init__()
        self.inputs, self.states, self.head = nn.Linear(8, 16), nn.Linear(16, 16), nn.Linear(16, 10)

    def forward(self, X):
        """(n, 1, 8, 8) -> (n, 10)"""
        h = X.new_zeros(len(X), 16)
        for row in X[:, 0].unbind(1):
            h = torch.tanh(self.inputs(row) + self.states(h))
        return self.head(h)


def normalized() -> nn.Sequential:
    """The same with batch norm."""
    first, relu, pool, second, *others = convolutional()
    return nn.Sequential(
        first, nn.BatchNorm2d(8), relu, pool, second, nn.BatchNorm2d(16), *others
    )  # fmt: skip


class Attention(nn.Module):
    """The rows of a digit look at each other: a transformer's block of width 16, two heads."""

    def __init__(self):
        super().__init__()
        self.embed, self.qkv, self.out = nn.Linear(8, 16), nn.Linear(16, 48), nn.Linear(16, 16)
        self.norms = nn.ModuleList([nn.LayerNorm(16), nn.LayerNorm(16)])
        self.mlp = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16))
        self.head = nn.Linear(16, 10)

    def forward(self, X):
        """(n, 1, 8, 8) -> (n, 10)"""
        h = self.embed(X[:, 0])  # (n, row, 16)
        parts = self.qkv(self.norms[0](h)).unflatten(-1, (3, 2, 8))
        q, k, v = parts.permute(2, 0, 3, 1, 4)  # (n, head, row, 8) each
        seen = torch.softmax(q @ k.transpose(-1, -2) / 8**0.5, -1) @ v
        h = h + self.out(seen.transpose(1, 2).flatten(2))
        return self.head((h + self.mlp(self.norms[1](h))).mean(1))


def cases() -> list[Case]:
    """All that is timed."""
    points = moons(POINTS, 0.1, seed=0)
    X, y = (part[:64] for part in load_digits())
    images = X.reshape(-1, 1, 8, 8) / 16, y
    return [
        *(
            Case(f"width {w}, {m} members", partial(network, w), points, m, operations(w))
            for w in (8, 32)
            for m in (64, 512)
        ),
        Case("CNN, 64 members", convolutional, images, 64),
        Case("RNN, 64 members", Recurrent, images, 64),
        Case("batch norm, 64 members", normalized, images, 64),
        Case("attention, 64 members", Attention, images, 64),
    ]


def timed_loop(case: Case, num_steps: int) -> float:
    """CPU seconds of a step of what one writes for a single model: torch.optim, autograd."""
    X, y = case.data
    model = case.make_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    start = time.process_time()
    for _ in range(num_steps):
        optimizer.zero_grad()
        F.cross_entropy(model(X), y).backward()
        optimizer.step()
    return (time.process_time() - start) / num_steps


def sweeping(engine: str, case: Case) -> Callable[[int], float]:
    """A function: steps -> CPU seconds a member and step; graphs are made beforehand."""
    rates = [0.02 * (i + 1) / case.members for i in range(case.members)]
    settings = {"loss_fn": F.cross_entropy, "optimizer": "momentum"}
    axes = axes_of({"lr": rates}, make_model=case.make_model, sources=[case.data], **settings)
    members = members_of(axes)

    def job(num_steps: int) -> Job:
        plan = Plan(case.make_model, case.data, num_steps=num_steps, engine=engine, **settings)
        return Job(plan, members)

    probe = setting_of(job(1).part([0, 1]))
    rows = range(at_once(engine, case.members, kept_bytes(probe), has_convolutions(probe)))
    pieces = -(-case.members // len(rows))
    programs = Programs(engine, setting_of(job(1).part(rows)))

    def train(num_steps: int) -> float:
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


def time_cases(chosen: list[Case]) -> list[dict]:
    """A row a case: microseconds a member and step, ratios to the loop, share of the peak."""
    rows = []
    for case in chosen:
        runs = {"loop": partial(timed_loop, case)}
        runs |= {name: sweeping(name, case) for name in ENGINES}
        steps = {"loop": 300} | dict.fromkeys(ENGINES, max(LEAST, WORK // case.members))
        best, peak = dict.fromkeys(runs, float("inf")), 0.0
        for _ in range(ROUNDS):
            peak = max(peak, bmm_peak())
            for name, run in runs.items():
                best[name] = min(best[name], run(steps[name]))
        row = {"case": case.name, "bmm_peak_gflops": round(peak / 1e9, 1)}
        row |= {f"{name}_us": round(1e6 * seconds, 2) for name, seconds in best.items()}
        for name in ENGINES:
            row[f"{name}_ratio"] = round(best["loop"] / best[name], 2)
            if case.operations:
                row[f"{name}_peak_share"] = round(case.operations / best[name] / peak, 3)
        rows.append(row)
        say(json.dumps(row))
    return rows


def wall_on(cores: int, case: Case, num_steps: int) -> float:
    """Seconds of the clock for a compiled sweep."""
    rates = [0.02 * (i + 1) / case.members for i in range(case.members)]
    settings = {"loss_fn": F.cross_entropy, "optimizer": "momentum", "engine": "compiled"}
    torch.set_num_threads(cores)
    start = time.perf_counter()
    sweep(
        case.make_model, case.data, {"lr": rates}, num_steps=num_steps, progress=False, **settings
    )
    return time.perf_counter() - start


def time_two_cores(chosen: list[Case]) -> list[dict]:
    """How much sooner two cores make the steps than one; building models is not counted."""
    rows = []
    for case in chosen:
        num_steps, best = max(LEAST, 25 * WORK // case.members), {}
        for _ in range(ROUNDS + 1):  # the first fills torch's cache
            for cores in (1, 2):
                for steps in (2, num_steps):
                    seconds = wall_on(cores, case, steps)
                    best[cores, steps] = min(best.get((cores, steps), seconds), seconds)
        one, two = (best[cores, num_steps] - best[cores, 2] for cores in (1, 2))
        rows.append({"case": case.name, "two_cores_ratio": round(one / two, 2)})
        say(json.dumps(rows[-1]))
    torch.set_num_threads(1)
    return rows


def measure(chosen: list[Case] | None = None, *, cores: bool = True) -> dict[str, list[dict]]:
    """The rows of all benchmarks, which are printed as they come.

    Args:
        chosen: cases; None: all.
        cores: whether to compare two cores with one.
    """
    torch.set_num_threads(1)
    chosen = cases() if chosen is None else chosen
    rows = {"cases": time_cases(chosen)}
    if cores:
        rows["cores"] = time_two_cores([case for case in chosen if case.operations])
    return rows


def main() -> None:
    """Run the benchmarks that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", nargs="*", help="beginnings of names; all if absent")
    parser.add_argument("--cores", action="store_true", help="also one core beside two")
    arguments = parser.parse_args()
    starts = tuple(arguments.cases) if arguments.cases is not None else ("",)
    chosen = [case for case in cases() if case.name.startswith(starts)]
    measure(chosen, cores=arguments.cores)


if __name__ == "__main__":
    sys.exit(main())
