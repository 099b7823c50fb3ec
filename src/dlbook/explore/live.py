"""An explorer with a kernel: ipywidgets controls and a plotly figure updated in place."""

import ipywidgets as widgets
from plotly.graph_objects import Figure

from dlbook.explore.controls import Control
from dlbook.explore.explorer import Explorer
from dlbook.explore.live_panel import WIDE, LivePanel
from dlbook.explore.worker import Worker

PLAYING = "playing" if hasattr(widgets.Play, "playing") else "_playing"  # ipywidgets 7, on Colab
SHARE_STEP = 0.01  # the progress bar moves in steps of this size: each is a message to the browser


def show(explorer: Explorer) -> None:
    """Display `explorer` below the cell."""
    from IPython.display import display

    display(LiveExplorer(explorer).box)


class LiveExplorer(LivePanel):
    """The widgets of one explorer, in `box`; its figures are computed in a thread."""

    def __init__(self, explorer: Explorer):
        first = explorer.compute(explorer.settings())  # a mistake at the default fails the cell
        super().__init__(explorer, first)
        self.bar = widgets.FloatProgress(min=0, max=1, layout=WIDE | {"visibility": "hidden"})
        playing = ((n, c) for n, c in explorer.controls.items() if c.interval)
        self.players = {name: _player(self.controls[name], c) for name, c in playing}
        self.worker = Worker(
            explorer.compute, on_result=self._show, on_error=self._fail, on_progress=self._advance
        )
        for widget in self.controls.values():
            widget.observe(lambda _: self.worker.submit(self.settings()), names="value")
        self.box = self.framed(self._control_rows())

    def reset(self, *_) -> None:
        """Stop what plays and put every control back to its default."""
        for player in self.players.values():
            setattr(player, PLAYING, False)
        self.put_back()

    def _control_rows(self) -> list[widgets.Widget]:
        rows = [
            _beside(widget, self.players[name]) if name in self.players else widget
            for name, widget in self.controls.items()
        ]
        reset = widgets.Button(description="Reset")
        reset.on_click(self.reset)
        return [*rows, reset, self.bar] if self.explorer.takes_progress else [*rows, reset]

    def _show(self, figure: Figure):
        self.take(figure)
        self.bar.layout.visibility = "hidden"

    def _fail(self, error: Exception):
        self.report(error)
        self.bar.layout.visibility = "hidden"

    def _advance(self, share: float):
        self.bar.layout.visibility = None
        if abs(share - self.bar.value) >= SHARE_STEP:
            self.bar.value = share


def _player(widget: widgets.Widget, control: Control) -> widgets.Play:
    player = widgets.Play(
        min=0,
        max=len(control.positions) - 1,
        value=control.default_index,
        interval=int(1000 * control.interval),
    )
    widgets.link((player, "value"), (widget, "value"))
    return player


def _beside(widget: widgets.Widget, player: widgets.Play) -> widgets.HBox:
    return widgets.HBox([widget, player], layout={"flex_flow": "row wrap"})
