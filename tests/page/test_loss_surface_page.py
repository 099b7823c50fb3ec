"""The loss surface in a page: what the compiled functions compute is what torch computes."""

import numpy as np
import pytest
from page_of import write_page
from test_training_page import in_page, numbers

from dlbook.compile.experiment import TorchRun
from dlbook.explore.loss_surface import loss_surface
from dlbook.figures.loss_surface import LOSS_SURFACE

pytest.importorskip("playwright")
from chromium import OpenPage, chromium
from page_training import PageTraining

pytestmark = pytest.mark.xdist_group("loss surface page")  # the programs are compiled once
SETTINGS = [
    {},
    {"data_set": "circles", "width": 12, "pair": 4, "range": 2.0, "seed": 3, "lr": 0.1},
    {"data_set": "xor", "width": 2, "activation": "ReLU", "range": 0.25, "lr": 0.3},
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    path = write_page(tmp_path_factory.mktemp("surface"), [loss_surface()])
    with chromium() as browser:
        opened = OpenPage(browser)
        opened.open(path)
        opened.show_all()
        yield opened
        opened.close()


@pytest.fixture
def root(opened):
    return opened.page.locator("#explorer-loss-surface")


@pytest.mark.parametrize("changes", SETTINGS, ids=str)
def test_fifty_steps_in_the_page_are_those_of_torch(root, changes):
    """Parameters to float32's accuracy; losses to 1e-3 of themselves, logarithms to 1e-3."""
    explorer = loss_surface()
    settings = explorer.settings(**changes)
    found, run = in_page(root, explorer, settings, 50), TorchRun(LOSS_SURFACE, settings)
    run.step(50)
    for name, truth in run.tensors["params"].items():
        page, truth = numbers(found["inputs"][f"params.{name}"]), truth.numpy().ravel()
        assert (np.abs(page - truth) <= 1e-5 * np.maximum(1, np.abs(truth))).all(), name
    truths = run.view()
    assert found["outputs"].keys() == truths.keys()
    for name, values in truths.items():
        page = numbers(found["outputs"][name])
        np.testing.assert_allclose(page, values.ravel(), rtol=1e-3, atol=1e-3, err_msg=name)


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
