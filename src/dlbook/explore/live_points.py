"""The reader's own points with a kernel: fields and buttons, and clicks into the figure."""

from collections.abc import Callable

import ipywidgets as widgets
from plotly.graph_objects import FigureWidget

from dlbook.compile.own_points import OwnPoint
from dlbook.explore.training_explorer import TrainingExplorer

NARROW = {"width": "9em"}


class LivePoints:
    """Widgets in `box` that add and remove points; `points` are those that are there.

    Args:
        explorer: whose panel says where points may be.
        figure: a click on one of its heat maps adds a point there.
        on_change: called after every change.
    """

    def __init__(self, explorer: TrainingExplorer, figure: FigureWidget, on_change: Callable):
        self.explorer, self.on_change = explorer, on_change
        self.points = list(explorer.points)
        limit = explorer.panel.limit
        self.label = widgets.Dropdown(
            options=[(name, k) for k, name in enumerate(explorer.panel.classes)], layout=NARROW
        )
        self.x1, self.x2 = (
            widgets.BoundedFloatText(0, min=-limit, max=limit, step=0.05, description=name,
                                     style={"description_width": "2em"}, layout=NARROW)
            for name in ("x₁", "x₂")
        )  # fmt: skip
        self.count = widgets.HTML()
        self.box = widgets.HBox(
            [self.count, self.label, self.x1, self.x2, *self._buttons()],
            layout={"flex_flow": "row wrap"},
        )
        for trace in figure.select_traces({"type": "heatmap", "xaxis": None}):
            trace.on_click(self._clicked)
        self._show_count()

    def add(self, x1: float, x2: float) -> None:
        """One more point of the chosen class, if there is room and it lies inside the panel."""
        inside = max(abs(x1), abs(x2)) <= self.explorer.panel.limit
        if inside and len(self.points) < self.explorer.experiment.own_points:
            self._set([*self.points, OwnPoint(round(x1, 2), round(x2, 2), self.label.value)])

    def reset(self) -> None:
        """Back to the points at the start, without a call of `on_change`."""
        self.points = list(self.explorer.points)
        self._show_count()

    def _buttons(self) -> list[widgets.Button]:
        actions = {
            "Add": lambda _: self.add(self.x1.value, self.x2.value),
            "Remove last": lambda _: self._set(self.points[:-1]),
            "Remove all": lambda _: self._set([]),
        }
        buttons = [widgets.Button(description=words) for words in actions]
        for button in buttons:
            button.on_click(actions[button.description])
        return buttons

    def _clicked(self, _, where, __):
        if where.xs:
            self.add(where.xs[0], where.ys[0])

    def _set(self, points: list[OwnPoint]):
        self.points = points
        self._show_count()
        self.on_change()

    def _show_count(self):
        most = self.explorer.experiment.own_points
        self.count.value = f"Your own points ({len(self.points)} of {most}): click the map, or"
