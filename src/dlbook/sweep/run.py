"""Members of one stack go through all their steps together; what comes out is kept as arrays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from dlbook.optimizers.trees import Tree, map_trees
from dlbook.schedules import Schedule, rates_at
from dlbook.sweep.data import Feed
from dlbook.sweep.early_stopping import EarlyStopping, Watch
from dlbook.sweep.heap import keep_freed_memory
from dlbook.sweep.measure import Measure
from dlbook.sweep.stack import Stack
from dlbook.sweep.step import Advance


@dataclass(frozen=True)
class Course:
    """How long members train, what changes meanwhile and when they are looked at.

    Attributes:
        num_steps: at most.
        measured_at: steps after which metrics and views are taken, in order.
        schedule: factor on the learning rate at step 0, 1, ...
        early_stopping: when a member ends before the others.
    """

    num_steps: int
    measured_at: Sequence[int]
    schedule: Schedule | None = None
    early_stopping: EarlyStopping | None = None


@dataclass
class Outcome:
    """What a number of members came to.

    Attributes:
        losses: of the batch of each step, (members, num_steps); NaN after the end of a member.
        measured: name -> (members, times, ...).
        params: name -> (members, ...): at the end, or the best ones where stopping was early.
        stopped_at: steps made, (members,).
        best_step: steps made when the kept weights were taken, (members,).
        interrupted: whether somebody ended the training by hand before its end, (members,).
    """

    losses: np.ndarray
    measured: dict[str, np.ndarray]
    params: dict[str, np.ndarray]
    stopped_at: np.ndarray
    best_step: np.ndarray
    interrupted: np.ndarray


@dataclass
class Run:
    """A stack on its way: advance it step by step, look at it, let members go.

    Attributes:
        stack: what the members begin with.
        feed: the batch of every step.
        measure: what is taken of them.
        course: how long, and when.
        progress: called with the number of member steps that were just made (or need not be).
    """

    stack: Stack
    feed: Feed
    measure: Measure
    course: Course
    progress: Callable[[int], None] = lambda count: None
    active: np.ndarray = field(init=False)
    measured: dict[str, np.ndarray] = field(default_factory=dict, init=False)

    def __call__(self, advance: Advance) -> Outcome:
        """Train with `advance`, a step of all active members; Ctrl-C ends it where it is."""
        keep_freed_memory()
        size, num_steps = self.stack.size, self.course.num_steps
        self.active, self.state = np.arange(size), self.stack.state
        self.rates, self.extra, self.now = self.stack.hyper, self.stack.extra, self.feed
        self.watch = Watch(self.course.early_stopping, size) if self.course.early_stopping else None
        self.losses = torch.full((num_steps, size), torch.nan, device=self.state["params"].device)
        self.stopped_at = np.zeros(size, dtype=np.int64)
        interrupted = False
        try:
            for step in range(num_steps):
                self._step(step, advance)
            self._let_go(num_steps)
            self._measure(num_steps, self._kept())
        except KeyboardInterrupt:
            interrupted = True
        return self._outcome(interrupted)

    def _step(self, step: int, advance: Advance) -> None:
        self._measure(step, self._everybody())
        gone = self._let_go(step)
        self.progress(len(gone) * (self.course.num_steps - step))
        if not len(self.active):
            return
        X, y = self.now.batch(step)
        rates = rates_at(step, self.rates, self.course.schedule)
        self.state, loss = advance(self.state, rates, self.extra, X, y)
        self.stopped_at[self.active] = step + 1
        if len(self.active) == self.stack.size:
            self.losses[step] = loss
        else:
            self.losses[step, torch.from_numpy(self.active)] = loss.to(self.losses)
        self.progress(len(self.active))

    def _outcome(self, interrupted: bool) -> Outcome:
        params = torch.vmap(self.stack.layout.unflatten)(self._kept()["params"])
        return Outcome(
            losses=self.losses.T.cpu().numpy(),
            measured=self.measured,
            params={name: values.cpu().numpy() for name, values in params.items()},
            stopped_at=self.stopped_at,
            best_step=self.watch.best_step if self.watch else self.stopped_at,
            interrupted=np.full(self.stack.size, interrupted),
        )

    def _kept(self) -> Tree:
        """The weights that members end with: the last ones, or the best where one stops early."""
        return self.watch.best if self.watch and self.watch.best else self.state

    def _everybody(self) -> Tree:
        """The weights of all members: those that train, and the best ones of those that ended."""
        if len(self.active) == self.stack.size:
            return self.state
        state, rows = map_trees(torch.clone, self.watch.best), torch.from_numpy(self.active)
        state["params"][rows] = self.state["params"]
        for name, buffer in self.state["buffers"].items():
            state["buffers"][name][rows] = buffer
        return state

    def _measure(self, step: int, state: Tree) -> None:
        """Take metrics and views, if it is time to."""
        if step not in self.course.measured_at:
            return
        place = list(self.course.measured_at).index(step)
        for name, values in self.measure(state).items():
            shape = (self.stack.size, len(self.course.measured_at), *values.shape[1:])
            self.measured.setdefault(name, np.full(shape, np.nan, dtype=values.dtype))
            self.measured[name][:, place] = values

    def _let_go(self, step: int) -> np.ndarray:
        """End the members whose patience is at its end; their numbers."""
        nobody = np.arange(0)
        rule = self.course.early_stopping
        time_to_look = rule and (step % rule.every == 0 or step == self.course.num_steps)
        if not time_to_look or not len(self.active):
            return nobody
        rows = torch.from_numpy(self.active)
        values = self.measure.take(rows).metrics_of(self.state)[rule.monitor]
        goes_on = self.watch.look(step, values, self.state, self.active)
        if goes_on.all():
            return nobody
        gone, self.active = self.active[~goes_on], self.active[goes_on]
        stay = torch.from_numpy(np.flatnonzero(goes_on))
        parts = (self.state, self.rates, self.extra)
        self.state, self.rates, self.extra = (map_trees(lambda t: t[stay], p) for p in parts)
        self.now = self.now.take(stay)
        return gone


def diverged_at(losses: np.ndarray) -> np.ndarray:
    """The first step whose loss is infinite or no number while the member trained; −1 if none.

    Args:
        losses: (members, steps), cut to the steps that were made.
    """
    bad = ~np.isfinite(losses)
    return np.where(bad.any(axis=1), bad.argmax(axis=1), -1)
