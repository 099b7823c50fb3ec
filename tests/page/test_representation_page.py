"""Networks that learn in the page: what is compiled computes what torch does."""

import numpy as np
import pytest

from dlbook.compile.experiment import TorchRun
from dlbook.explore.creases import watched_creases
from dlbook.explore.trained_kinks import trained_kinks
from dlbook.figures.creases import CREASES
from dlbook.figures.trained_kinks import TRAINED_KINKS

pytest.importorskip("playwright")
from page_of import write_page
from training_in_page import check_parameters, check_views, numbers, run_in_page

from chromium import OpenPage, chromium
from page_training import PageTraining

pytestmark = pytest.mark.xdist_group("representation page")  # the programs are compiled once


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A page with both explorers."""
    path = write_page(tmp_path_factory.mktemp("learned"), [trained_kinks(), watched_creases()])
    with chromium() as browser:
        page = OpenPage(browser)
        page.open(path)
        page.show_all()
        yield page
        page.close()


@pytest.mark.parametrize(
    "changes",
    [{}, {"curve": "chirp", "width": 33, "seed": 4}, {"curve": "bump", "width": 2}],
    ids=str,
)
def test_kinks_move_in_the_page_as_in_torch(opened, changes):
    root, explorer = opened.page.locator("#explorer-trained-kinks"), trained_kinks()
    settings = explorer.settings(optimizer="sgd", lr=0.01, **changes)
    found, run = run_in_page(root, explorer, settings, 50), TorchRun(TRAINED_KINKS, settings)
    assert found["loss"] == pytest.approx(run.step(50), rel=1e-5)
    check_parameters(found, run)
    check_views(found, run, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(
    "changes",
    [{}, {"depth": 1, "width": 16, "seed": 3}, {"depth": 3, "data_set": "moons", "width": 5}],
    ids=str,
)
def test_pieces_are_painted_in_the_page_as_in_torch(opened, changes):
    """Adam: losses are compared, and nearly all cells, since a border may move by one."""
    root, explorer = opened.page.locator("#explorer-creases"), watched_creases()
    settings = explorer.settings(**changes)
    found, run = run_in_page(root, explorer, settings, 30), TorchRun(CREASES, settings)
    assert found["loss"] == pytest.approx(run.step(30), rel=1e-3)
    painted, truth = numbers(found["outputs"]["pieces"]), run.view()["pieces"].ravel()
    assert (np.abs(painted - truth) < 0.5).mean() > 0.98


def test_the_browser_stage_finds_nothing_wrong(opened):
    for name in ("trained-kinks", "creases"):
        opened.page.locator(f"#explorer-{name} .explorer-reset").click()
        assert PageTraining(opened.page, name).check() == []
    assert opened.problems == []
