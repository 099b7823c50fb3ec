"""`TrainingExplorer`: a model that trains while the reader watches and turns the controls."""

import os
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from plotly.graph_objects import Figure

from dlbook.compile.experiment import Experiment, TorchRun
from dlbook.compile.own_points import OwnPoint
from dlbook.compile.set_weights import SetWeight
from dlbook.explore.controls import Control, Predict
from dlbook.explore.explorer import Explorer
from dlbook.explore.picture import Picture
from dlbook.explore.views import Need, PointsPanel, TilesPanel, Views, WeightsPanel

# What the page can write: see `filled` in training.js.
FORMAT = re.compile(r"(\.\d+[fg%]|,|,\.0f)?")
SPEEDS = {
    "slow": "two steps a second",
    "single": "one step a frame",
    "even": "faster and faster",  # evenly along a logarithmic axis of steps
    "full": "as fast as it goes",
}


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
        weights: where readers set weights by hand.
        edits: those that are set at the start, (step, name, unit, source, value) each.
        tiles: places in the figure that choose a value of a setting.
        needs: setting -> `Need`, for controls that make sense only with some values of another.
        at_hand: controls that stay in sight, with the buttons, while the figure is.
        folded: controls that are folded away at first.
        speed: one of `SPEEDS`, which readers can change in a page.
        code: lines of Python that end in "name()", which make this explorer; the function takes
            `start`, a dict of settings, `points`, and `weights` as `edits` are. Readers are offered
            them for a notebook.
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
        weights: WeightsPanel | None = None,
        edits: Sequence[tuple[int, str, int, int, float]] = (),
        tiles: TilesPanel | None = None,
        needs: Mapping[str, Need] = MappingProxyType({}),
        at_hand: Sequence[str] = (),
        folded: Sequence[str] = (),
        speed: str = "even",
        code: str | None = None,
        predict: Predict | None = None,
        **controls: Control,
    ):
        self.experiment, self.views, self.preview = experiment, views, preview
        self.panel, self.folded, self.code, self.speed = panel, tuple(folded), code, speed
        self.weights, self.tiles, self.needs, self.at_hand = weights, tiles, needs, tuple(at_hand)
        self.points = [OwnPoint(*point) for point in points]
        self.edits = [SetWeight(*edit) for edit in edits]
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
        settings = self.settings(**settings)
        return TorchRun(self.experiment, settings, points=self.points, edits=self.edits)

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
        named = {"folded": self.folded, "at hand": self.at_hand, "needs": self.needs}
        named["needs of"] = [need.setting for need in self.needs.values()]
        named["tiles"] = [self.tiles.setting] if self.tiles else []
        for where, settings in named.items():
            for setting in settings:
                if setting not in self.controls:
                    self._fail(f"{where}: there is no control {setting!r}")
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
