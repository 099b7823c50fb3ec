"""How members are stepped: all at once, or one after the other where that is not possible."""

import warnings
from dataclasses import dataclass

import torch
from torch import nn

from dlbook.sweep.compiled import why_not_compiled
from dlbook.sweep.job import Job
from dlbook.sweep.known_programs import is_known
from dlbook.sweep.setting import Setting, setting_of
from dlbook.sweep.step import stacked

ENGINES = ("auto", "vmap", "graph", "compiled", "sequential")


@dataclass(frozen=True)
class Cost:
    """What an engine takes, as measured on one core; only ratios matter, for choosing.

    Attributes:
        start: seconds before the first step.
        step: seconds of a step for calling its operations.
        byte: seconds a step for each byte of activations that a member keeps for its gradient.
        bytes_at_once: activations of the members that are stepped together: what fits into a cache,
            or is enough to outweigh the calls.
        most_at_once: members stepped together, at most.
        convolving: so many times `bytes_at_once` for a network with convolutions: a stacked one
            takes longer to call than a stacked product.
    """

    start: float
    step: float
    byte: float
    bytes_at_once: int
    most_at_once: int
    convolving: int = 1


COSTS = {
    "vmap": Cost(0.0, 1.5e-3, 1.3e-9, 1 << 25, 1024),
    "graph": Cost(0.7, 3e-4, 0.45e-9, 1 << 22, 512, convolving=4),
    "compiled": Cost(8.0, 6e-5, 0.3e-9, 1 << 22, 64),
}
CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
KNOWN = 1.0  # seconds before the first step where torch has kept the compiled program


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
        kept, convolves = kept_bytes(probe), has_convolutions(probe)
        name = fastest(job, probe, kept, convolves) if name == "auto" else name
        return Engine(name, at_once(name, len(job.members), kept, convolves), randomness)
    if name != "auto":
        raise ValueError(f"engine={name!r} can't train these members: {obstacle}")
    warnings.warn(
        f"the members can't be stepped together, so they are trained one after the other: "
        f"{obstacle}",
        stacklevel=2,
    )
    return Engine("sequential")


def fastest(job: Job, probe: Setting, kept: int, convolves: bool) -> str:
    """The engine that should end first: by sizes, and by what was compiled here before.

    Args:
        job: members of one architecture.
        probe: some of them.
        kept: bytes of activations that a member keeps.
        convolves: whether a layer of theirs is a convolution.
    """
    if job.plan.early_stopping:
        return "vmap"  # members leave, and every number of members would need its own graph
    members, num_steps = len(job.members), job.plan.length(job.members[0])
    able = [name for name in COSTS if _why_not(name, job) is None]
    if convolves:  # compiled they were 0.8 to 1.2 times as fast as a graph, after a longer start
        able = [name for name in able if name != "compiled"]

    def seconds(name: str) -> float:
        cost, size = COSTS[name], at_once(name, members, kept, convolves)
        start = KNOWN if name == "compiled" and is_known(probe, size) else cost.start
        pieces = -(-members // size)
        return start + num_steps * (pieces * cost.step + members * kept * cost.byte)

    return min(able, key=seconds)


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


def has_convolutions(setting: Setting) -> bool:
    """Whether a layer of the members is a convolution."""
    return any(isinstance(module, CONVOLUTIONS) for module in setting.stack.model.modules())


def at_once(name: str, members: int, kept: int, convolves: bool = False) -> int:
    """How many of `members` an engine steps together, if each keeps `kept` bytes of activations.

    They are stepped in pieces of equal length; if compiled, in so many that every core has work.
    """
    cost = COSTS[name]
    most_bytes = cost.bytes_at_once * (cost.convolving if convolves else 1)
    most = max(1, min(cost.most_at_once, most_bytes // max(kept, 1)))
    cores = torch.get_num_threads() if name == "compiled" else 1
    pieces = -(-members // (most * cores)) * cores
    return -(-members // pieces)


def kept_bytes(setting: Setting) -> int:
    """Bytes of activations that a member keeps for the gradient."""
    kept = 0

    def count(tensor: torch.Tensor) -> torch.Tensor:
        nonlocal kept
        kept += tensor.numel() * tensor.element_size()
        return tensor

    X, _ = setting.feed.batch(0)
    with torch.autograd.graph.saved_tensors_hooks(count, lambda tensor: tensor):
        setting.stack.evaluated()(X if setting.feed.shared else X[0])
    return kept


def _why_not(name: str, job: Job) -> str | None:
    if name in ("graph", "compiled") and job.plan.early_stopping:
        return "members that stop early change the number of members; engine='vmap' can"
    return why_not_compiled(job.plan.device) if name == "compiled" else None
