"""A training explorer with a kernel: torch trains in a thread while the figure follows."""

import html
import math
import threading
import time

import ipywidgets as widgets

from dlbook.explore.live import (
    CSS_CLASS,
    STYLE,
    control_widget,
    question_before,
    start_of,
    words_of,
)
from dlbook.explore.live_figure import LiveFigure, WidthWatcher
from dlbook.explore.training_explorer import Picture, TrainingExplorer

SECONDS_A_PICTURE = 0.25  # each is a message of some ten kilobytes to the browser


def show(explorer: TrainingExplorer) -> None:
    """Display `explorer` below the cell."""
    from IPython.display import display

    display(LiveTraining(explorer).box)


class LiveTraining:
    """The widgets of one training explorer: `box` holds them all.

    The run belongs to whoever holds `lock`: the thread that trains, or a click.
    """

    def __init__(self, explorer: TrainingExplorer):
        self.explorer, self.lock = explorer, threading.Lock()
        self.run, self.picture = explorer.run(), Picture(explorer)
        self.picture.take(self.run)
        self.figure = LiveFigure(self.picture.figure)
        self.status = widgets.HTML()
        self.controls = {n: control_widget(n, c) for n, c in explorer.controls.items()}
        self.train = widgets.ToggleButton(description="▶ Train")
        self.train.observe(self._train_or_pause, names="value")
        for widget in self.controls.values():
            widget.observe(self._moved, names="value")
        self.box = self._boxed()
        self._show()

    def settings(self) -> dict:
        """The settings as the controls stand."""
        controls = self.explorer.controls
        return {n: controls[n].positions[int(w.value)] for n, w in self.controls.items()}

    def step(self, *_) -> None:
        """Pause, and train one step."""
        self.train.value = False
        with self.lock:
            self.run.step()
            self._show()

    def restart(self, *_) -> None:
        """Pause, and begin again."""
        self.train.value = False
        with self.lock:
            self._begin_again()

    def reset(self, *_) -> None:
        """Put every control back to its default, which begins again."""
        for name, control in self.explorer.controls.items():
            self.controls[name].value = start_of(control)
        self.restart()

    def _boxed(self) -> widgets.VBox:
        buttons = [self.train]
        for words, action in (
            ("One step", self.step),
            ("Start over", self.restart),
            ("Reset", self.reset),
        ):
            buttons.append(widgets.Button(description=words))
            buttons[-1].on_click(action)
        row = widgets.HBox(buttons, layout={"flex_flow": "row wrap"})
        parts = [*self.controls.values(), row, WidthWatcher(), self.figure, self.status]
        body = widgets.VBox([*parts, widgets.HTML(words_of(self.explorer))])
        predict = self.explorer.predict
        parts = [body] if predict is None else [question_before(predict, body), body]
        box = widgets.VBox([widgets.HTML(STYLE, layout={"height": "0"}), *parts])
        box.add_class(CSS_CLASS)
        return box

    def _moved(self, _):
        """A number goes into the run under way, anything else begins again."""
        with self.lock:
            before, settings = self.run.settings, self.settings()
            moved = {name for name in settings if settings[name] != before[name]}
            if moved <= set(self.explorer.experiment.live):
                self.run.change(settings)
            else:
                self._begin_again()

    def _begin_again(self):
        self.run.restart(self.settings())
        self.picture.restart()
        self._show()

    def _train_or_pause(self, change):
        self.train.description = "❚❚ Pause" if change["new"] else "▶ Train"
        if change["new"]:
            threading.Thread(target=self._train, daemon=True, name="training").start()

    def _train(self):
        """Train and show until the reader pauses or the loss is no longer a number."""
        while self.train.value:
            with self.lock:
                if self.run.num_steps and not math.isfinite(self.run.loss):
                    break
                until = time.monotonic() + SECONDS_A_PICTURE
                while time.monotonic() < until and math.isfinite(self.run.step()):
                    pass
                self._show()
            time.sleep(0.01)  # a click that waits for the lock gets it
        self.train.value = False

    def _show(self):
        self.picture.take(self.run)
        self.figure.take(self.picture.figure)
        words = html.escape(self.picture.figure.layout.meta["status"])
        self.status.value = f'<div role="status">{words}</div>'
