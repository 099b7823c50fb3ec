import json
import re
from html.parser import HTMLParser

from curves import wave, wave_explorer

from dlbook.explore import Play, Predict
from dlbook.explore.pack import packed
from dlbook.explore.table import compute_table
from dlbook.page.assets import explorer_script
from dlbook.page.html import explorer_html, plotly_html


def html_of(explorer) -> str:
    content = packed(explorer, compute_table(explorer))
    content.pop("data")
    return explorer_html(content, "part/page", "../")


class Labels(HTMLParser):
    """Which controls there are, and which of them have a label."""

    def __init__(self):
        super().__init__()
        self.controls, self.labelled = set(), set()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in ("input", "select") and attributes.get("type") != "radio":
            self.controls.add(attributes["id"])
        if tag == "label" and "for" in attributes:
            self.labelled.add(attributes["for"])


def test_every_control_is_native_and_has_a_label():
    labels = Labels()
    labels.feed(html_of(wave_explorer()))
    assert labels.controls == {"wave.phase", "wave.height", "wave.filled"} == labels.labelled


def test_the_page_names_its_data_and_holds_no_moving_leaf():
    text = html_of(wave_explorer())
    assert re.search(r'data-src="../_static/dlbook/data/part/page/wave.js\?v=[0-9a-f]{8}"', text)
    spec = json.loads(re.search(r'class="explorer-spec">(.*?)</script>', text, re.S)[1])
    assert "y" not in spec["figure"]["data"][0]
    assert len(spec["figure"]["data"][0]["x"]) == 40


def test_words_are_escaped():
    explorer = wave_explorer()
    explorer.caption, explorer.alt = "a < b & c", 'say "x"'
    text = html_of(explorer)
    assert "a &lt; b &amp; c" in text
    assert 'aria-label="say &quot;x&quot;"' in text


def test_a_script_end_inside_the_data_cannot_end_the_script():
    figure = wave().update_layout(title="</script><b>")
    text = plotly_html(json.loads(figure.to_json()))
    assert text.count("</script>") == 1


def test_a_comment_and_a_script_inside_the_data_cannot_open_one_either():
    figure = wave().update_layout(title="<!--<script>")
    text = plotly_html(json.loads(figure.to_json()))
    assert "<!--" not in text
    assert text.count("<script") == 1


def test_gaps_are_null_in_the_page():
    figure = wave()
    figure.add_scatter(x=[0, 1, 2], y=[0.0, float("nan"), 2.0])
    content = json.loads(figure.to_json())
    content["data"][-1]["y"] = [0.0, float("nan"), 2.0]
    spec = re.search(r'json">(.*?)</script>', plotly_html(content))[1]
    assert json.loads(spec)["data"][-1]["y"] == [0.0, None, 2.0]


def test_a_question_starts_hidden_so_that_the_picture_shows_without_javascript():
    explorer = wave_explorer()
    explorer.predict = Predict("Up or down?", ["up", "down"], answer="up")
    text = html_of(explorer)
    assert 'class="explorer-predict" hidden' in text
    assert text.count('type="radio"') == 2


def test_play_buttons_stand_only_beside_sliders_that_play():
    assert "explorer-play" not in html_of(wave_explorer())
    assert html_of(wave_explorer(phase=Play(0, 3, value=1))).count('class="explorer-play"') == 1


def test_the_script_is_one_classic_script_without_eval():
    script = explorer_script()
    assert script.startswith("window.DLBOOK = ")
    assert not re.search(r"\beval\(|new Function|^\s*(import|export)\s|fetch\(", script, re.M)
    assert "http" not in script
