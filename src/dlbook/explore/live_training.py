"""A training explorer with a kernel: torch trains in a thread while the figure follows."""

import threading
import time
from collections.abc import Callable

import ipywidgets as widgets

from dlbook.explore.live_panel import LivePanel
from dlbook.explore.live_points import LivePoints
from dlbook.explore.training_explorer import Picture, TrainingExplorer

SECONDS_A_PICTURE = 0.25  # each is a message of some ten kilobytes to the browser


def show(explorer: TrainingExplorer) -> None:
    """Display `explorer` below the cell."""
    from IPython.display import display

    display(LiveTraining(explorer).box)


class LiveTraining(LivePanel):
    """The widgets of one training explorer, in `box`.

    The run belongs to whoever holds `lock`: the thread that trains, or a click. One thread trains
    at a time: the one whose `turn` it is.
    """

    def __init__(self, explorer: TrainingExplorer):
        self.rest = 0.5 if explorer.speed == "slow" else 0.01  # seconds from picture to picture
        self.lock, self.turn, self.run = threading.Lock(), None, explorer.run()
        self.picture = Picture(explorer)
        self.picture.take(self.run)
        super().__init__(explorer, self.picture.figure)
        self.train = widgets.ToggleButton(description="▶ Train")
        self.train.observe(self._train_or_pause, names="value")
        for widget in self.controls.values():
            widget.observe(lambda _: self._with_run(self._follow_controls), names="value")
        self.points = LivePoints(explorer, self.figure, self._edit) if explorer.panel else None
        self.box = self.framed(self._rows())

    def step(self, *_) -> None:
        """Pause, and train one step."""
        self.train.value = False
        self._with_run(self.run.step)

    def restart(self, *_) -> None:
        """Pause, and begin again."""
        self.train.value = False
        self._with_run(self._begin_again)

    def reset(self, *_) -> None:
        """Put every control back to its default, and begin again."""
        self.put_back()
        if self.points:
            self.points.reset()
        self.restart()

    def _rows(self) -> list[widgets.Widget]:
        """Controls, those that are folded, buttons, the reader's own points."""
        folded = [self.controls[name] for name in self.explorer.folded]
        rows = [widget for widget in self.controls.values() if widget not in folded]
        if folded:
            more = widgets.Accordion([widgets.VBox(folded)], selected_index=None)
            more.set_title(0, "More settings")
            rows.append(more)
        return [*rows, self._buttons(), *([self.points.box] if self.points else [])]

    def _buttons(self) -> widgets.HBox:
        actions = {"One step": self.step, "Start over": self.restart, "Reset": self.reset}
        buttons = [widgets.Button(description=words) for words in actions]
        for button in buttons:
            button.on_click(actions[button.description])
        return widgets.HBox([self.train, *buttons], layout={"flex_flow": "row wrap"})

    def _with_run(self, action: Callable) -> bool:
        """Do something with the run and show it; False, and the error shown, if it raised."""
        with self.lock:
            try:
                action()
                self.picture.take(self.run)
                aloud = not self.train.value or self.run.over
                self.take(self.picture.figure, aloud=aloud)
            except Exception as error:  # whatever the author's functions raise is shown
                self.report(error)
                return False
        return True

    def _follow_controls(self):
        """A number goes into the run under way, anything else begins again."""
        before, settings = self.run.settings, self.settings()
        moved = {name for name in settings if settings[name] != before[name]}
        if moved <= set(self.explorer.experiment.live):
            self.run.change(settings)
        else:
            self._begin_again()

    def _edit(self):
        self._with_run(lambda: self.run.set_points(self.points.points))

    def _begin_again(self):
        if self.points:
            self.run.points = self.points.points
        self.run.restart(self.settings())
        self.picture.restart()

    def _train_or_pause(self, change):
        self.train.description = "❚❚ Pause" if change["new"] else "▶ Train"
        if change["new"]:
            self.turn = object()  # an earlier thread that has not yet noticed its end, ends
            threading.Thread(target=self._train, args=(self.turn,), daemon=True).start()
        else:
            with self.lock:
                self.say(self.picture.figure)

    def _train(self, turn: object):
        """Train and show until the reader pauses, the run is over, or an error."""
        if self.run.diverged:
            self._with_run(self._begin_again)
        while self._goes_on(turn) and self._with_run(self._train_a_moment) and not self.run.over:
            time.sleep(self.rest)  # a click that waits for the lock gets it
        if self._goes_on(turn):
            self.train.value = False

    def _goes_on(self, turn: object) -> bool:
        return self.train.value and self.turn is turn

    def _train_a_moment(self):
        until = time.monotonic() + SECONDS_A_PICTURE
        while time.monotonic() < until:
            self.run.step()
            if self.run.over or self.explorer.speed == "slow":
                return
