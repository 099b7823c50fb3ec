"""An experiment: data, a start, a training step and what one sees of it, as four torch functions.

The same functions run in two places: with torch (`TorchRun`, below), and compiled in a page
(`stage_programs` in `stages.py` and `page/static/run.js`, which does there what `TorchRun` does).
"""

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import torch
from torch import Tensor

from dlbook.compile.own_points import OwnPoint, as_tensors
from dlbook.compile.set_weights import SetWeight, set_due, with_edit

STAGES = ("data", "start", "step", "view")
# What functions of a stage may take, as dicts of tensors.
TENSORS = ("params", "state", "batch", "hyper", "points")


@dataclass(frozen=True)
class Experiment:
    """Four functions and what the reader can set.

    Each function takes by name what it needs of the settings and of the dicts of tensors `params`,
    `state`, `batch`, `hyper` and `points` (these first, then the rest). It must be traceable: no
    branch on a tensor's value, random numbers only from `dlbook.random`.

    Args:
        data: returns the batch, a dict of tensors.
        start: returns {"params": ..., "state": ...}, both nested dicts of tensors.
        step: returns {"params": ..., "state": ..., "loss": 0-d tensor}, one training step later;
            and "done" if it likes, a 0-d tensor that is not 0 where no other step should follow.
        view: returns a dict of tensors, what a figure or a sentence shows. Takes what it likes.
        structure: settings that choose among graphs (depth, activation, ...): plain values.
        sizes: settings that are lengths (width, ...), each with the example to trace with: 3 or
            more, all different, and different from all fixed lengths of 3 or more.
        ints: whole numbers that only draws use: seeds. `num_steps`, the steps done, is always
            known too, so that each step can draw from a stream of its own.
        numbers: settings that are in `hyper`, as 0-d tensors; a change of one goes into the run
            under way.
        restart: those of `numbers` whose change starts over, because `data` or `start` use them.
        own_points: how many points readers may add; only `data` takes them, as `points` (see
            `own_points.as_tensors`), and is called again for new ones while the run goes on.
    """

    data: Callable[..., dict]
    start: Callable[..., dict]
    step: Callable[..., dict]
    view: Callable[..., dict]
    structure: tuple[str, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    ints: tuple[str, ...] = ("seed",)
    numbers: tuple[str, ...] = ()
    restart: tuple[str, ...] = ()
    own_points: int = 0

    @property
    def settings(self) -> tuple[str, ...]:
        """The names of everything that can be set."""
        return (*self.structure, *self.sizes, *self.ints, *self.numbers)

    @property
    def live(self) -> tuple[str, ...]:
        """The settings that may change while a run goes on."""
        return tuple(name for name in self.numbers if name not in self.restart)

    def parameters(self, stage: str) -> tuple[str, ...]:
        """What the function of `stage` takes."""
        return tuple(inspect.signature(getattr(self, stage)).parameters)

    def chosen_by(self, stage: str) -> tuple[str, ...]:
        """The structure settings that the function of `stage` depends on."""
        return tuple(name for name in self.structure if name in self.parameters(stage))

    def function(self, stage: str, settings: Mapping) -> Callable[..., dict]:
        """The function of `stage` with its structure fixed."""
        chosen = {name: settings[name] for name in self.chosen_by(stage)}
        return partial(getattr(self, stage), **chosen)

    def hyper(self, settings: Mapping) -> dict[str, Tensor]:
        """The numbers as 0-d tensors; None, a control's "none", is 0."""
        values = {name: settings[name] for name in self.numbers}
        return {name: torch.tensor(float(value or 0.0)) for name, value in values.items()}


class TorchRun:
    """An experiment run with torch, step by step.

    Args:
        experiment: what to run.
        settings: a value for each of its settings.
        points: the reader's own.
        edits: weights that are set by hand, each after its number of steps.
        device: where the tensors are.

    Attributes:
        num_steps: how many steps have been done.
        done: whether the last step said that no other one should follow.
        loss: the loss that the last step returned, before its update; NaN before the first.
        tensors: the dicts "params", "state", "batch" and "hyper" as they are now.
    """

    def __init__(
        self,
        experiment: Experiment,
        settings: Mapping,
        *,
        points: Sequence[OwnPoint] = (),
        edits: Sequence[SetWeight] = (),
        device: str = "cpu",
    ):
        self.experiment, self.device = experiment, device
        self.points, self.edits = list(points), list(edits)
        self.restart(settings)

    @property
    def diverged(self) -> bool:
        """Whether a step has been done and its loss was not a number."""
        return self.num_steps > 0 and not math.isfinite(self.loss)

    @property
    def over(self) -> bool:
        """Whether no other step should follow."""
        return self.done or self.diverged

    def restart(self, settings: Mapping) -> None:
        """Make the data and begin again from the start."""
        self.settings = dict(settings)
        self.num_steps, self.loss, self.done = 0, float("nan"), False
        self.tensors = {"hyper": _moved(self.experiment.hyper(settings), self.device)}
        self.set_points(self.points)
        self.tensors |= self.call("start")
        self._set_due()

    def set_points(self, points: Sequence[OwnPoint]) -> None:
        """Go on with these points of the reader's own.

        Raises `ValueError` where they are more than `experiment.own_points`.
        """
        tensors = as_tensors(points, self.experiment.own_points)
        self.points = list(points)
        self.tensors["points"] = _moved(tensors, self.device)
        self.tensors["batch"] = self.call("data")

    def change(self, settings: Mapping) -> None:
        """Go on with other settings; only those in `experiment.live` may differ."""
        self.settings = dict(settings)
        self.tensors["hyper"] = _moved(self.experiment.hyper(settings), self.device)

    def step(self, count: int = 1) -> float:
        """Train `count` steps, fewer where it is over before; the last loss."""
        for _ in range(count):
            result = self.call("step")
            self.tensors |= {"params": result["params"], "state": result["state"]}
            self.loss, self.done = float(result["loss"]), bool(result.get("done", 0))
            self.num_steps += 1
            if self.over:
                break
            self._set_due()
        return self.loss

    def set_weight(self, name: str, unit: int, source: int, value: float) -> None:
        """Go on with another value of an entry of a parameter, see `SetWeight`."""
        edit = SetWeight(self.num_steps, name, unit, source, value)
        self.edits = with_edit(self.edits, edit)
        self._set_due()

    def _set_due(self):
        self.tensors["params"] = set_due(self.tensors["params"], self.edits, self.num_steps)

    def view(self) -> dict[str, np.ndarray]:
        """What the run looks like now, as arrays."""
        with torch.no_grad():
            return {name: tensor.cpu().numpy() for name, tensor in self.call("view").items()}

    def call(self, stage: str) -> dict:
        """What the function of `stage` returns now."""
        known = self.tensors | self.settings | {"num_steps": self.num_steps}
        needed = self.experiment.parameters(stage)
        result = getattr(self.experiment, stage)(**{name: known[name] for name in needed})
        return _moved(result, self.device)


def trained_run(
    experiment: Experiment,
    defaults: Mapping,
    num_steps: int,
    settings: Mapping,
    points: Sequence[tuple[float, float, int]] = (),
    edits: Sequence[SetWeight] = (),
) -> TorchRun:
    """A run after `num_steps` steps, at `defaults` with the changes in `settings`.

    Raises `ValueError` for a setting that `defaults` does not have.
    """
    unknown = settings.keys() - defaults.keys()
    if unknown:
        raise ValueError(
            f"no setting {', '.join(sorted(unknown))}; there are {', '.join(defaults)}"
        )
    run = TorchRun(experiment, {**defaults, **settings}, points=points, edits=edits)
    run.step(num_steps)
    return run


def _moved(tree: dict, device: str) -> dict:
    """The tensors in nested dicts, on `device` and without their history."""
    return {
        key: _moved(value, device) if isinstance(value, dict) else value.detach().to(device)
        for key, value in tree.items()
    }
