"""Which steps torch has compiled on this machine before: they start within a second.

Torch keeps compiled programs in a folder. Beside them this module puts an empty file for each step,
named by what the step is made of. A file too many costs seconds, never a result: it only says what
compiling would take.
"""

import hashlib
from pathlib import Path

import torch

from dlbook.optimizers.trees import leaves
from dlbook.sweep.setting import Setting


def is_known(setting: Setting, members: int) -> bool:
    """Whether the step of so many members like those of `setting` was compiled before."""
    return _mark(setting, members).exists()


def remember(setting: Setting) -> None:
    """Say that the step of this stack is compiled."""
    mark = _mark(setting, setting.stack.size)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def _mark(setting: Setting, members: int) -> Path:
    from torch._inductor.runtime.cache_dir_utils import cache_dir

    stack, step, feed = setting.stack, setting.step, setting.feed
    tensors = [*leaves(stack.state), *leaves(stack.hyper), *leaves(stack.extra)]
    batch = [part if feed.shared else part[0] for part in feed.batch(0)]
    parts = (
        torch.__version__,
        repr(stack.model),
        getattr(step.loss_fn, "__qualname__", repr(type(step.loss_fn))),
        step.optimizer,
        [(tuple(t.shape[1:]), t.dtype) for t in tensors],
        [(tuple(t.shape), t.dtype) for t in batch],
        feed.shared,
        members,
    )
    name = hashlib.sha256(repr(parts).encode()).hexdigest()
    return Path(cache_dir()) / "dlbook" / name[:32]
