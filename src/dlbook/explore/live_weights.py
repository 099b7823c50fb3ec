"""Weights set by hand with a kernel: choose one, give it a value."""

import html
from collections.abc import Callable

import ipywidgets as widgets

from dlbook.compile.experiment import TorchRun
from dlbook.explore.training_explorer import TrainingExplorer

BIAS = -1  # the choice of a unit's bias


class LiveWeights:
    """Widgets in `box` that set a weight of a run's network, an `mlp`.

    Args:
        explorer: whose panel names the inputs.
        run: whose weights they are.
        set_weight: called with the name of the parameter, row, column and value.
        start_over: called to begin again without values that were set.
    """

    def __init__(
        self, explorer: TrainingExplorer, run: TorchRun, set_weight: Callable, start_over: Callable
    ):
        self.panel, self.run, self.set_weight = explorer.weights, run, set_weight
        self.filling = False
        self.unit = widgets.Dropdown(description="weight into", layout={"width": "18em"})
        self.source = widgets.Dropdown(description="from", layout={"width": "18em"})
        self.value = widgets.FloatText(step=0.1, description="value", layout={"width": "13em"})
        self.said = widgets.HTML()
        undo = widgets.Button(description="Start over without them", layout={"width": "auto"})
        undo.on_click(lambda _: start_over())
        self.box = widgets.HBox(
            [widgets.HTML("Set a weight by hand:"), self.unit, self.source, self.value, undo,
             self.said],
            layout={"flex_flow": "row wrap"},
        )  # fmt: skip
        self.fill()
        self.unit.observe(lambda _: self._unless_filling(self.fill), names="value")
        self.source.observe(lambda _: self._unless_filling(self.refresh), names="value")
        self.value.observe(lambda _: self._unless_filling(self._set), names="value")

    def fill(self) -> None:
        """The choices for the network as it is now; what was chosen stays, where it is there."""
        widths = [p.shape for name, p in self.run.tensors["params"].items() if "weight" in name]
        last = len(widths) - 1
        units = [
            ("the output" if number == last else f"layer {number + 1}, unit {row + 1}",
             (number, row))
            for number, (rows, _) in enumerate(widths)
            for row in range(rows)
        ]  # fmt: skip
        self._choices(self.unit, units)
        number, _ = self.unit.value
        given = int(self.run.settings[self.panel.given])
        names = [f"layer {number}, unit {k + 1}" for k in range(widths[number][1])]
        if number == 0:
            names = list(self.panel.inputs)
        sources = [(name, k) for k, name in enumerate(names) if number or given >> k & 1]
        self._choices(self.source, [*sources, ("its bias", BIAS)])
        self.refresh()

    def refresh(self) -> None:
        """Show the value that the chosen weight has now, and how many were set."""
        name, row, column = self.entry()
        p = self.run.tensors["params"][name]
        self.filling = True
        self.value.value = float(f"{float(p.reshape(len(p), -1)[row, column]):.3g}")
        self.filling = False

    def entry(self) -> tuple[str, int, int]:
        """Parameter, row and column of the chosen weight."""
        number, row = self.unit.value
        if self.source.value == BIAS:
            return f"{2 * number}.bias", row, 0
        return f"{2 * number}.weight", row, self.source.value

    def say(self, words: str) -> None:
        """Words that screen readers read out."""
        self.said.value = f'<div role="status">{html.escape(words)}</div>'

    def _set(self):
        value = self.value.value
        self.set_weight(*self.entry(), value)
        self.say(
            f"{self.unit.label}, {self.source.label}: {value:g} from step {self.run.num_steps} on."
        )

    def _choices(self, dropdown: widgets.Dropdown, options: list[tuple[str, object]]):
        kept, values = dropdown.value, [value for _, value in options]
        self.filling = True
        dropdown.options = options
        dropdown.value = kept if kept in values else values[0]
        self.filling = False

    def _unless_filling(self, action: Callable):
        if not self.filling:
            action()
