"""A job is trained: its members in pieces that fit, each piece through all its steps."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import chain
from threading import Event

import numpy as np
import torch
from torch import Tensor

from dlbook.optimizers.trees import map_trees
from dlbook.sweep.engines import Engine, choose
from dlbook.sweep.job import Job
from dlbook.sweep.programs import Programs
from dlbook.sweep.run import Outcome, Run
from dlbook.sweep.setting import Setting, setting_of
from dlbook.sweep.step import Advance, MemberStep
from dlbook.training import own_randomness

Progress = Callable[[int], None]


def train(job: Job, progress: Progress = lambda count: None) -> tuple[Outcome, str]:
    """Train all members of a job; what they came to, and the name of the engine that did it."""
    engine = choose(job)
    pieces = equal_pieces(len(job.members), engine.at_once)
    parts = [job.part(rows) for rows in pieces]
    if engine.name == "sequential":
        outcomes = _until_interrupted(lambda part: _alone(part, progress), parts)
    else:
        outcomes = _together(parts, engine, progress)
    return joined(outcomes, pieces), engine.name


def _alone(job: Job, progress: Progress) -> Outcome:
    """Train a single member, with the random numbers of its own run."""
    setting = setting_of(job, stackable=False)
    with own_randomness(job.members[0].seed, job.plan.device):
        return _run(setting, by_itself(setting.step), progress)


def _together(parts: Sequence[Job], engine: Engine, progress: Progress) -> list[Outcome]:
    """Train pieces of equal size, compiled ones on all cores."""
    settings = (setting_of(part) for part in parts)
    first = next(settings)
    programs = Programs(engine.name, first, engine.randomness)

    def trained(setting: Setting, progress: Progress = progress) -> Outcome:
        return _run(setting, programs.advance, progress)

    if engine.name != "compiled" or torch.get_num_threads() == 1 or len(parts) == 1:
        return _until_interrupted(trained, chain([first], settings))
    return _on_all_cores(trained, [first, *settings], progress)


def _on_all_cores(
    trained: Callable[[Setting, Progress], Outcome],
    settings: Sequence[Setting],
    progress: Progress,
) -> list[Outcome]:
    """Pieces side by side, each on one core; Ctrl-C ends all of them where they are."""
    cores, interrupted = torch.get_num_threads(), Event()

    def watched(count: int) -> None:
        if interrupted.is_set():
            raise KeyboardInterrupt
        progress(count)

    with ThreadPoolExecutor(cores, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        futures = [pool.submit(trained, setting, watched) for setting in settings]
        try:
            wait(futures)
        except KeyboardInterrupt:
            interrupted.set()
        outcomes = [future.result() for future in futures]
    torch.set_num_threads(cores)
    return outcomes


def _until_interrupted(trained: Callable, parts: Sequence) -> list[Outcome]:
    outcomes = []
    for part in parts:
        outcomes.append(trained(part))
        if outcomes[-1].interrupted.any():
            break
    return outcomes


def _run(setting: Setting, advance: Advance, progress: Progress) -> Outcome:
    return Run(setting.stack, setting.feed, setting.measure, setting.course, progress)(advance)


def by_itself(step: MemberStep) -> Advance:
    """`step` for a stack of one member, without `torch.vmap`."""

    def advance(state, hyper, extra, X: Tensor, y: Tensor):
        state, hyper, extra = (map_trees(lambda t: t[0], part) for part in (state, hyper, extra))
        state, loss = step(state, hyper, extra, X, y)
        return map_trees(lambda t: t[None], state), loss[None]

    return advance


def equal_pieces(count: int, size: int) -> list[list[int]]:
    """0 to count − 1 in as few pieces as `size` allows, all of one length: the last may overlap.

    >>> equal_pieces(5, 2)
    [[0, 1], [2, 3], [3, 4]]
    """
    length = -(-count // -(-count // size))
    starts = range(0, count, length)
    return [list(range(s, s + length)) for s in (min(s, count - length) for s in starts)]


def joined(outcomes: Sequence[Outcome], pieces: Sequence[Sequence[int]]) -> Outcome:
    """The outcomes of the first pieces as one, each member once."""
    fresh, seen = [], 0
    for rows in pieces[: len(outcomes)]:
        fresh.append(slice(seen - rows[0], None))
        seen = rows[-1] + 1

    def both(name: str):
        values = [getattr(outcome, name) for outcome in outcomes]
        if isinstance(values[0], dict):
            names = dict.fromkeys(key for value in values for key in value)
            return {key: _glued(_filled(key, outcomes, values), fresh) for key in names}
        return _glued(values, fresh)

    return Outcome(**{name: both(name) for name in Outcome.__dataclass_fields__})


def _filled(key: str, outcomes: Sequence[Outcome], values: Sequence[dict]) -> list[np.ndarray]:
    """What every piece has under `key`; NaN for one that was interrupted before it had any."""
    like = next(value[key] for value in values if key in value)
    missing = (np.full((len(o.losses), *like.shape[1:]), np.nan, like.dtype) for o in outcomes)
    return [value.get(key, none) for value, none in zip(values, missing, strict=True)]


def _glued(values: Sequence[np.ndarray], fresh: Sequence[slice]) -> np.ndarray:
    return np.concatenate([value[rows] for value, rows in zip(values, fresh, strict=True)])
