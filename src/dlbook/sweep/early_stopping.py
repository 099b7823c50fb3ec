"""Early stopping, member by member: who has not improved for a while keeps its best weights."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from dlbook.optimizers.trees import Tree, map_trees


@dataclass(frozen=True)
class EarlyStopping:
    """When a member ends before the others.

    Attributes:
        monitor: a "set metric" of the sweep, small is good, such as "validation loss".
        patience: how many looks in a row without an improvement end a member, at least 1.
        every: steps between looks, at least 1; the first is before the first step.
        min_delta: how much smaller the monitored value must be to count.

    Reference: Prechelt, "Early stopping - but when?", 1998.
    """

    monitor: str
    patience: int = 5
    every: int = 1
    min_delta: float = 0.0

    def __post_init__(self):
        for name, least in (("patience", 1), ("every", 1), ("min_delta", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, not {getattr(self, name)!r}")


class Watch:
    """The best weights of the members that are watched, and how long they have not improved."""

    def __init__(self, rule: EarlyStopping, num_members: int):
        self.rule = rule
        self.best_value = np.full(num_members, np.inf)
        self.best_step = np.zeros(num_members, dtype=np.int64)
        self.waited = np.zeros(num_members, dtype=np.int64)
        self.best: Tree = {}

    def look(self, step: int, values: np.ndarray, state: Tree, active: np.ndarray) -> np.ndarray:
        """Take note of the values of the `active` members; which of them go on, (active,) bool.

        Args:
            step: made so far.
            values: monitored, (active,).
            state: of the active members.
            active: their numbers, (active,).
        """
        weights = {"params": state["params"], "buffers": state["buffers"]}
        if not self.best:
            self.best = map_trees(torch.clone, weights)
        better = values < self.best_value[active] - self.rule.min_delta
        improved = active[better]
        self.best_value[improved], self.best_step[improved] = values[better], step
        _copy_rows(self.best, weights, torch.from_numpy(improved), torch.from_numpy(better))
        self.waited[active] = np.where(better, 0, self.waited[active] + 1)
        return self.waited[active] < self.rule.patience


def _copy_rows(target: Tree, source: Tree, to: Tensor, chosen: Tensor) -> None:
    for name, value in source.items():
        if isinstance(value, dict):
            _copy_rows(target[name], value, to, chosen)
        else:
            target[name][to] = value[chosen]
