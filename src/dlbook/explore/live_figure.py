"""A plotly figure with a kernel that follows its explorer: whole at once, as wide as its cell."""

import anywidget
import numpy as np
from plotly.graph_objects import Figure, FigureWidget

# A resize event whenever the place of the figure gets another width: at first display, when a
# question stops hiding it, when a side bar opens. plotly itself only listens to the window.
WATCH_WIDTH = """
function render({ el }) {
  let width = 0;
  const observer = new ResizeObserver(() => {
    if (el.clientWidth === width) return;
    width = el.clientWidth;
    window.dispatchEvent(new Event("resize"));
  });
  observer.observe(el);
  return () => observer.disconnect();
}
export default { render };
"""


class WidthWatcher(anywidget.AnyWidget):
    """An empty element that tells the figure beside it when their common width changes."""

    _esm = WATCH_WIDTH


class LiveFigure(FigureWidget):
    """A `FigureWidget` that can be shown at once and takes over the data of other figures.

    plotly opens the channel to the browser before there are data and sends them afterwards; a
    busy browser draws in between, and then bare axes stay. This one opens it with its data.
    """

    def __init__(self, figure: Figure):
        super().__init__(figure)
        self._config = self._config | {"responsive": True, "displayModeBar": False}
        self.layout.dragmode = False
        super().open()

    def open(self):
        """Called by the constructor of every widget: too early."""

    def take(self, figure: Figure) -> None:
        """Show the data of `figure`, which has the same traces; only what differs is sent."""
        with self.batch_update():
            for shown, new in zip(self.data, figure.data, strict=True):
                shown.update(changes(shown.to_plotly_json(), new.to_plotly_json()), overwrite=True)
        # What a browser gets that is opened again later; sent only then, not now.
        self._widget_data[:] = [trace.to_plotly_json() for trace in self.data]


def changes(old: dict, new: dict) -> dict:
    """What has to be set in the trace `old` to make it `new`; None where something goes away."""
    gone = {key: None for key in old if key not in new and key != "uid"}
    return gone | {key: value for key, value in new.items() if not _equal(value, old.get(key))}


def _equal(a, b) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_equal(a[key], b[key]) for key in a)
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.array_equal(np.asarray(a), np.asarray(b))
    return type(a) is type(b) and a == b
