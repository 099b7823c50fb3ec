"""An explorer with a kernel: ipywidgets controls and a plotly figure updated in place."""

import html
import logging

import ipywidgets as widgets
import numpy as np
from plotly.graph_objects import Figure, FigureWidget

from dlbook.explore.controls import Control
from dlbook.explore.explorer import Explorer
from dlbook.explore.worker import Worker

LOGGER = logging.getLogger(__name__)
DESCRIPTION = {"description_width": "11em"}
WIDE = {"width": "min(36em, 95%)"}


def show(explorer: Explorer) -> None:
    """Display `explorer` below the cell."""
    from IPython.display import display

    display(LiveExplorer(explorer).box)


class LiveExplorer:
    """The widgets of one explorer: `box` holds them all, `controls` those of the settings."""

    def __init__(self, explorer: Explorer):
        self.explorer = explorer
        first = explorer.compute(explorer.settings())  # a mistake at the default fails the cell
        self.figure = FigureWidget(first)
        self.status = widgets.HTML(_status(first))
        self.error = widgets.HTML()
        self.bar = widgets.FloatProgress(min=0, max=1, layout={"width": "95%", "display": "none"})
        self.controls = {n: _widget(n, c) for n, c in explorer.controls.items()}
        self.worker = Worker(
            explorer.compute,
            on_result=self._show,
            on_error=self._report,
            on_progress=self._show_progress,
        )
        for widget in self.controls.values():
            widget.observe(lambda _: self.worker.submit(self.settings()), names="value")
        self.box = self._boxed()

    def settings(self) -> dict:
        """The settings as the controls stand."""
        controls = self.explorer.controls
        return {n: controls[n].positions[_index(w)] for n, w in self.controls.items()}

    def reset(self, *_) -> None:
        """Put every control back to its default."""
        for name, control in self.explorer.controls.items():
            self.controls[name].value = _widget(name, control).value

    def _boxed(self) -> widgets.VBox:
        reset = widgets.Button(description="Reset")
        reset.on_click(self.reset)
        rows = [
            _with_play(self.controls[n], c) if c.interval else self.controls[n]
            for n, c in self.explorer.controls.items()
        ]
        caption = widgets.HTML(f"<small>{html.escape(self.explorer.caption)}</small>")
        figure = [self.bar, self.figure, self.status, self.error, caption]
        body = widgets.VBox([*rows, reset, *figure])
        if self.explorer.predict is None:
            return body
        return widgets.VBox([_question(self.explorer.predict, body), body])

    def _show(self, figure: Figure):
        with self.figure.batch_update():
            for shown, new in zip(self.figure.data, figure.data, strict=True):
                _copy_changes(shown, new)
        self.status.value, self.error.value = _status(figure), ""
        self.bar.layout.display = "none"

    def _show_progress(self, share: float):
        self.bar.layout.display = None
        self.bar.value = share

    def _report(self, error: Exception):
        self.bar.layout.display = "none"
        words = html.escape(f"{type(error).__name__}: {error}")
        self.error.value = f'<div role="alert"><b>{words}</b></div>'
        LOGGER.error("explorer %s", self.explorer.name, exc_info=error)


def _copy_changes(shown, new):
    """Give the trace `shown` the values of `new` that differ."""
    values, old = new.to_plotly_json(), shown.to_plotly_json()
    changes = {key: value for key, value in values.items() if not _equal(value, old.get(key))}
    shown.update(changes, overwrite=False)


def _equal(a, b) -> bool:
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.array_equal(np.asarray(a), np.asarray(b))
    return type(a) is type(b) and a == b


def _widget(name: str, control: Control) -> widgets.Widget:
    """The ipywidget of a control; its value is the position, its face the text."""
    label = control.label or name.replace("_", " ")
    if control.kind == "toggle":
        return widgets.Checkbox(bool(control.default), description=label, style=DESCRIPTION)
    texts = [f"{text} {control.unit}".strip() for text in control.texts]
    kind = widgets.Dropdown if control.kind == "choice" else widgets.SelectionSlider
    return kind(
        options=[(text, index) for index, text in enumerate(texts)],
        value=control.default_index,
        description=label,
        style=DESCRIPTION,
        layout=WIDE,
    )


def _index(widget: widgets.Widget) -> int:
    return int(widget.value)


def _with_play(widget: widgets.Widget, control: Control) -> widgets.HBox:
    play = widgets.Play(
        min=0,
        max=len(control.positions) - 1,
        value=control.default_index,
        interval=int(1000 * control.interval),
    )
    widgets.link((play, "value"), (widget, "value"))
    return widgets.HBox([widget, play])


def _question(predict, body: widgets.VBox) -> widgets.VBox:
    """The question, which hides `body` until there is an answer."""
    body.layout.display = "none"
    options = widgets.RadioButtons(options=list(predict.options), value=None, layout=WIDE)
    answer = widgets.HTML()

    def show(change):
        right = change["new"] == predict.answer
        verdict = "Yes" if right else f"The answer is: {predict.answer}"
        answer.value = f"<b>{html.escape(f'{verdict}. {predict.because}')}</b>"
        body.layout.display = None

    options.observe(show, names="value")
    question = widgets.HTML(f"<b>Predict first. {html.escape(predict.question)}</b>")
    return widgets.VBox([question, options, answer])


def _status(figure: Figure) -> str:
    return f'<div role="status">{html.escape(figure.layout.meta["status"])}</div>'
