"""`TrainingExplorer`: a model that trains while the reader watches and turns the controls."""

import os
import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from plotly.graph_objects import Figure

from dlbook.compile.experiment import Experiment, TorchRun
from dlbook.compile.own_points import OwnPoint
from dlbook.explore.controls import Control, Predict
from dlbook.explore.explorer import Explorer, ExplorerError

# What the page can write: see `filled` in training.js.
FORMAT = re.compile(r"(\.\d+[fg%]|,|,\.0f)?")
MAX_CURVE = 400  # points of a curve; then every second one goes
SPEEDS = {
    "slow": "two steps a second",
    "single": "one step a frame",
    "even": "faster and faster",  # evenly along a logarithmic axis of steps
    "full": "as fast as it goes",
}


@dataclass(frozen=True)
class Views:
    """How the outputs of an experiment's `view` become a figure and a sentence.

    Args:
        figure: makes the figure, once; its traces have names, and its axes fixed ranges.
        slots: "trace name/attribute" -> output; the attribute is z, x, y, marker.size ... or
            text, which shows the numbers as they are: let the view round them.
        curves: trace name -> output, a number: the trace shows it over the steps of the run.
        status: a sentence with outputs, `num_steps` and `loss` in braces, e.g.
            "Step {num_steps:,}: loss {loss:.3f}, accuracy {accuracy:.1%}"; or several of them.
        case: the output that is the number of the sentence to say, where there are several.
    """

    figure: Callable[[], Figure]
    slots: Mapping[str, str]
    curves: Mapping[str, str]
    status: str | Sequence[str]
    case: str | None = None

    @property
    def sentences(self) -> list[str]:
        """All that the status may say."""
        return [self.status] if isinstance(self.status, str) else list(self.status)

    def fields(self) -> list[tuple[str, str]]:
        """Name and format of every brace in them."""
        parsed = (part for words in self.sentences for part in string.Formatter().parse(words))
        return [(name, spec) for _, name, spec, _ in parsed if name]


@dataclass(frozen=True)
class PointsPanel:
    """The panel into which readers put points of their own, that of the axes x and y.

    Args:
        classes: names of the labels 0, 1, ...
        limit: coordinates are in [−limit, limit].
    """

    classes: tuple[str, ...]
    limit: float


class TrainingExplorer(Explorer):
    """An experiment with controls: it trains, pauses, goes step by step, starts over.

    With a kernel torch trains; in the page the compiled functions do. Numbers such as the learning
    rate go into the run under way; a control of the structure, of a size or of a seed starts over.

    Args:
        experiment: what is trained.
        views: what is shown of it.
        name: unique on its page.
        preview: steps that are trained for the picture that stands there before the reader starts.
        panel: where readers add points, if the experiment takes any.
        points: those that are there at the start, (x1, x2, label) each.
        folded: controls that are folded away at first.
        speed: one of `SPEEDS`, which readers can change in a page.
        code: lines of Python that end in "name()", which make this explorer; the function takes
            `start`, a dict of settings, and `points`. Readers are offered them for a notebook.
        caption, alt, predict, **controls: as for `Explorer`; one control a setting of the
            experiment. There may be any number of positions.

    Raises:
        ExplorerError: the message names the explorer and the setting.
    """

    def __init__(
        self,
        experiment: Experiment,
        views: Views,
        *,
        name: str,
        caption: str,
        alt: str,
        preview: int = 0,
        panel: PointsPanel | None = None,
        points: Sequence[tuple[float, float, int]] = (),
        folded: Sequence[str] = (),
        speed: str = "even",
        code: str | None = None,
        predict: Predict | None = None,
        **controls: Control,
    ):
        self.experiment, self.views, self.preview = experiment, views, preview
        self.panel, self.folded, self.code, self.speed = panel, tuple(folded), code, speed
        self.points = [OwnPoint(*point) for point in points]
        super().__init__(
            self._previewed,
            caption=caption,
            alt=alt,
            name=name,
            predict=predict,
            gaps=True,
            **controls,
        )

    def run(self, **settings) -> TorchRun:
        """The experiment at `settings`, at its start; settings left out take their defaults."""
        return TorchRun(self.experiment, self.settings(**settings), points=self.points)

    def _previewed(self, **settings) -> Figure:
        run = self.run(**settings)
        picture = Picture(self)
        picture.take(run)
        # pictures at 1, 2, 3, 4, 5, 7, 9, 11, 14, ...
        while run.num_steps < self.preview and not run.over:
            run.step(min(1 + run.num_steps // 4, self.preview - run.num_steps))
            picture.take(run)
        return picture.figure

    def _check_parameters(self):
        self.takes_progress = False
        known = self.experiment.settings
        for setting in self.controls:
            if setting not in known:
                self._fail(f"unknown setting {setting!r}: the experiment has {', '.join(known)}")
        for setting in known:
            if setting not in self.controls:
                self._fail(f"setting {setting!r} of the experiment has no control")
        if (self.panel is None) != (self.experiment.own_points == 0):
            self._fail("it needs a panel for points if, and only if, its experiment takes points")
        for setting in self.folded:
            if setting not in self.controls:
                self._fail(f"folded: there is no control {setting!r}")
        if (len(self.views.sentences) > 1) != (self.views.case is not None):
            self._fail("it needs a case if, and only if, its status has several sentences")
        if self.speed not in SPEEDS:
            self._fail(f"speed is {self.speed!r}; it must be one of {', '.join(SPEEDS)}")
        if self.code is not None and not self.code.endswith("()"):
            self._fail('the code must end in "()", where settings will stand')
        for name, spec in self.views.fields():
            if not FORMAT.fullmatch(spec):
                self._fail(f"status: {{{name}:{spec}}} has a format that the page can't write")

    def _check_grid(self):
        """Any number of positions: nothing is computed ahead."""

    def _ipython_display_(self):
        from IPython.display import display

        from dlbook.explore import live_training, training_pack, visit

        if os.environ.get("DLBOOK_PAGE"):
            display(training_pack.bundle(self), raw=True)
        else:
            visit.visit_training(self, os.environ.get("DLBOOK_VISIT", "off"))
            live_training.show(self)


class Picture:
    """The figure of a run as it goes on: `figure` has what `take` saw last.

    `take` raises `ExplorerError` where the views name a trace or an output that is not there.
    """

    def __init__(self, explorer: TrainingExplorer):
        self.name, self.views = explorer.name, explorer.views
        self.figure = self.views.figure()
        self.traces = {trace.name: trace for trace in self.figure.data}
        self.restart()

    def restart(self):
        """Forget the curves."""
        self.curves = {name: Curve() for name in self.views.curves}

    def take(self, run: TorchRun):
        """Show the run as it is now."""
        steps = {"num_steps": run.num_steps, "loss": run.loss}
        outputs = run.view() | steps
        for slot, output in self.views.slots.items():
            trace, attribute = slot.split("/")
            values = self._of(outputs, "output", output)
            self._of(self.traces, "trace", trace)[attribute] = shown(attribute, values)
        for trace, curve in self.curves.items():
            if run.num_steps:  # the axis of the steps is logarithmic and has no 0
                output = self._of(outputs, "output", self.views.curves[trace])
                curve.add(run.num_steps, float(output))
            self._of(self.traces, "trace", trace).update(x=curve.x, y=curve.y)
        fields = {name for name, _ in self.views.fields()} | {self.views.case} - {None}
        numbers = {name: float(self._of(outputs, "output", name)) for name in fields} | steps
        self.figure.layout.meta = {"status": sentence(self.views, numbers)}

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
    """The status with its numbers; where the loss is none any more, that it diverged."""
    if numbers["num_steps"] and not np.isfinite(numbers["loss"]):
        return (
            f"Diverged at step {numbers['num_steps']:,}: the loss is no longer a number. "
            "Take a smaller learning rate."
        )
    case = 0 if views.case is None else int(numbers[views.case])
    return views.sentences[case].format(**numbers)
