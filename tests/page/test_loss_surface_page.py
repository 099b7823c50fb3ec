"""The loss surface in a page: what the compiled functions compute is what torch computes."""

import pytest

from dlbook.compile.experiment import TorchRun
from dlbook.explore.loss_surface import loss_surface
from dlbook.figures.loss_surface import LOSS_SURFACE

pytest.importorskip("playwright")
from training_in_page import check_parameters, check_views, opened_with, run_in_page

from page_training import PageTraining

pytestmark = pytest.mark.xdist_group("loss surface page")  # the programs are compiled once
SETTINGS = [
    {},
    {"data_set": "circles", "width": 12, "pair": 4, "range": 2.0, "seed": 3, "lr": 0.1},
    {"data_set": "xor", "width": 2, "activation": "ReLU", "range": 0.25, "lr": 0.3},
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    with opened_with(loss_surface(), tmp_path_factory.mktemp("surface")) as opened:
        yield opened


@pytest.fixture
def root(opened):
    return opened.page.locator("#explorer-loss-surface")


@pytest.mark.parametrize("changes", SETTINGS, ids=str)
def test_fifty_steps_in_the_page_are_those_of_torch(root, changes):
    """Parameters to float32's accuracy; losses to 1e-3 of themselves, logarithms to 1e-3."""
    explorer = loss_surface()
    settings = explorer.settings(**changes)
    found, run = run_in_page(root, explorer, settings, 50), TorchRun(LOSS_SURFACE, settings)
    run.step(50)
    check_parameters(found, run)
    check_views(found, run, rtol=1e-3, atol=1e-3)


def test_another_pair_of_directions_is_shown_at_once_and_the_run_goes_on(root, opened):
    root.locator(".explorer-restart").click()
    for _ in range(3):
        root.locator(".explorer-step").click()
    before = root.locator(".explorer-status").text_content()
    root.locator('[data-setting="pair"] input').press("ArrowRight")
    opened.page.wait_for_timeout(300)
    assert root.evaluate("(node) => node.dlbook.run.numSteps") == 3
    after = root.locator(".explorer-status").text_content()
    assert after.startswith("Step 3: ")
    assert after != before


def test_the_browser_stage_finds_nothing_wrong(opened, root):
    root.locator(".explorer-reset").click()
    assert PageTraining(opened.page, "loss-surface").check() == []
    assert opened.problems == []
