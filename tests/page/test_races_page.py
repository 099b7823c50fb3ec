"""The races and the swarm in a page: what the compiled functions compute is torch's."""

import numpy as np
import pytest

from dlbook.compile.experiment import TorchRun
from dlbook.explore.network_race import network_race
from dlbook.explore.optimizer_race import optimizer_race
from dlbook.explore.swarm import swarm

pytest.importorskip("playwright")
from training_in_page import numbers, opened_with, run_in_page

from page_training import TRAIN, PageTraining

pytestmark = pytest.mark.xdist_group("races page")  # the programs are compiled once
MAKERS = {maker().name: maker for maker in (optimizer_race, network_race, swarm)}
CASES = [
    ("optimizer-race", {}, "places"),
    ("optimizer-race", {"surface": "bent valley", "lr": 0.01, "noise": 1.0}, "places"),
    ("optimizer-race", {"surface": "hole in a plain", "x1": 0.9, "x2": -0.4}, "places"),
    ("network-race", {"lr": 0.01, "width": 5}, "0.weight"),
    ("network-race", {"data_set": "circles", "lr": 0.01, "batch_size": 10, "seed": 2}, "2.weight"),
    ("swarm", {"noise": 3.0, "seed": 1}, "w"),
    ("swarm", {"schedule": "cosine over 1,000", "lr": 1.0}, "w"),
    ("swarm", {"schedule": "1/√t"}, "w"),
]


@pytest.fixture(scope="module", params=MAKERS)
def opened(request, tmp_path_factory):
    name = request.param
    with opened_with(MAKERS[name](), tmp_path_factory.mktemp(name)) as opened:
        yield name, opened


def test_fifty_steps_in_the_page_are_those_of_torch(opened):
    """To 1e-4: the rules that divide by roots are as sure as that in float32."""
    name, page = opened
    root = page.page.locator(f"#explorer-{name}")
    for explorer_name, changes, parameter in CASES:
        if explorer_name != name:
            continue
        explorer = MAKERS[name]()
        settings = explorer.settings(**changes)
        run = TorchRun(explorer.experiment, settings)
        found = run_in_page(root, explorer, settings, 50)
        assert found["loss"] == pytest.approx(run.step(50), rel=1e-3)
        truth = run.tensors["params"][parameter].numpy().ravel()
        page_values = numbers(found["inputs"][f"params.{parameter}"])
        np.testing.assert_allclose(page_values, truth, rtol=1e-3, atol=1e-4, err_msg=str(changes))


def test_it_pauses_where_the_axis_of_its_curves_ends_and_can_go_on(opened):
    name, page = opened
    root = page.page.locator(f"#explorer-{name}")
    root.locator(".explorer-restart").click()
    last = root.evaluate("({ dlbook }) => dlbook.spec.run.lastStep")
    assert last >= 1_000
    root.evaluate(TRAIN, last - 3)
    train = root.locator(".explorer-train")
    train.click()
    steps = f"(() => document.getElementById('explorer-{name}').dlbook.run.numSteps)"
    page.page.wait_for_function(f"{steps}() === {last}", timeout=20_000)
    page.page.wait_for_timeout(200)  # for the words, after the step
    assert train.text_content() == "▶ Train"
    assert "Paused at the end of the axis" in root.locator(".explorer-status").text_content()
    train.click()
    page.page.wait_for_function(f"{steps}() > {last}", timeout=20_000)
    train.click()


def test_the_browser_stage_finds_nothing_wrong(opened):
    name, page = opened
    page.page.locator(f"#explorer-{name} .explorer-reset").click()
    assert PageTraining(page.page, name).check() == []
    assert page.problems == []
