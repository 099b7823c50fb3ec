"""`Explorer`: a pure function of plain settings that returns a figure, and its controls."""

import inspect
import itertools
import math
import os
import re
from collections.abc import Callable, Iterator

from plotly.graph_objects import Figure

from dlbook.explore.controls import Control, Predict

MAX_POSITIONS = 1_000
PLAIN = str | int | float | bool | None  # what a page's address can hold


class ExplorerError(Exception):
    """A mistake in the declaration of an explorer or in a figure it returns."""


class Explorer:
    """A figure that the reader moves: `function(**settings) -> Figure` and one control a setting.

    Shown as the last expression of a cell. With a kernel it becomes ipywidgets controls and a
    plotly figure updated in place; when the book is built (`DLBOOK_PAGE=1`) the figure at every
    position is computed and packed into the page.

    Args:
        function: pure; takes the settings by name. A parameter called `progress`, if it has one,
            is a callable that long work calls as `progress(done, total)` and that raises
            `Cancelled` once the reader has moved on.
        caption: what the figure shows, as plain text.
        alt: what a reader who can't see it needs to know, as plain text.
        name: unique on its page; the function's name by default.
        predict: a question that holds the figure back until it is answered.
        gaps: whether coordinates may be NaN, which leaves a gap in a line.
        **controls: one `Slider`, `LogSlider`, `Choice`, `Toggle` or `Play` a setting.

    Raises:
        ExplorerError: the message names the explorer and the setting.
    """

    def __init__(
        self,
        function: Callable[..., Figure],
        *,
        caption: str,
        alt: str,
        name: str | None = None,
        predict: Predict | None = None,
        gaps: bool = False,
        **controls: Control,
    ):
        self.function = function
        self.name = (name or function.__name__).replace("_", "-")
        self.caption, self.alt = caption, alt
        self.predict, self.gaps = predict, gaps
        self.controls = controls
        self._check_declaration()

    def figure(self, **settings) -> Figure:
        """The figure at `settings`; settings left out take their defaults.

        Raises `ValueError` that names the setting, the value and what is allowed.
        """
        return self.compute(self.settings(**settings))

    def settings(self, **given) -> dict:
        """All settings, `given` ones checked against the controls' values."""
        settings = {setting: control.default for setting, control in self.controls.items()}
        for setting, value in given.items():
            if setting not in self.controls:
                known = ", ".join(self.controls)
                raise ValueError(f"{self.name}: no setting {setting!r}; it has {known}")
            control = self.controls[setting]
            try:
                settings[setting] = control.positions[control.index(value)]
            except ValueError as error:
                raise ValueError(f"{self.name}: {setting}: {error}") from None
        return settings

    def compute(self, settings: dict, progress: Callable | None = None) -> Figure:
        """Call the function and check that what it returns is a figure with a status sentence."""
        extra = {"progress": progress or _no_progress} if self.takes_progress else {}
        figure = self.function(**settings, **extra)
        if not isinstance(figure, Figure):
            raise ExplorerError(f"{self.at(settings)}: returned {type(figure)}, not a Figure")
        meta = figure.layout.meta
        if not (isinstance(meta, dict) and meta.get("status")):
            raise ExplorerError(f"{self.at(settings)}: the figure has no status (use with_status)")
        return figure

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of positions of each control."""
        return tuple(len(control.positions) for control in self.controls.values())

    def grid(self) -> Iterator[dict]:
        """The settings at every position, the last control moving fastest."""
        values = (control.positions for control in self.controls.values())
        return (dict(zip(self.controls, combination, strict=True))
                for combination in itertools.product(*values))  # fmt: skip

    def ends(self) -> Iterator[dict]:
        """The default settings, then both ends of every control with the others at default."""
        default = self.settings()
        yield default
        for setting, control in self.controls.items():
            for value in (control.positions[0], control.positions[-1]):
                yield default | {setting: value}

    def at(self, settings: dict) -> str:
        """This explorer at `settings`, in words, for error messages."""
        return f"explorer {self.name} at " + ", ".join(f"{k}={v!r}" for k, v in settings.items())

    def _ipython_display_(self):
        from IPython.display import display

        from dlbook.explore import live, table, visit

        if os.environ.get("DLBOOK_PAGE"):
            display(table.bundle(self), raw=True)
        else:
            visit.visit(self, os.environ.get("DLBOOK_VISIT", "off"))
            live.show(self)

    def _check_declaration(self):
        if not re.fullmatch(r"[a-z][a-z0-9-]*", self.name):
            self._fail(f"a name is letters, digits and hyphens, not {self.name!r}")
        for word in ("caption", "alt"):
            if not getattr(self, word).strip():
                self._fail(f"{word} is empty")
        if not self.controls:
            self._fail("it has no control")
        for setting, control in self.controls.items():
            if not isinstance(control, Control):
                self._fail(f"setting {setting!r}: {control!r} is not a control")
            self._check_values(setting, control)
        self._check_parameters()
        self._check_grid()

    def _check_grid(self):
        if math.prod(self.shape) > MAX_POSITIONS:
            sizes = " x ".join(f"{k} {n}" for k, n in zip(self.controls, self.shape, strict=True))
            self._fail(f"{sizes} = {math.prod(self.shape)} positions; at most {MAX_POSITIONS:,}")

    def _check_values(self, setting: str, control: Control):
        try:
            control.index(control.default)
        except ValueError as error:
            self._fail(f"setting {setting!r}: default {error}")
        for value in control.positions:
            if not _is_plain(value):
                self._fail(
                    f"setting {setting!r}: {value!r} is no number, string, bool or None, or tuple "
                    "of them"
                )
        if len(set(control.addresses)) < len(control.positions):
            self._fail(f"setting {setting!r} has two equal values: {', '.join(control.addresses)}")

    def _check_parameters(self):
        parameters = dict(inspect.signature(self.function).parameters)
        self.takes_progress = parameters.pop("progress", None) is not None
        known = ", ".join(parameters)
        for setting in self.controls:
            if setting not in parameters:
                self._fail(f"unknown setting {setting!r}: {self.function.__name__} takes {known}")
        for parameter, details in parameters.items():
            if parameter not in self.controls and details.default is details.empty:
                self._fail(f"setting {parameter!r} of {self.function.__name__} has no control")

    def _fail(self, message: str):
        raise ExplorerError(f"explorer {self.name}: {message}")


def _is_plain(value) -> bool:
    """Whether `value` can stand in the page's address and come back from there."""
    return all(map(_is_plain, value)) if isinstance(value, tuple) else isinstance(value, PLAIN)


def _no_progress(done: int, total: int) -> None:
    """The progress of a computation that nobody watches."""
