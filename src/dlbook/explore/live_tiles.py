"""Places in the figure that choose a value of a setting, with a kernel: hovered or clicked."""

from collections.abc import Callable

from dlbook.explore.live_panel import LivePanel
from dlbook.explore.training_explorer import TrainingExplorer


class LiveTiles:
    """Listens to the heat map with the tiles.

    Args:
        explorer: whose tiles they are.
        live: its widgets; a click moves the control of the setting, a second one moves it back.
        peek: called with the setting and a value while the pointer is over its tile, else None.
    """

    def __init__(self, explorer: TrainingExplorer, live: LivePanel, peek: Callable):
        self.tiles, self.peek = explorer.tiles, peek
        self.control = explorer.controls[self.tiles.setting]
        self.widget = live.controls[self.tiles.setting]
        for trace in live.figure.select_traces({"name": self.tiles.trace}):
            trace.on_hover(self._hovered)
            trace.on_unhover(lambda *_: self.peek(self.tiles.setting, None))
            trace.on_click(self._clicked)

    def _hovered(self, _, where, __):
        value = self._value(where)
        if value is not None:
            self.peek(self.tiles.setting, value)

    def _clicked(self, _, where, __):
        value = self._value(where)
        if value is not None:
            position = self.control.index(value)
            back = self.widget.value == position
            self.widget.value = self.control.default_index if back else position

    def _value(self, where) -> object | None:
        return self.tiles.at(where.xs[0], where.ys[0]) if where.xs else None
