"""How members are stepped: all at once, or one after the other where that is not possible."""

import warnings
from dataclasses import dataclass

import torch

from dlbook.sweep.compiled import why_not_compiled
from dlbook.sweep.job import Job
from dlbook.sweep.setting import Setting, setting_of
from dlbook.sweep.step import stacked

ENGINES = ("auto", "vmap", "graph", "compiled", "sequential")
# Bytes of activations that members stepped together may keep for the gradient: for "compiled" what
# one core's second cache holds, for the others what makes the work outweigh Python's.
BYTES = {"vmap": 1 << 25, "graph": 1 << 22, "compiled": 1 << 21}
MOST = {"vmap": 1024, "graph": 512, "compiled": 64}
LOOP_STEP = 3e-4  # seconds that a step of a small network takes in an ordinary loop
# Seconds of such steps that make up for tracing a graph (about 0.6 s) and compiling it (5 to 10 s).
WORTH_TRACING, WORTH_COMPILING = 3.0, 20.0


@dataclass(frozen=True)
class Engine:
    """A way to step members.

    Attributes:
        name: one of `ENGINES`, but not "auto".
        at_once: how many members are stepped together.
        randomness: see `dlbook.sweep.step.stacked`.
    """

    name: str
    at_once: int = 1
    randomness: str = "error"


def choose(job: Job) -> Engine:
    """The engine that the job's plan asks for, or the fastest that gives each member its own run.

    Raises:
        ValueError: the engine is unknown, or the members can't be stepped as it does.
    """
    name = job.plan.engine
    if name not in ENGINES:
        raise ValueError(f"no engine is called {name!r}; there are {', '.join(ENGINES)}")
    if name == "sequential" or (name == "auto" and len(job.members) == 1):
        return Engine("sequential")
    probe = setting_of(job.part(range(min(2, len(job.members)))))
    randomness = "error" if name == "auto" else "different"
    obstacle = why_not_stacked(probe, randomness) or _why_not(name, job)
    if obstacle is None:
        name = fastest(job) if name == "auto" else name
        return Engine(name, members_at_once(name, probe), randomness)
    if name != "auto":
        raise ValueError(f"engine={name!r} can't train these members: {obstacle}")
    warnings.warn(
        f"the members can't be stepped together, so they are trained one after the other: "
        f"{obstacle}",
        stacklevel=2,
    )
    return Engine("sequential")


def fastest(job: Job) -> str:
    """The engine that should end first; it depends on sizes only, not on the clock."""
    if job.plan.early_stopping:
        return "vmap"  # members leave, and every number of members would need its own graph
    seconds = LOOP_STEP * len(job.members) * job.plan.length(job.members[0])
    if seconds >= WORTH_COMPILING and why_not_compiled(job.plan.device) is None:
        return "compiled"
    return "graph" if seconds >= WORTH_TRACING else "vmap"


def why_not_stacked(setting: Setting, randomness: str) -> str | None:
    """What `torch.vmap` says against this step; None if nothing."""
    advance = stacked(setting.step, shared_batch=setting.feed.shared, randomness=randomness)
    stack = setting.stack
    try:
        with torch.random.fork_rng(devices=[]):
            advance(stack.state, stack.hyper, stack.extra, *setting.feed.batch(0))
    except (RuntimeError, NotImplementedError) as error:  # what vmap raises; the model itself runs
        return str(error).split("\n")[0]
    return None


def members_at_once(name: str, setting: Setting) -> int:
    """How many members' activations of one step fit into the engine's `BYTES`."""
    kept = 0

    def count(tensor: torch.Tensor) -> torch.Tensor:
        nonlocal kept
        kept += tensor.numel() * tensor.element_size()
        return tensor

    X, _ = setting.feed.batch(0)
    with torch.autograd.graph.saved_tensors_hooks(count, lambda tensor: tensor):
        setting.stack.evaluated()(X if setting.feed.shared else X[0])
    return max(1, min(MOST[name], BYTES[name] // max(kept, 1)))


def _why_not(name: str, job: Job) -> str | None:
    if name in ("graph", "compiled") and job.plan.early_stopping:
        return "members that stop early change the number of members; engine='vmap' can"
    return why_not_compiled(job.plan.device) if name == "compiled" else None
