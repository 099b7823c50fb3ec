"""The reader's own points with a kernel: fields and buttons, and clicks into the figure."""

from collections.abc import Callable

import ipywidgets as widgets
from plotly.graph_objects import FigureWidget

from dlbook.compile.own_points import OwnPoint
from dlbook.explore.training_explorer import TrainingExplorer

NARROW = {"width": "9em"}
NEW = -1  # the choice of a point that is not there yet


class LivePoints:
    """Widgets in `box` that add, move and remove points; `points` are those that are there.

    Args:
        explorer: whose panel says where points may be.
        figure: a click on one of its heat maps adds a point there, or moves the chosen one there.
        on_change: called after every change.
    """

    def __init__(self, explorer: TrainingExplorer, figure: FigureWidget, on_change: Callable):
        self.explorer, self.on_change, self.following = explorer, on_change, True
        self.points = list(explorer.points)
        limit = explorer.panel.limit
        self.which = widgets.Dropdown(description="point", layout={"width": "16em"})
        self.label = widgets.Dropdown(
            options=[(name, k) for k, name in enumerate(explorer.panel.classes)],
            layout={"width": "14em"},
        )
        self.x1, self.x2 = (
            widgets.BoundedFloatText(0, min=-limit, max=limit, step=0.05, description=name,
                                     style={"description_width": "2em"}, layout=NARROW)
            for name in ("x₁", "x₂")
        )  # fmt: skip
        self.count = widgets.HTML()
        self.box = widgets.HBox(
            [self.count, self.which, self.label, self.x1, self.x2, *self._buttons()],
            layout={"flex_flow": "row wrap"},
        )
        for trace in figure.select_traces({"type": "heatmap", "xaxis": None}):
            trace.on_click(self._clicked)
        self._list()
        self.which.observe(lambda _: self._fill(), names="value")
        for field in (self.label, self.x1, self.x2):
            field.observe(lambda _: self._follow(), names="value")

    def add(self, x1: float, x2: float) -> None:
        """One more point of the chosen class, if there is room and it lies inside the panel."""
        if self._inside(x1, x2) and len(self.points) < self.explorer.experiment.own_points:
            self._set([*self.points, OwnPoint(round(x1, 2), round(x2, 2), self.label.value)])

    def move(self, x1: float, x2: float) -> None:
        """The chosen point goes there, if that is inside the panel."""
        if self._inside(x1, x2):
            moved = OwnPoint(round(x1, 2), round(x2, 2), self.label.value)
            points = list(self.points)
            points[self.which.value] = moved
            self._set(points)

    def reset(self) -> None:
        """Back to the points at the start, without a call of `on_change`."""
        self.points = list(self.explorer.points)
        self._list(NEW)

    def _inside(self, x1: float, x2: float) -> bool:
        return max(abs(x1), abs(x2)) <= self.explorer.panel.limit

    def _buttons(self) -> list[widgets.Button]:
        actions = {
            "Add": lambda _: self.add(self.x1.value, self.x2.value),
            "Remove": lambda _: self._drop(),
            "Remove all": lambda _: self._set([]),
        }
        buttons = [widgets.Button(description=words) for words in actions]
        for button in buttons:
            button.on_click(actions[button.description])
        return buttons

    def _clicked(self, _, where, __):
        if where.xs:
            (self.add if self.which.value == NEW else self.move)(where.xs[0], where.ys[0])

    def _drop(self):
        """Remove the chosen point, or the last."""
        points, at = list(self.points), self.which.value
        if points:
            points.pop(at)  # NEW is -1, the last
            self._list(NEW)
            self._set(points)

    def _set(self, points: list[OwnPoint]):
        self.points = points
        self._list(min(self.which.value, len(points) - 1))
        self.on_change()

    def _list(self, chosen: int = NEW):
        """The points to choose from, and how many there are."""
        names = [f"{k + 1} at ({p.x1:g}, {p.x2:g})" for k, p in enumerate(self.points)]
        self.following = False
        self.which.options = [("a new one", NEW), *((name, k) for k, name in enumerate(names))]
        self.which.value = chosen
        self.following = True
        self._fill()
        most = self.explorer.experiment.own_points
        self.count.value = f"Your own points ({len(self.points)} of {most}): click the map, or"

    def _fill(self):
        """The fields are those of the chosen point."""
        if self.following and self.which.value != NEW:
            self.following = False
            point = self.points[self.which.value]
            self.x1.value, self.x2.value, self.label.value = point
            self.following = True

    def _follow(self):
        """The chosen point goes where the fields say."""
        if self.following and self.which.value != NEW:
            self.move(self.x1.value, self.x2.value)
