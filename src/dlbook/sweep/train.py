"""A job is trained: its members in pieces that fit, each piece through all its steps."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext

import numpy as np
import torch
from torch import Tensor

from dlbook.sweep.engines import Engine, choose
from dlbook.sweep.job import Job
from dlbook.sweep.run import Outcome, Run
from dlbook.sweep.setting import setting_of
from dlbook.sweep.stack import map_tree
from dlbook.sweep.step import Advance, MemberStep, stacked
from dlbook.training import own_randomness

Progress = Callable[[int], None]


def train(job: Job, progress: Progress = lambda count: None) -> tuple[Outcome, str]:
    """Train all members of a job; what they came to, and the name of the engine that did it."""
    engine = choose(job)
    outcomes = []
    for rows in rows_in_pieces(len(job.members), engine.at_once):
        outcomes.append(_train_piece(job.part(rows), engine, progress))
        if outcomes[-1].interrupted.any():
            break
    return joined(outcomes), engine.name


def _train_piece(job: Job, engine: Engine, progress: Progress) -> Outcome:
    alone = engine.name == "sequential"
    setting = setting_of(job, stackable=not alone)
    if alone:
        advance = by_itself(setting.step)
        randomness = own_randomness(job.members[0].seed, job.plan.device)
    else:
        shared = setting.feed.shared
        advance = stacked(setting.step, shared_batch=shared, randomness=engine.randomness)
        randomness = nullcontext()
    with randomness:
        return Run(setting.stack, setting.feed, setting.measure, setting.course, progress)(advance)


def by_itself(step: MemberStep) -> Advance:
    """`step` for a stack of one member, without `torch.vmap`."""

    def advance(state, hyper, extra, X: Tensor, y: Tensor):
        state, hyper, extra = (map_tree(lambda t: t[0], part) for part in (state, hyper, extra))
        state, loss = step(state, hyper, extra, X, y)
        return map_tree(lambda t: t[None], state), loss[None]

    return advance


def rows_in_pieces(count: int, size: int) -> list[list[int]]:
    """0 to count − 1 in as few pieces of nearly equal size as `size` allows.

    >>> rows_in_pieces(5, 2)
    [[0, 1], [2, 3], [4]]
    """
    return [piece.tolist() for piece in torch.arange(count).tensor_split(-(-count // size))]


def joined(outcomes: Sequence[Outcome]) -> Outcome:
    """The outcomes of pieces as one."""

    def both(name: str):
        pieces = [getattr(outcome, name) for outcome in outcomes]
        if isinstance(pieces[0], dict):
            return {key: np.concatenate([p[key] for p in pieces]) for key in pieces[0]}
        return np.concatenate(pieces)

    return Outcome(**{name: both(name) for name in Outcome.__dataclass_fields__})
