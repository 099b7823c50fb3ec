"""The network that reads digits in a page: as in torch, and one can draw into it."""

import pytest

from dlbook.compile.experiment import TorchRun
from dlbook.explore.digit_reader import digit_reader
from dlbook.figures.digit_reader import READER

pytest.importorskip("playwright")
from training_in_page import check_parameters, check_views, opened_with, reset, run_in_page

pytestmark = pytest.mark.xdist_group("digit reader page")  # the programs are compiled once

PLACE = """(canvas, [x, y]) => {
  const { xaxis, yaxis } = canvas._fullLayout, box = canvas.getBoundingClientRect();
  return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)];
}"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    with opened_with(digit_reader(), tmp_path_factory.mktemp("reader")) as opened:
        yield opened


@pytest.fixture
def root(opened):
    return opened.page.locator("#explorer-digit-reader")


@pytest.mark.parametrize("changes", [{}, {"image": 38, "target": 4, "baseline": 1, "seed": 2}])
def test_fifty_steps_in_the_page_are_those_of_torch(root, changes):
    explorer = digit_reader()
    settings = explorer.settings(**changes)
    run = TorchRun(READER, settings)
    run.step(50)
    found = run_in_page(root, explorer, settings, 50)
    check_parameters(found, run)
    check_views(found, run, atol=5e-4)


def test_a_drag_draws_and_the_training_goes_on(root, opened):
    canvas = root.locator(".explorer-canvas")
    reset(root)
    root.locator(".explorer-restart").click()
    canvas.scroll_into_view_if_needed()
    for _ in range(2):
        root.locator(".explorer-step").click()
    canvas.scroll_into_view_if_needed()
    mouse = opened.page.mouse
    for start, end in (((-2, 2), (2, 2)), ((2, 2), (0, -3))):
        mouse.move(*canvas.evaluate(PLACE, list(start)))
        mouse.down()
        mouse.move(*canvas.evaluate(PLACE, list(end)), steps=6)
        mouse.up()
    points = root.evaluate("(node) => node.dlbook.run.points")
    assert len(points) >= 25  # 4 + 5.4 pixels, a mark every 0.3
    assert all(abs(y - 2) < 0.1 for _, y, _ in points[:10])
    assert root.evaluate("(node) => node.dlbook.run.numSteps") == 2
    ink = root.evaluate("(node) => node.dlbook.run.view().paper.reduce((a, b) => a + b)")
    assert ink > 100
    opened.page.wait_for_timeout(300)
    assert "digit-reader.points=" in opened.page.evaluate("() => location.hash")
    reset(root)
    assert root.evaluate("(node) => node.dlbook.run.points") == []
    assert opened.problems == []


def test_a_click_is_one_mark_and_a_drag_outside_none(root, opened):
    canvas = root.locator(".explorer-canvas")
    reset(root)
    canvas.scroll_into_view_if_needed()
    opened.page.mouse.click(*canvas.evaluate(PLACE, [1, 1]))
    assert len(root.evaluate("(node) => node.dlbook.run.points")) == 1
    x, y = canvas.evaluate(PLACE, [4, 0])
    opened.page.mouse.move(x + 40, y)
    opened.page.mouse.down()
    opened.page.mouse.move(x + 90, y + 20, steps=4)
    opened.page.mouse.up()
    assert len(root.evaluate("(node) => node.dlbook.run.points")) == 1
    reset(root)
