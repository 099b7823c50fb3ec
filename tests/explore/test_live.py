import logging

import numpy as np
import pytest
from curves import wave, wave_explorer

from dlbook.explore import Explorer, Play, Predict, Slider
from dlbook.explore.live import LiveExplorer
from dlbook.explore.table import MIME


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


def failing(level: int):
    if level == 2:
        raise ValueError("level 2 cannot be drawn")
    return wave(phase=level)


def test_an_error_is_shown_and_logged(caplog):
    live = LiveExplorer(Explorer(failing, caption="c", alt="a", level=Slider(0, 3, value=0)))
    with caplog.at_level(logging.ERROR):
        live.controls["level"].value = 2
        assert live.worker.wait(10)
    assert "ValueError: level 2 cannot be drawn" in live.error.value
    assert "explorer failing" in caplog.text
    live.controls["level"].value = 3
    assert live.worker.wait(10)
    assert live.error.value == ""


def test_an_error_at_the_default_fails_the_cell():
    with pytest.raises(ValueError, match="cannot be drawn"):
        LiveExplorer(Explorer(failing, caption="c", alt="a", level=Slider(0, 3, value=2)))


def slow(steps: int, progress=None):
    for done in range(steps):
        progress(done + 1, steps)
    return wave(phase=steps)


def test_long_work_shows_its_progress():
    live = LiveExplorer(Explorer(slow, caption="c", alt="a", steps=Play(1, 4, value=1)))
    shares = []
    live.bar.observe(lambda change: shares.append(change["new"]), names="value")
    live.controls["steps"].value = 3
    assert live.worker.wait(10)
    assert shares == pytest.approx([0.25, 0.5, 0.75, 1.0])
    assert live.bar.layout.display == "none"


def test_a_question_holds_the_figure_back():
    predict = Predict("Where?", ["up", "down"], answer="up", because="It rises.")
    explorer = Explorer(wave, caption="c", alt="a", predict=predict, phase=Slider(0, 3, value=0))
    question, body = LiveExplorer(explorer).box.children
    assert body.layout.display == "none"
    question.children[1].value = "down"
    assert body.layout.display is None
    assert "The answer is: up. It rises." in question.children[2].value


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
