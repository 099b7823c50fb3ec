"""Six networks side by side in a page: what the compiled functions compute is torch's."""

import pytest

from dlbook.compile.experiment import TorchRun
from dlbook.explore.side_by_side import side_by_side
from dlbook.figures.side_by_side import SIDE_BY_SIDE

pytest.importorskip("playwright")
from training_in_page import check_parameters, check_views, opened_with, run_in_page

from page_training import PageTraining

pytestmark = pytest.mark.xdist_group("side by side page")  # the programs are compiled once
SETTINGS = [
    {"optimizer": "sgd", "lr": 0.1},
    {"optimizer": "sgd", "lr": 0.1, "data_set": "spirals", "width": 16, "seed": 12},
    {"optimizer": "sgd", "lr": 0.3, "activation": "tanh", "noise": 0.2, "width": 3},
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    with opened_with(side_by_side(), tmp_path_factory.mktemp("six")) as opened:
        yield opened


@pytest.fixture
def root(opened):
    return opened.page.locator("#explorer-side-by-side")


@pytest.mark.parametrize("changes", SETTINGS, ids=str)
def test_fifty_steps_in_the_page_are_those_of_torch(root, changes):
    """Parameters to float32's accuracy; what is shown of them to what an eye could tell."""
    explorer = side_by_side()
    settings = explorer.settings(**changes)
    found, run = run_in_page(root, explorer, settings, 50), TorchRun(SIDE_BY_SIDE, settings)
    assert found["loss"] == pytest.approx(run.step(50), rel=1e-5)
    check_parameters(found, run)
    check_views(found, run, atol=1e-4)


def test_adam_learns_as_in_torch(root):
    """Adam divides by tiny numbers, so runs in float32 drift apart: the losses are compared."""
    explorer = side_by_side()
    settings = explorer.settings()
    run = TorchRun(SIDE_BY_SIDE, settings)
    assert run_in_page(root, explorer, settings, 30)["loss"] == pytest.approx(
        run.step(30), rel=1e-3
    )


def test_the_browser_stage_finds_nothing_wrong(opened, root):
    root.locator(".explorer-reset").click()
    assert PageTraining(opened.page, "side-by-side").check() == []
    assert opened.problems == []


def test_training_draws_directly(root):
    """Once the curves have lines, numbers in texts move without a full redraw."""
    slow = "(node) => node.dlbook.drawing.slowMoves"
    train = (
        """(node) => { for (let k = 0; k < 5; k++) node.dlbook.run.step(); node.dlbook.show(); }"""
    )
    for _ in range(3):
        root.evaluate(train)
    before = root.evaluate(slow)
    for _ in range(3):
        root.evaluate(train)
    assert root.evaluate(slow) == before
    texts = root.locator(".textpoint text").all_text_contents()
    percent = root.evaluate("(node) => Array.from(node.dlbook.run.view().percent, String)")
    assert set(percent) <= set(texts)
