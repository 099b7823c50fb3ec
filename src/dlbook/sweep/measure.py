"""What is measured of members while they train: metrics on data sets, and views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn

from dlbook.optimizers.trees import Tree
from dlbook.sweep.data import Stacked
from dlbook.sweep.stack import Layout
from dlbook.sweep.step import answers
from dlbook.training import Compare

AT_ONCE = 1 << 22  # numbers of an input that are looked at together, over all members


@dataclass(frozen=True)
class Measure:
    """What to take of a group of members.

    Attributes:
        model: lends its architecture, in eval mode.
        layout: of the flat parameter vectors.
        sets: name -> data to measure on.
        metrics: name -> metric(predictions, targets).
        views: name -> inputs (n, ...), whose answers are kept.
        stackable: whether the model can answer for all members at once.
    """

    model: nn.Module
    layout: Layout
    sets: Mapping[str, Stacked]
    metrics: Mapping[str, Compare]
    views: Mapping[str, Stacked]
    stackable: bool = True

    def take(self, rows: Tensor) -> "Measure":
        """For some members only."""
        sets, views = ({k: v.take(rows) for k, v in d.items()} for d in (self.sets, self.views))
        return Measure(self.model, self.layout, sets, self.metrics, views, self.stackable)

    def __call__(self, state: Tree) -> dict[str, np.ndarray]:
        """Metrics "set metric" (members,) and views (members, n, ...)."""
        found = self.metrics_of(state)
        for name, inputs in self.views.items():
            X, _ = inputs.whole()
            found[name] = self.answers(state, X, shared=inputs.shared).cpu().numpy()
        return found

    def metrics_of(self, state: Tree) -> dict[str, np.ndarray]:
        """The metrics alone."""
        found = {}
        for name, data in self.sets.items():
            X, y = data.whole()
            y_hat = self.answers(state, X, shared=data.shared)
            for metric, compare in self.metrics.items():
                targets = [y] * len(y_hat) if data.shared else y
                pairs = zip(y_hat, targets, strict=True)
                found[f"{name} {metric}"] = np.array([_number(compare(*pair)) for pair in pairs])
        return found

    def answers(self, state: Tree, X: Tensor, *, shared: bool) -> Tensor:
        """What every member answers, (members, n, ...), a few members at a time."""
        members = len(state["params"])
        sample = X if shared else X[0]
        at_once = max(1, AT_ONCE // max(sample.numel(), 1)) if self.stackable else 1
        parts = []
        for rows in torch.arange(members, device=X.device).split(at_once):
            some = _rows_of(state, rows)
            inputs = X if shared else X[rows]
            parts.append(self._some(some, inputs, shared))
        return torch.cat(parts)

    def _some(self, state: Tree, X: Tensor, shared: bool) -> Tensor:
        if self.stackable:
            return answers(self.model, self.layout, state, X, shared=shared)
        tensors = self.layout.unflatten(state["params"][0])
        tensors |= {name: buffer[0] for name, buffer in state["buffers"].items()}
        with torch.no_grad():
            y_hat = torch.func.functional_call(self.model, tensors, (X if shared else X[0],))
        return y_hat[None]


def _rows_of(state: Tree, rows: Tensor) -> Tree:
    buffers = {name: buffer[rows] for name, buffer in state["buffers"].items()}
    return {"params": state["params"][rows], "buffers": buffers}


def _number(value: Tensor | float) -> float:
    return torch.as_tensor(value).cpu().double().mean().item()


def check_times(times: Sequence[int], num_steps: int) -> None:
    """See whether members of `num_steps` steps can be measured after each of the steps `times`.

    Raises:
        ValueError: a step lies outside 0 to `num_steps`, or they don't ascend.
    """
    ascending = all(a < b for a, b in pairwise(times))
    if not times or not ascending or times[0] < 0 or times[-1] > num_steps:
        raise ValueError(
            f"measured after the steps {list(times)}; they must ascend from 0 to {num_steps}"
        )
