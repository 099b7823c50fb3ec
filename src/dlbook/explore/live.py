"""An explorer with a kernel: ipywidgets controls and a plotly figure updated in place."""

import html
import logging
import traceback

import ipywidgets as widgets
from plotly.graph_objects import Figure

from dlbook.explore.controls import Control, Predict
from dlbook.explore.explorer import Explorer
from dlbook.explore.live_figure import LiveFigure, WidthWatcher
from dlbook.explore.worker import Worker

LOGGER = logging.getLogger(__name__)
CSS_CLASS = "dlbook-explorer"
# ipywidgets cuts long labels, options and values off; here they may be long and wrap.
STYLE = """<style>
.dlbook-explorer { width: 100%; }
.dlbook-explorer .widget-readout { max-width: none; min-width: 5.5em; }
.dlbook-explorer .widget-label, .dlbook-explorer .widget-radio-box label {
  height: auto; min-height: var(--jp-widgets-inline-height); white-space: normal; line-height: 1.3;
}
.dlbook-explorer .widget-label { display: flex; align-items: center; justify-content: flex-end; }
.dlbook-explorer .widget-radio-box { width: 100%; }
.dlbook-explorer .widget-radio-box label {
  width: 100%; display: flex; flex-direction: row-reverse; justify-content: flex-end;
  align-items: center;
}
.dlbook-explorer .widget-radio-box input { flex: none; margin: 0 .6em 0 2px; }
.dlbook-explorer .widget-html-content { line-height: 1.4; white-space: normal; }
.dlbook-explorer .explorer-alt {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
</style>"""
WIDE = {"width": "min(40em, 98%)"}
PLAYING = "playing" if hasattr(widgets.Play, "playing") else "_playing"  # ipywidgets 7, on Colab
SHARE_STEP = 0.01  # the progress bar moves in steps of this size: each is a message to the browser


def show(explorer: Explorer) -> None:
    """Display `explorer` below the cell."""
    from IPython.display import display

    display(LiveExplorer(explorer).box)


class LiveExplorer:
    """The widgets of one explorer: `box` holds them all, `controls` those of the settings."""

    def __init__(self, explorer: Explorer):
        self.explorer = explorer
        first = explorer.compute(explorer.settings())  # a mistake at the default fails the cell
        self.figure = LiveFigure(first)
        self.status, self.error = widgets.HTML(_status(first)), widgets.HTML()
        self.bar = widgets.FloatProgress(min=0, max=1, layout=WIDE | {"visibility": "hidden"})
        self.controls = {n: control_widget(n, c) for n, c in explorer.controls.items()}
        playing = ((n, c) for n, c in explorer.controls.items() if c.interval)
        self.players = {name: _player(self.controls[name], c) for name, c in playing}
        self.worker = Worker(
            explorer.compute, on_result=self._show, on_error=self._report, on_progress=self._advance
        )
        for widget in self.controls.values():
            widget.observe(lambda _: self.worker.submit(self.settings()), names="value")
        self.box = self._boxed()

    def settings(self) -> dict:
        """The settings as the controls stand."""
        controls = self.explorer.controls
        return {n: controls[n].positions[int(w.value)] for n, w in self.controls.items()}

    def reset(self, *_) -> None:
        """Stop what plays and put every control back to its default."""
        for player in self.players.values():
            setattr(player, PLAYING, False)
        for name, control in self.explorer.controls.items():
            self.controls[name].value = start_of(control)

    def _boxed(self) -> widgets.VBox:
        parts = [*self._control_rows(), WidthWatcher(), self.figure, self.status, self.error]
        body = widgets.VBox([*parts, widgets.HTML(words_of(self.explorer))])
        predict = self.explorer.predict
        parts = [body] if predict is None else [question_before(predict, body), body]
        box = widgets.VBox([widgets.HTML(STYLE, layout={"height": "0"}), *parts])
        box.add_class(CSS_CLASS)
        return box

    def _control_rows(self) -> list[widgets.Widget]:
        rows = [
            _beside(widget, self.players[name]) if name in self.players else widget
            for name, widget in self.controls.items()
        ]
        reset = widgets.Button(description="Reset")
        reset.on_click(self.reset)
        return [*rows, reset, self.bar] if self.explorer.takes_progress else [*rows, reset]

    def _show(self, figure: Figure):
        self.figure.take(figure)
        self.status.value, self.error.value = _status(figure), ""
        self.bar.layout.visibility = "hidden"

    def _advance(self, share: float):
        self.bar.layout.visibility = None
        if abs(share - self.bar.value) >= SHARE_STEP:
            self.bar.value = share

    def _report(self, error: Exception):
        self.bar.layout.visibility = "hidden"
        words = html.escape(f"{type(error).__name__}: {error}")
        trace = html.escape("".join(traceback.format_exception(error)))
        self.error.value = (
            f'<div role="alert"><b>{words}</b> The figure above shows earlier settings.'
            f"<details><summary>Where it happened</summary><pre>{trace}</pre></details></div>"
        )
        LOGGER.error("explorer %s", self.explorer.name, exc_info=error)


def control_widget(name: str, control: Control) -> widgets.Widget:
    """The ipywidget of a control; its value is the position, its face the text."""
    words = {
        "description": control.label or name.replace("_", " "),
        "style": {"description_width": "11em"},
        "layout": WIDE,
    }
    if control.kind == "toggle":
        return widgets.Checkbox(start_of(control), **words)
    texts = [f"{text} {control.unit}".strip() for text in control.texts]
    kind = widgets.Dropdown if control.kind == "choice" else widgets.SelectionSlider
    options = [(text, index) for index, text in enumerate(texts)]
    return kind(options=options, value=start_of(control), **words)


def start_of(control: Control) -> int | bool:
    """The value of the control's widget at its default."""
    return bool(control.default) if control.kind == "toggle" else control.default_index


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


def question_before(predict: Predict, body: widgets.VBox) -> widgets.VBox:
    """The question, which hides `body` until the reader has chosen an answer or given up."""
    body.layout.display = "none"
    options = widgets.RadioButtons(options=list(predict.options), value=None, layout=WIDE)
    skip = widgets.Button(description="Just show me")
    answer = widgets.HTML()

    def show(verdict: str):
        answer.value = f"<b>{html.escape(f'{verdict}. {predict.because}')}</b>"
        body.layout.display = None
        skip.layout.display = "none"

    def judge(change):
        right = change["new"] == predict.answer
        show("Yes" if right else f"The answer is: {predict.answer}")

    options.observe(judge, names="value")
    skip.on_click(lambda _: show(predict.answer))
    question = widgets.HTML(f"<b>Predict first. {html.escape(predict.question)}</b>")
    return widgets.VBox([question, options, skip, answer])


def _status(figure: Figure) -> str:
    return f'<div role="status">{html.escape(figure.layout.meta["status"])}</div>'


def words_of(explorer: Explorer) -> str:
    """The caption, and the alternative text for screen readers."""
    caption, alt = html.escape(explorer.caption), html.escape(explorer.alt)
    return f'<small>{caption}</small><span class="explorer-alt">{alt}</span>'
