"""How members are stepped: all at once, or one after the other where that is not possible."""

import warnings
from dataclasses import dataclass

import torch

from dlbook.sweep.job import Job
from dlbook.sweep.setting import Setting, setting_of
from dlbook.sweep.step import stacked

ENGINES = ("auto", "vmap", "sequential")
CACHE = 1 << 25  # bytes of activations that members stepped together may keep for the gradient


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
    randomness = "different" if name == "vmap" else "error"
    obstacle = why_not_stacked(probe, randomness)
    if obstacle is None:
        return Engine("vmap", members_at_once(probe), randomness)
    reason = f"the members can't be stepped together: {obstacle}"
    if name != "auto":
        raise ValueError(f"{reason}. engine='sequential' trains one after the other.")
    warnings.warn(f"{reason}. They are trained one after the other.", stacklevel=2)
    return Engine("sequential")


def why_not_stacked(setting: Setting, randomness: str = "error") -> str | None:
    """What `torch.vmap` says against this step; None if nothing."""
    advance = stacked(setting.step, shared_batch=setting.feed.shared, randomness=randomness)
    stack = setting.stack
    try:
        with torch.random.fork_rng(devices=[]):
            advance(stack.state, stack.hyper, stack.extra, *setting.feed.batch(0))
    except (RuntimeError, NotImplementedError) as error:  # what vmap raises; the model itself runs
        return str(error).split("\n")[0]
    return None


def members_at_once(setting: Setting) -> int:
    """How many members' activations of one step fit into `CACHE`."""
    stack, kept = setting.stack, 0

    def count(tensor: torch.Tensor) -> torch.Tensor:
        nonlocal kept
        kept += tensor.numel() * tensor.element_size()
        return tensor

    X, y = setting.feed.batch(0)
    if not setting.feed.shared:
        X, y = X[0], y[0]
    model = stack.evaluated()
    with torch.autograd.graph.saved_tensors_hooks(count, lambda tensor: tensor):
        model(X)
    return max(1, min(1024, CACHE // max(kept, 1)))
