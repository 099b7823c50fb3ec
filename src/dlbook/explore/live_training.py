"""A training explorer with a kernel: torch trains in a thread while the figure follows."""

import threading
import time
from collections.abc import Callable

import ipywidgets as widgets

from dlbook.explore.live_panel import LivePanel
from dlbook.explore.live_points import LivePoints
from dlbook.explore.live_tiles import LiveTiles
from dlbook.explore.live_weights import LiveWeights
from dlbook.explore.picture import Picture
from dlbook.explore.training_explorer import TrainingExplorer

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
        self.weights = None
        if explorer.weights:
            self.weights = LiveWeights(explorer, self.run, self._set_weight, self._forget_weights)
        self.tiles = LiveTiles(explorer, self, self._peek) if explorer.tiles else None
        self._arrange()
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
        self.run.edits = list(self.explorer.edits)
        self.restart()

    def _rows(self) -> list[widgets.Widget]:
        """Controls, those that are folded, the reader's own points and weights, what is at hand."""
        folded, at_hand = self.explorer.folded, self.explorer.at_hand
        rows = [w for name, w in self.controls.items() if name not in (*folded, *at_hand)]
        if folded:
            more = widgets.Accordion(
                [widgets.VBox([self.controls[name] for name in folded])], selected_index=None
            )
            more.set_title(0, "More settings")
            rows.append(more)
        rows += [part.box for part in (self.points, self.weights) if part]
        return [*rows, *(self.controls[name] for name in at_hand), self._buttons()]

    def _arrange(self):
        """Controls that only matter with some values of another are shown only then."""
        settings = self.settings()
        for name, need in self.explorer.needs.items():
            self.controls[name].layout.display = None if need.is_met(settings) else "none"

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
                if self.weights and not self.train.value:
                    self.weights.fill()
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
        self._arrange()

    def _edit(self):
        self._with_run(lambda: self.run.set_points(self.points.points))

    def _set_weight(self, name: str, unit: int, source: int, value: float):
        """Pause, and go on from another value of a weight."""
        self.train.value = False
        self._with_run(lambda: self.run.set_weight(name, unit, source, value))

    def _forget_weights(self):
        self.run.edits = []
        self.restart()

    def _peek(self, setting: str, value: object):
        """Show the run as if a number were another one; None: as it is set."""
        settings = self.settings()
        shown = settings if value is None else settings | {setting: value}
        self._with_run(lambda: self.run.change(shown))

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
        while self._goes_on(turn) and self._with_run(self._train_a_moment) and not self._ended():
            time.sleep(self.rest)  # a click that waits for the lock gets it
        if self._goes_on(turn):
            self.train.value = False

    def _goes_on(self, turn: object) -> bool:
        return self.train.value and self.turn is turn

    def _ended(self) -> bool:
        """Whether the run is over, or has come to the end of the axis of its curves."""
        return self.run.over or self.run.num_steps == self.picture.last_step

    def _train_a_moment(self):
        until = time.monotonic() + SECONDS_A_PICTURE
        while time.monotonic() < until:
            self.run.step()
            if self._ended() or self.explorer.speed == "slow":
                return
