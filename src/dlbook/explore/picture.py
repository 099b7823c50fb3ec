"""The figure of a run as it goes on: what a training explorer shows with a kernel."""

from collections.abc import Mapping

import numpy as np

from dlbook.compile.experiment import TorchRun
from dlbook.explore.explorer import ExplorerError
from dlbook.explore.views import Views

MAX_CURVE = 400  # points of a curve; then every second one goes


class Picture:
    """The figure of a run as it goes on: `figure` has what `take` saw last.

    At `last_step` the axis of the curves ends, and a training pauses.

    `take` raises `ExplorerError` where the views name a trace or an output that is not there.
    """

    def __init__(self, explorer):
        self.name, self.views = explorer.name, explorer.views
        self.figure = self.views.figure()
        self.traces = {trace.name: trace for trace in self.figure.data}
        self.last_step = self._last_step()
        self.restart()

    def restart(self):
        """Forget the curves."""
        self.num_steps = 0  # of what is shown
        self.curves = {name: Curve() for name in self.views.curves}

    def take(self, run: TorchRun):
        """Show the run as it is now; after a divergence only the sentence changes."""
        outputs = run.view() | {"num_steps": run.num_steps, "loss": run.loss}
        losses = [self._of(outputs, "output", output) for output in self.views.curves.values()]
        if run.diverged or (run.num_steps and losses and not np.isfinite(losses).any()):
            self.figure.layout.meta = {"status": diverged(run.num_steps, self.num_steps)}
            return
        self.num_steps = run.num_steps
        for slot, output in self.views.slots.items():
            trace, attribute = slot.split("/")
            values = self._of(outputs, "output", output)
            self._of(self.traces, "trace", trace)[attribute] = shown(attribute, values)
        for trace, curve in self.curves.items():
            if run.num_steps:  # the axis of the steps is logarithmic and has no 0
                output = self._of(outputs, "output", self.views.curves[trace])
                curve.add(run.num_steps, float(output))
            self._of(self.traces, "trace", trace).update(x=curve.x, y=curve.y)
        fields = [*(name for name, _ in self.views.fields()), *self.views.status_where]
        numbers = {name: float(self._of(outputs, "output", name)) for name in fields}
        numbers |= {"num_steps": run.num_steps, "loss": run.loss}
        said = sentence(self.views, numbers)
        if run.num_steps == self.last_step:
            said += " Paused at the end of the axis."
        self.figure.layout.meta = {"status": said}

    def _last_step(self) -> int | None:
        """The step at which the axis of the curves ends; None where it has no fixed end."""
        curve = self.traces.get(next(iter(self.views.curves), None))
        if curve is None:
            return None
        steps = self.figure.layout[f"xaxis{(curve.xaxis or 'x')[1:]}"]
        if not steps.range:
            return None
        return round(10 ** steps.range[1] if steps.type == "log" else steps.range[1])

    def _of(self, known: Mapping, kind: str, name: str):
        if name not in known:
            there = ", ".join(map(str, known))
            raise ExplorerError(
                f"explorer {self.name}: the views name {kind} {name!r}; there is {there}"
            )
        return known[name]


class Curve:
    """A number over the steps, in at most `MAX_CURVE` points."""

    def __init__(self):
        self.x: list[float] = []
        self.y: list[float] = []

    def add(self, step: int, value: float):
        """One more point."""
        self.x.append(step)
        self.y.append(value)
        if len(self.x) > MAX_CURVE:
            self.x, self.y = self.x[::2], self.y[::2]


def shown(attribute: str, values: np.ndarray) -> np.ndarray | list[str]:
    """What a trace takes for an output: numbers as texts where it wants texts, "98", not "98.0"."""
    return [f"{value:g}" for value in values] if attribute == "text" else values


def sentence(views: Views, numbers: Mapping[str, float]) -> str:
    """The status with its numbers."""
    for output, words in views.status_where.items():
        if numbers[output] > 0:
            return words.format(**numbers)
    return views.status.format(**numbers)


def diverged(num_steps: int, shown_steps: int) -> str:
    """The status once the loss is no number any more."""
    return (
        f"Diverged at step {num_steps:,}: the loss is no longer a number. The pictures are those "
        f"of step {shown_steps:,}. Take a smaller learning rate."
    )
