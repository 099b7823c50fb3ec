"""What both kinds of live explorer have: controls, figure, sentence, errors, caption, question."""

import html
import logging
import traceback
from collections.abc import Sequence

import ipywidgets as widgets
from plotly.graph_objects import Figure

from dlbook.explore.controls import Control, Predict
from dlbook.explore.explorer import Explorer
from dlbook.explore.live_figure import LiveFigure, WidthWatcher
from dlbook.explore.live_subset import SubsetBox

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


class LivePanel:
    """The widgets of an explorer: `controls` by setting, the figure, what is said of it.

    Args:
        explorer: what is shown.
        first: its figure at the start.
    """

    def __init__(self, explorer: Explorer, first: Figure):
        self.explorer, self.figure = explorer, LiveFigure(first)
        self.status, self.error = widgets.HTML(_status(first)), widgets.HTML()
        self.controls = {n: _control_widget(n, c) for n, c in explorer.controls.items()}

    def settings(self) -> dict:
        """The settings as the controls stand."""
        controls = self.explorer.controls
        return {n: controls[n].positions[int(w.value)] for n, w in self.controls.items()}

    def put_back(self) -> None:
        """Put every control back to its default."""
        for name, control in self.explorer.controls.items():
            self.controls[name].value = _start(control)

    def framed(self, rows: Sequence[widgets.Widget]) -> widgets.VBox:
        """Everything in its order: the question, `rows` of controls, the figure, the words."""
        parts = [*rows, WidthWatcher(), self.figure, self.status, self.error]
        body = widgets.VBox([*parts, widgets.HTML(_words(self.explorer))])
        predict = self.explorer.predict
        parts = [body] if predict is None else [_question(predict, body), body]
        box = widgets.VBox([widgets.HTML(STYLE, layout={"height": "0"}), *parts])
        box.add_class(CSS_CLASS)
        return box

    def take(self, figure: Figure, *, aloud: bool = True) -> None:
        """Show `figure` and its sentence; earlier errors are over."""
        self.figure.take(figure)
        self.error.value = ""
        self.say(figure, aloud=aloud)

    def say(self, figure: Figure, *, aloud: bool = True) -> None:
        """The sentence of `figure`, which screen readers read out if `aloud`."""
        self.status.value = _status(figure, aloud)

    def report(self, error: Exception) -> None:
        """Show what went wrong and where, below the figure, and log it."""
        words = html.escape(f"{type(error).__name__}: {error}")
        trace = html.escape("".join(traceback.format_exception(error)))
        self.error.value = (
            f'<div role="alert"><b>{words}</b> The figure above shows earlier settings.'
            f"<details><summary>Where it happened</summary><pre>{trace}</pre></details></div>"
        )
        LOGGER.error("explorer %s", self.explorer.name, exc_info=error)


def _control_widget(name: str, control: Control) -> widgets.Widget:
    """The ipywidget of a control; its value is the position, its face the text."""
    words = {
        "description": control.label or name.replace("_", " "),
        "style": {"description_width": "11em"},
        "layout": WIDE,
    }
    if control.kind == "toggle":
        return widgets.Checkbox(_start(control), **words)
    if control.kind == "subset":
        return SubsetBox(control.members, _start(control), words["description"])
    texts = [f"{text} {control.unit}".strip() for text in control.texts]
    kind = widgets.Dropdown if control.kind == "choice" else widgets.SelectionSlider
    options = [(text, index) for index, text in enumerate(texts)]
    return kind(options=options, value=_start(control), **words)


def _start(control: Control) -> int | bool:
    """The value of the control's widget at its default."""
    return bool(control.default) if control.kind == "toggle" else control.default_index


def _question(predict: Predict, body: widgets.VBox) -> widgets.VBox:
    """The question, which hides `body` until the reader has chosen an answer or given up."""
    body.layout.display = "none"
    options = widgets.RadioButtons(options=list(predict.options), value=None, layout=WIDE)
    skip = widgets.Button(description="Just show me")
    answer = widgets.HTML()
    told = f"The answer is: {predict.answer}"

    def show(verdict: str):
        answer.value = f"<b>{html.escape(f'{verdict}. {predict.because}')}</b>"
        body.layout.display = None
        skip.layout.display = "none"

    def judge(change):
        show("Yes" if change["new"] == predict.answer else told)

    options.observe(judge, names="value")
    skip.on_click(lambda _: show(told))
    question = widgets.HTML(f"<b>Predict first. {html.escape(predict.question)}</b>")
    return widgets.VBox([question, options, skip, answer])


def _status(figure: Figure, aloud: bool = True) -> str:
    role = 'role="status"' if aloud else 'aria-live="off"'
    return f"<div {role}>{html.escape(figure.layout.meta['status'])}</div>"


def _words(explorer: Explorer) -> str:
    """The caption, and the alternative text for screen readers."""
    caption, alt = html.escape(explorer.caption), html.escape(explorer.alt)
    return f'<small>{caption}</small><span class="explorer-alt">{alt}</span>'
