import logging
import threading

import ipywidgets as widgets
import numpy as np
import pytest
from curves import wave, wave_explorer

from dlbook.explore import Explorer, Play, Predict, Slider, Toggle
from dlbook.explore.live import PLAYING, LiveExplorer
from dlbook.explore.live_panel import CSS_CLASS, STYLE
from dlbook.explore.table import MIME

WORDS = {"caption": "c", "alt": "a"}


def parts(live: LiveExplorer, kind: type) -> list:
    """The widgets of a kind inside an explorer, from top to bottom."""
    found, open_boxes = [], [live.box]
    while open_boxes:
        widget = open_boxes.pop(0)
        found += [widget] if type(widget) is kind else []
        open_boxes = [*getattr(widget, "children", ()), *open_boxes]
    return found


def test_moving_a_control_updates_the_figure_in_place():
    live = LiveExplorer(wave_explorer())
    widget, before = live.figure, np.array(live.figure.data[0].y)
    live.controls["phase"].value = 3
    assert live.worker.wait(10)
    assert live.figure is widget
    assert np.array(live.figure.data[0].y) == pytest.approx(wave(phase=3).data[0].y)
    assert not np.allclose(before, live.figure.data[0].y)
    assert "phase 3" in live.status.value


def test_reset_brings_back_the_defaults():
    live = LiveExplorer(wave_explorer())
    live.controls["height"].value = 0
    live.controls["filled"].value = True
    live.reset()
    assert live.worker.wait(10)
    assert live.settings() == {"phase": 1, "height": 1.0, "filled": False}
    assert live.figure.data[1].marker.color == "#445566"


def test_reset_stops_what_plays():
    live = LiveExplorer(wave_explorer(phase=Play(0, 3, value=1)))
    setattr(live.players["phase"], PLAYING, True)
    live.players["phase"].value = 3
    live.reset()
    assert getattr(live.players["phase"], PLAYING) is False
    assert live.settings()["phase"] == 1


def failing(level: int):
    if level == 2:
        raise ValueError("level 2 cannot be <drawn>")
    return wave(phase=level)


def test_an_error_is_shown_with_its_place_and_logged(caplog):
    live = LiveExplorer(Explorer(failing, **WORDS, level=Slider(0, 3, value=0)))
    with caplog.at_level(logging.ERROR):
        live.controls["level"].value = 2
        assert live.worker.wait(10)
    assert "ValueError: level 2 cannot be &lt;drawn&gt;" in live.error.value
    assert "in failing" in live.error.value
    assert "explorer failing" in caplog.text
    live.controls["level"].value = 3
    assert live.worker.wait(10)
    assert live.error.value == ""


def test_an_error_at_the_default_fails_the_cell():
    with pytest.raises(ValueError, match="cannot be"):
        LiveExplorer(Explorer(failing, **WORDS, level=Slider(0, 3, value=2)))


def slow(steps: int, progress=None):
    for done in range(steps):
        progress(done + 1, steps)
    return wave(phase=steps)


def test_long_work_shows_its_progress_without_moving_the_figure():
    live = LiveExplorer(Explorer(slow, **WORDS, steps=Slider(1, 4, value=1)))
    looks = []
    live.bar.observe(lambda change: looks.append(change["new"]), names="value")
    live.bar.layout.observe(lambda change: looks.append(change["new"]), names="visibility")
    live.controls["steps"].value = 3
    assert live.worker.wait(10)
    assert looks == [None, 0.25, 0.5, 0.75, 1.0, "hidden"]


def test_many_steps_do_not_flood_the_browser():
    live = LiveExplorer(Explorer(slow, **WORDS, steps=Slider(1, 10_001, step=5_000, value=1)))
    shares = []
    live.bar.observe(lambda change: shares.append(change["new"]), names="value")
    live.controls["steps"].value = 2
    assert live.worker.wait(30)
    assert len(shares) <= 101


def test_a_function_without_progress_has_no_bar():
    assert not parts(LiveExplorer(wave_explorer()), widgets.FloatProgress)


def colored(shift: int, with_text: bool):
    figure = wave(phase=shift)
    figure.data[1].update(x=[0, 1, 2], y=[0, 1, 0])
    figure.data[1].marker = {"color": np.arange(3) + shift, "size": np.array([4, 5, 6]) + shift}
    if with_text:
        figure.data[1].text = ["a", "b", "c"]
    return figure


def test_arrays_inside_markers_change_and_what_is_left_out_goes_away():
    controls = {"shift": Slider(0, 3, value=0), "with_text": Toggle(value=True)}
    live = LiveExplorer(Explorer(colored, **WORDS, **controls))
    live.controls["shift"].value = 2
    live.controls["with_text"].value = False
    assert live.worker.wait(10)
    assert live.error.value == ""
    assert list(live.figure.data[1].marker.color) == [2, 3, 4]
    assert live.figure.data[1].text is None


def test_the_figure_reaches_the_browser_with_its_data_and_a_later_browser_gets_later_data(
    monkeypatch,
):
    """plotly's own widget opens empty, and a busy browser then draws bare axes."""
    opened, open_widget = [], widgets.Widget.open
    monkeypatch.setattr(
        widgets.Widget, "open", lambda w: opened.append(w.get_state()) or open_widget(w)
    )
    live = LiveExplorer(wave_explorer())
    (state,) = [state for state in opened if "_widget_data" in state]
    assert [trace["type"] for trace in state["_widget_data"]] == ["scatter", "scatter"]
    assert state["_widget_layout"]["xaxis"]["range"] == [0, 6]
    assert state["_config"]["responsive"]
    live.controls["filled"].value = True
    assert live.worker.wait(10)
    later = live.figure.get_state("_widget_data")["_widget_data"]
    assert later[1]["marker"]["color"] == "#112233"


def test_a_question_holds_the_figure_back():
    predict = Predict("Where?", ["up", "down"], answer="up", because="It rises.")
    live = LiveExplorer(Explorer(wave, **WORDS, predict=predict, phase=Slider(0, 3, value=0)))
    (options,) = parts(live, widgets.RadioButtons)
    body = live.box.children[-1]
    assert options.value is None
    assert body.layout.display == "none"
    options.value = "down"
    assert body.layout.display is None
    assert any("The answer is: up. It rises." in w.value for w in parts(live, widgets.HTML))


def test_a_reader_who_does_not_want_to_guess_sees_the_figure_and_the_answer():
    predict = Predict("Where?", ["up", "down"], answer="up", because="It rises.")
    live = LiveExplorer(Explorer(wave, **WORDS, predict=predict, phase=Slider(0, 3, value=0)))
    (skip,) = [b for b in parts(live, widgets.Button) if b.description == "Just show me"]
    skip.click()
    assert live.box.children[-1].layout.display is None
    assert any("The answer is: up. It rises." in w.value for w in parts(live, widgets.HTML))


def test_words_reach_readers_who_cannot_see_and_long_ones_may_wrap():
    live = LiveExplorer(wave_explorer())
    assert any("A sine wave." in w.value for w in parts(live, widgets.HTML))
    assert STYLE in [w.value for w in parts(live, widgets.HTML)]
    assert CSS_CLASS in live.box._dom_classes


def test_two_displays_of_one_explorer_move_apart_and_leave_no_thread():
    explorer = wave_explorer()
    one, two = LiveExplorer(explorer), LiveExplorer(explorer)
    one.controls["phase"].value = 3
    assert one.worker.wait(10)
    assert "phase 3" in one.status.value
    assert "phase 1" in two.status.value
    for thread in threading.enumerate():
        if thread.name == "explorer":
            thread.join(5)
    assert "explorer" not in [thread.name for thread in threading.enumerate()]


def test_a_cell_shows_widgets_or_the_packed_table(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *a, **k: shown.append((a, k)))
    monkeypatch.setenv("DLBOOK_PAGE", "1")
    wave_explorer()._ipython_display_()
    (bundle,), options = shown.pop()
    assert set(bundle) == {MIME, "text/plain"}
    assert options == {"raw": True}
    monkeypatch.delenv("DLBOOK_PAGE")
    wave_explorer()._ipython_display_()
    assert type(shown.pop()[0][0]).__name__ == "VBox"
