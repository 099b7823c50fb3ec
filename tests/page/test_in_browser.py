"""Explorers in a real browser, on pages made without Sphinx."""

import io
import re

import numpy as np
import pytest
from page_of import write_page
from PIL import Image
from shapes import FAST, SHAPES, base, explorer_of

from dlbook.explore import Choice, Explorer, Play, Predict, Slider, Toggle
from dlbook.explore.arrays import flatten, plain
from dlbook.plots import with_status
from dlbook.plots.theme import BLUE, GREEN, ORANGE

pytest.importorskip("playwright")
from chromium import DESKTOP, PHONE, OpenPage, chromium

pytestmark = pytest.mark.xdist_group("browser")  # the shapes are drawn once
DIFFERENT = 48  # of 255 in one colour channel


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def opened(browser):
    pages = []

    def open_page(path, fragment="", **looks):
        pages.append(OpenPage(browser, **looks))
        return pages[-1], pages[-1].open(path, fragment)

    yield open_page
    for page in pages:
        page.close()


@pytest.fixture(scope="module")
def shapes_page(browser, tmp_path_factory):
    """One page with an explorer of every shape, all drawn."""
    folder = tmp_path_factory.mktemp("shapes")
    opened = OpenPage(browser)
    page = opened.open(write_page(folder, [explorer_of(shape) for shape in SHAPES]))
    opened.show_all()
    yield opened, page
    opened.close()


def root(page, name: str):
    return page.locator(f"#explorer-{name.replace('_', '-')}")


def pixels(locator) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(locator.screenshot())).convert("RGB")).astype(int)


def test_a_page_with_every_shape_opens_without_complaint(shapes_page):
    opened, page = shapes_page
    assert opened.problems == []
    assert page.locator("[data-failed]").count() == 0


def share_drawn_otherwise(page, name: str, k: int) -> float:
    """The share of pixels in which direct drawing at `k` differs from plotly's."""
    explorer = root(page, name)
    canvas = explorer.locator(".explorer-canvas")
    explorer.evaluate(f"(node) => node.dlbook.controls.set([{k}])")
    page.wait_for_timeout(60)
    direct = pixels(canvas)
    explorer.evaluate("(node) => node.dlbook.drawing.redraw()")
    page.wait_for_timeout(30)
    return (np.abs(direct - pixels(canvas)).max(axis=-1) > DIFFERENT).mean()


def test_what_is_drawn_directly_is_what_plotly_draws(shapes_page):
    opened, page = shapes_page
    names = [shape.__name__ for shape in SHAPES]
    shares = {(name, k): share_drawn_otherwise(page, name, k) for name in names for k in (3, 0)}
    assert {key: share for key, share in shares.items() if share > 0.001} == {}
    assert opened.problems == []


def test_common_figures_move_without_a_redraw(shapes_page):
    _, page = shapes_page
    count = """async (node) => {
      const { drawing, controls } = node.dlbook, before = drawing.slowMoves;
      for (const k of [1, 2, 3, 0]) {
        controls.set([k]);
        await new Promise((done) => setTimeout(done, 40));
      }
      return drawing.slowMoves - before;
    }"""
    slow = {shape.__name__: root(page, shape.__name__).evaluate(count) for shape in FAST}
    assert {name: moves for name, moves in slow.items() if moves} == {}


SAMPLES = """(node) => [...node.querySelectorAll(".legendlines path, .legendpoints path")].map(
  (sample) => { const { fill, stroke } = getComputedStyle(sample); return `${fill} ${stroke}`; })"""


def test_the_legend_has_the_colours_of_what_was_drawn_directly(opened, tmp_path):
    def recolored(k):
        figure = base()
        for name, color in (("a", BLUE), ("b", [BLUE, ORANGE][k]), ("c", [ORANGE, GREEN][k])):
            style = {"line_color": color, "marker_color": color}
            figure.add_scatter(x=[0, 6], y=[0, k], name=name, mode="lines+markers", **style)
        figure.data[2].marker.symbol = "diamond-open"
        return with_status(figure, f"k {k}")

    made = Explorer(recolored, k=Slider(0, 1, value=0), name="recolored", caption="c", alt="a")
    _, page = opened(write_page(tmp_path, [made]))
    explorer = root(page, "recolored")
    page.wait_for_function("() => document.querySelector('.legend .traces')")
    seen = []
    for k in (0, 1):
        explorer.evaluate(f"(node) => node.dlbook.controls.set([{k}])")
        page.wait_for_timeout(60)
        seen.append(explorer.evaluate(SAMPLES))
        explorer.evaluate("(node) => node.dlbook.drawing.redraw()")
        page.wait_for_timeout(30)
        assert seen[-1] == explorer.evaluate(SAMPLES)
    assert explorer.evaluate("(node) => node.dlbook.drawing.slowMoves") == 0
    assert [a != b for a, b in zip(*seen, strict=True)] == [False] * 2 + [True] * 4


ROOM = """(node) => {
  const { plot, figure } = node.dlbook.drawing, full = plot._fullLayout;
  const [square, below] = [full.yaxis, full.yaxis2], legend = plot.querySelector(".legend");
  const bottom = (axis) => plot.getBoundingClientRect().top + axis._offset + axis._length;
  return {
    height: plot.parentElement.clientHeight, square: square._length, below: below._length,
    empty: (square._inputDomain[1] - square._inputDomain[0]) * full._size.h - square._length,
    between: bottom(below) - below._length - bottom(square),
    legend: legend.getBoundingClientRect().bottom - bottom(square) + square._length,
    bar: plot.querySelector(".cbfill").getBoundingClientRect().top - bottom(square),
    title: plot.querySelector(".annotation").getBoundingClientRect().top - bottom(below),
  };
}"""


def square_above(k):
    z = np.add.outer(np.arange(4.0), np.arange(4.0)) * (k + 1)
    figure = base(height=700, margin={"t": 40})
    bar = {"orientation": "h", "y": 0.3, "yanchor": "top", "thickness": 8}
    figure.add_heatmap(z=z, colorbar=bar, name="map", showlegend=True)
    figure.add_scatter(x=[0, 6], y=[0, k], yaxis="y2", xaxis="x2", name="line")
    figure.add_annotation(text="words", x=0.5, y=-0.05, yref="paper", xref="paper")
    figure.update_layout(
        xaxis={"range": [-0.5, 3.5], "constrain": "domain", "anchor": "y", "title": ""},
        yaxis={"range": [-0.5, 3.5], "scaleanchor": "x", "constrain": "domain",
               "constraintoward": "top", "domain": [0.4, 1]},
        xaxis2={"anchor": "y2"}, yaxis2={"domain": [0, 0.2], "range": [-3, 3]},
    )  # fmt: skip
    return with_status(figure, f"k {k}")


def square_explorer():
    return Explorer(square_above, k=Slider(0, 1, value=0), name="square", caption="c", alt="a")


def test_a_narrow_page_leaves_no_room_around_a_square_panel(opened, tmp_path):
    path, rooms = write_page(tmp_path, [square_explorer()]), {}
    for size in (PHONE, DESKTOP):
        look, page = opened(path, size=size)
        explorer = root(page, "square")
        page.wait_for_selector("[data-ready]")
        rooms[size, "lower"] = explorer.evaluate(ROOM)
        explorer.evaluate("(node) => node.dlbook.controls.set([1])")
        page.wait_for_timeout(60)
        explorer.evaluate("(node) => node.dlbook.drawing.redraw()")
        assert explorer.evaluate(ROOM) == pytest.approx(rooms[size, "lower"], abs=1)
        explorer.evaluate("({ dlbook: { drawing } }) => { drawing.lower = null; drawing.react(); }")
        rooms[size, "given"] = explorer.evaluate(ROOM)
        assert look.problems == []
    lower, given = rooms[PHONE, "lower"], rooms[PHONE, "given"]
    assert given["empty"] > 50
    assert lower["empty"] < 2
    assert lower["height"] == pytest.approx(given["height"] - given["empty"], abs=2)
    for part in ("square", "below", "legend", "title"):
        assert lower[part] == pytest.approx(given[part], abs=2), part
    for part in ("between", "bar"):
        assert lower[part] == pytest.approx(given[part] - given["empty"], abs=2), part
    assert rooms[DESKTOP, "lower"] == rooms[DESKTOP, "given"]


def test_a_square_panel_grows_again_when_the_page_gets_wider(opened, tmp_path):
    _, page = opened(write_page(tmp_path, [square_explorer()]), size=PHONE)
    explorer, seen = root(page, "square"), []
    page.wait_for_selector("[data-ready]")
    for width, height in (PHONE, DESKTOP, PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(400)
        seen.append(explorer.evaluate(ROOM))
    assert seen[0]["height"] < seen[1]["height"] == 700
    assert seen[0] == pytest.approx(seen[2], abs=1)
    assert seen[1] == pytest.approx(seen[3], abs=1)
    assert seen[1]["square"] > seen[0]["square"] + 30
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.wait_for_timeout(400)
    explorer.evaluate("""({ dlbook: { drawing } }) => {
      const { style } = drawing.plot.parentElement;
      for (const width of ["200px", "250px", ""]) { style.width = width; drawing.redraw(); }
    }""")  # before what follows the first width is done
    page.wait_for_timeout(400)
    assert explorer.evaluate(ROOM) == pytest.approx(seen[0], abs=1)


UNPACKED = """(node) => {
  const { spec, valueAt } = node.dlbook, lists = (v) =>
    ArrayBuffer.isView(v) ? Array.from(v, (n) => (n !== n ? null : n))
    : Array.isArray(v) ? v.map(lists) : v;
  return [0, 1, 2, 3].map((k) =>
    spec.fields.map((field) => [field.path.join("."), lists(valueAt(field, [k]))]));
}"""


def assert_close(value, truth):
    """Lists from the page against a leaf of the figure; far outside the axes nothing is seen."""
    if not (isinstance(truth, np.ndarray) and truth.dtype.kind == "f"):
        assert value == truth
        return
    numbers, seen = np.array(value, dtype=float), np.abs(truth) < 1e3
    assert numbers.shape == truth.shape
    assert numbers[seen] == pytest.approx(truth[seen], abs=7e-3)


def test_the_page_unpacks_the_numbers_of_every_position(shapes_page):
    _, page = shapes_page
    for shape in SHAPES:
        explorer = explorer_of(shape)
        for k, leaves in enumerate(root(page, shape.__name__).evaluate(UNPACKED)):
            truth = flatten(plain(explorer.figure(k=k)))
            truth = {".".join(map(str, path)): leaf for path, leaf in truth.items()}
            for path, value in leaves:
                assert_close(value, truth.get(path))


def drift(k: int, kind: str = "a b", on: bool = False):
    y = 1 if kind == "a b" else -1
    figure = base().add_scatter(x=[1 + k, 5], y=[y, y + on], mode="lines+markers")
    return with_status(figure, f"k {k}, kind {kind}, {'on' if on else 'off'}")


WORDS = {"a b": "a b", "c&d=e?f#g": "c&d=e?f#g", "ü+%20": "ü+%20"}


def drifting(name="drift", **options) -> Explorer:
    return Explorer(
        drift,
        name=name,
        caption="c",
        alt="a",
        k=Play(0, 3, value=0, interval=0.06),
        kind=Choice(WORDS, value="a b"),
        on=Toggle(),
        **options,
    )


def start(page, name="drift"):
    page.evaluate("(name) => document.querySelector('#explorer-' + name).scrollIntoView()", name)
    page.wait_for_selector(f"#explorer-{name}[data-ready]", timeout=30_000)
    return root(page, name)


def status(page, name="drift") -> str:
    return root(page, name).locator(".explorer-status").text_content()


REST = 300  # milliseconds: longer than the pause before words and address follow a move


def test_settings_survive_the_address_whatever_characters_they_have(opened, tmp_path):
    path = write_page(tmp_path, [drifting(), drifting("drift-two")])
    for word in WORDS:
        _, page = opened(path)
        start(page).locator("select").select_option(label=word)
        start(page, "drift-two").get_by_role("checkbox").click()
        page.wait_for_timeout(REST)
        fragment = page.evaluate("() => location.hash")
        again, page = opened(path, fragment)
        start(page)
        start(page, "drift-two")
        assert status(page) == f"k 0, kind {word}, off"
        assert status(page, "drift-two") == "k 0, kind a b, on"
        assert again.problems == []


def test_settings_that_do_not_exist_are_the_default_ones(opened, tmp_path):
    path = write_page(tmp_path, [drifting()])
    fragment = "#explorer-drift?drift.k=99&drift.kind=nope&drift.on=on&drift.speed=1&%zz"
    again, page = opened(path, fragment)
    start(page)
    assert status(page) == "k 0, kind a b, on"
    assert again.problems == []


def test_heading_links_keep_the_settings_and_links_with_settings_go_there(opened, tmp_path):
    wrap = '<h2 id="top">Top</h2><p style="height: 1500px"></p>{}<p style="height: 1500px"></p>'
    path = write_page(tmp_path, [drifting(), drifting("two"), drifting("late")], wrap)
    _, page = opened(path, "#?two.k=2&late.k=1")
    start(page, "two")
    start(page).locator("input[type=range]").press("End")
    page.wait_for_timeout(REST)
    page.evaluate("() => { location.hash = '#top'; }")
    page.wait_for_timeout(REST)
    assert status(page) == "k 3, kind a b, off"
    assert status(page, "two") == "k 2, kind a b, off"
    assert page.evaluate("() => location.hash") == "#top?two.k=2&late.k=1&drift.k=3"
    start(page, "late")
    assert status(page, "late") == "k 1, kind a b, off"
    page.evaluate("() => { location.hash = '#explorer-drift?drift.k=1&drift.on=on'; }")
    page.wait_for_timeout(REST)
    assert status(page) == "k 1, kind a b, on"
    assert abs(root(page, "drift").bounding_box()["y"]) < 50
    page.go_back()
    page.wait_for_timeout(REST)
    assert status(page) == "k 3, kind a b, off"


def test_play_runs_to_the_end_and_stops_at_a_touch_or_a_reset(opened, tmp_path):
    _, page = opened(write_page(tmp_path, [drifting()]))
    explorer = start(page)
    play, pressed = explorer.locator(".explorer-play"), "node => node.ariaPressed"
    assert play.evaluate("node => { node.click(); return node.ariaPressed; }") == "true"
    page.wait_for_function("() => location.hash === '#?drift.k=3'")
    assert play.evaluate(pressed) == "false"
    assert status(page) == "k 3, kind a b, off"
    play.click()
    explorer.locator(".explorer-reset").click()
    page.wait_for_timeout(REST + 400)
    assert play.evaluate(pressed) == "false"
    assert status(page) == "k 0, kind a b, off"


def test_the_address_waits_for_the_end_of_a_play(opened, tmp_path):
    """Safari raises an error after 100 changes in 30 seconds."""
    slow = Explorer(drift, caption="c", alt="a", k=Play(0, 3, value=0, interval=0.3))
    _, page = opened(write_page(tmp_path, [slow]))
    page.evaluate("""() => {
      window.writes = 0;
      const write = history.replaceState;
      history.replaceState = (...all) => { window.writes += 1; write.apply(history, all); };
    }""")
    start(page).locator(".explorer-play").click()
    page.wait_for_timeout(3 * 300 + 2 * REST)
    assert status(page) == "k 3, kind a b, off"
    assert page.evaluate("() => window.writes") == 1


FOLDS = (
    "<details><summary>Show</summary>{}</details>",
    '<button onclick="this.nextSibling.hidden = false">Show</button><div hidden>{}</div>',
)


@pytest.mark.parametrize("fold", FOLDS)
def test_a_figure_that_was_folded_away_gets_its_width(opened, tmp_path, fold):
    open_, page = opened(write_page(tmp_path, [drifting()], fold))
    page.locator("summary, button").first.click()
    start(page)
    wide = page.locator(".explorer-plot").bounding_box()["width"]
    assert page.locator(".main-svg").first.bounding_box()["width"] == pytest.approx(wide, abs=2)
    assert open_.problems == []


def test_all_figures_are_shown_also_those_in_folded_outputs(opened, tmp_path):
    below = "<p style='height: 3000px'></p>" + FOLDS[0]
    open_, page = opened(write_page(tmp_path, [drifting()], below))
    assert open_.show_all() == 1
    assert page.locator(".js-plotly-plot").is_visible()


def test_a_figure_follows_theme_and_width_while_it_plays_or_is_hidden(opened, tmp_path):
    open_, page = opened(write_page(tmp_path, [drifting()], FOLDS[1]))
    page.locator("button").first.click()
    explorer = start(page)
    explorer.locator(".explorer-play").click()
    for theme, color, width in (
        ("dark", "rgb(214, 219, 225)", 1280),
        ("light", "rgb(31, 35, 40)", 500),
    ):
        page.evaluate("() => { document.querySelector('div').hidden = true; }")
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(REST + 400)
        page.evaluate("() => { document.querySelector('div').hidden = false; }")
        page.wait_for_timeout(REST)
        wide = page.locator(".explorer-plot").bounding_box()["width"]
        drawn = page.locator(".main-svg").first.bounding_box()["width"]
        assert drawn == pytest.approx(wide, abs=2)
        title = page.locator(".xtitle").first
        assert title.evaluate("(node) => getComputedStyle(node).fill") == color
    assert page.locator(".js-plotly-plot").evaluate("(plot) => plot.data[0].x[0]") == 4
    assert open_.problems == []


def test_hover_knows_the_present_numbers_when_the_mouse_was_there_all_along(opened, tmp_path):
    _, page = opened(write_page(tmp_path, [drifting()]))
    explorer = start(page)
    box = explorer.locator(".nsewdrag").bounding_box()
    explorer.locator("input[type=range]").focus()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.keyboard.press("End")
    page.wait_for_timeout(100)
    at = page.locator(".point").first.bounding_box()
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2, steps=4)
    page.wait_for_timeout(REST)
    assert "4" in page.locator(".hoverlayer").text_content()


def test_a_question_is_asked_once_and_any_answer_brings_the_figure(opened, tmp_path):
    predict = Predict("Up & <down>?", ["up", "down"], answer="up", because="It is.")
    path = write_page(tmp_path, [drifting(predict=predict)])
    _, page = opened(path)
    body = page.locator(".explorer-body")
    page.wait_for_selector(".explorer-predict:not([hidden])")
    assert not body.is_visible()
    page.get_by_label("down", exact=True).press("Space")
    start(page)
    assert body.is_visible()
    assert page.locator(".explorer-answer").text_content() == "The answer is: up. It is."
    page.reload()
    page.locator(".explorer-skip").click()
    start(page)
    assert page.locator(".explorer-answer").text_content() == "The answer is: up. It is."
    _, page = opened(path, "#explorer-drift?drift.k=2")  # a link to settings shows them at once
    start(page)
    assert status(page) == "k 2, kind a b, off"


def test_missing_and_damaged_data_are_said(opened, tmp_path):
    path = write_page(tmp_path, [drifting(), drifting("other"), drifting("old")])
    folder = tmp_path / "_static" / "dlbook" / "data" / "index"
    (folder / "drift.js").unlink()
    other, old = (folder / name for name in ("other.js", "old.js"))
    other.write_text(re.sub('"[^"]*"\\)', '"AAAA")', other.read_text()))
    old.write_text(old.read_text().replace("@", "@0"))
    _, page = opened(path)
    for name in ("drift", "other", "old"):
        root(page, name).scroll_into_view_if_needed()
        page.wait_for_selector(f"#explorer-{name}[data-failed]", timeout=30_000)
        assert "could not be loaded" in status(page, name)
    assert "load the page again" in status(page, "old")


def areas_with_legend(k: int):
    figure = base().add_scatter(x=[0, 6], y=[-k, -k], name="low")
    figure.add_scatter(x=[0, 6], y=[k, k], name="high", fill="tonexty")
    return with_status(figure.update_layout(showlegend=True), f"k {k}")


def test_traces_hidden_and_shown_again_by_the_legend_go_on_moving(opened, tmp_path):
    explorer = Explorer(
        areas_with_legend, caption="c", alt="a", name="drift", k=Slider(0, 3, value=1)
    )
    open_, page = opened(write_page(tmp_path, [explorer]))
    figure = start(page)
    canvas, entry = figure.locator(".explorer-canvas"), figure.locator(".legendtoggle").first
    for clicks in (1, 2):
        entry.click()
        page.wait_for_timeout(500)  # plotly waits whether it is a double click
        for k in (3, 2):
            figure.evaluate(f"(node) => node.dlbook.controls.set([{k}])")
            page.wait_for_timeout(80)
            direct = pixels(canvas)
            figure.evaluate("(node) => node.dlbook.drawing.redraw()")
            page.wait_for_timeout(30)
            share = (np.abs(direct - pixels(canvas)).max(axis=-1) > DIFFERENT).mean()
            assert share < 0.001, f"after {clicks} clicks at {k}"
    assert open_.problems == []
