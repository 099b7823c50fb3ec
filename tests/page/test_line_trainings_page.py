"""A line that trains in a page, by three rules: what the page computes is what torch computes."""

import pytest

from dlbook.compile.experiment import TorchRun
from dlbook.compile.own_points import OwnPoint
from dlbook.explore.logistic import logistic_descent
from dlbook.explore.perceptron_training import perceptron_training
from dlbook.explore.street_training import street_training

pytest.importorskip("playwright")
from page_of import write_page
from training_in_page import check_parameters, check_views, reset, run_in_page

from chromium import OpenPage, chromium
from page_training import TRAIN, PageTraining

pytestmark = pytest.mark.xdist_group("line trainings page")  # the programs are compiled once
MAKERS = {
    "logistic-descent": logistic_descent,
    "street-training": street_training,
    "perceptron-training": perceptron_training,
}
SETTINGS = [
    ("logistic-descent", {}),
    ("logistic-descent", {"data_set": "overlapping", "spread": 1.5, "seed": 3, "lr": 1.0}),
    ("logistic-descent", {"data_set": "one wrong label", "lr": 100.0, "seed": 7}),
    ("street-training", {}),
    ("street-training", {"penalty": 1.0, "noise": 0.9, "seed": 4}),
    ("street-training", {"penalty": 0.1, "only": True, "shrink": False, "noise": 0.3}),
    ("perceptron-training", {}),
    ("perceptron-training", {"margin": 0.1, "order": "at random", "seed": 2}),
    ("perceptron-training", {"order": "worst first", "seed": 9}),
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    path = write_page(tmp_path_factory.mktemp("lines"), [maker() for maker in MAKERS.values()])
    with chromium() as browser:
        opened = OpenPage(browser)
        opened.open(path)
        opened.show_all()
        yield opened
        opened.close()


def root_of(opened, name: str):
    return opened.page.locator(f"#explorer-{name}")


def fresh_root_of(opened, name: str):
    """The explorer at its defaults and its start, whatever another test has left there."""
    root = root_of(opened, name)
    reset(root)
    root.locator(".explorer-restart").click()
    return root


@pytest.mark.parametrize("num_steps", [0, 50])
@pytest.mark.parametrize(("name", "changes"), SETTINGS, ids=str)
def test_the_run_in_the_page_is_that_of_torch(opened, name, changes, num_steps):
    """Parameters to float32's accuracy; what is shown to what an eye could tell."""
    explorer = MAKERS[name]()
    settings = explorer.settings(**changes)
    found = run_in_page(root_of(opened, name), explorer, settings, num_steps)
    run = TorchRun(explorer.experiment, settings)
    for _ in range(num_steps):
        run.step()  # also where the page's button would have stopped
    check_parameters(found, run)
    check_views(found, run, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", MAKERS)
def test_own_points_are_trained_on_as_in_torch(opened, name):
    points = [[-0.5, -0.4, 1], [1.0, 0.25, 0]]
    explorer = MAKERS[name](points=points)
    run = TorchRun(explorer.experiment, explorer.settings(), points=[OwnPoint(*p) for p in points])
    for _ in range(20):
        run.step()
    root = root_of(opened, name)
    root.evaluate("({ dlbook: { run } }, points) => { run.points = points; }", points)
    found = run_in_page(root, explorer, explorer.settings(), 20)
    root.evaluate("({ dlbook: { run } }) => { run.points = []; }")
    check_parameters(found, run)


@pytest.mark.parametrize("name", MAKERS)
def test_the_browser_stage_finds_nothing_wrong(opened, name):
    fresh_root_of(opened, name)
    assert PageTraining(opened.page, name).check() == []
    assert opened.problems == []


def test_a_number_goes_into_the_run_under_way(opened):
    for name, setting in (("logistic-descent", "lr"), ("street-training", "penalty")):
        root = fresh_root_of(opened, name)
        root.evaluate(TRAIN, 5)
        root.locator(f'[data-setting="{setting}"] input').press("ArrowRight")
        opened.page.wait_for_timeout(300)
        assert root.evaluate("(node) => node.dlbook.run.numSteps") == 5


def test_the_perceptron_stops_by_itself_and_a_point_sends_it_on(opened):
    root, page = fresh_root_of(opened, "perceptron-training"), opened.page
    root.locator(".explorer-speed").select_option("single")
    root.locator(".explorer-train").click()
    status, train = root.locator(".explorer-status"), root.locator(".explorer-train")
    over = "() => document.querySelector('#explorer-perceptron-training').dlbook.run.over"
    page.wait_for_function(over, timeout=20_000)
    page.wait_for_timeout(100)
    assert train.text_content() == "▶ Train"
    assert "the run is over" in status.text_content()
    updates = root.evaluate("(node) => node.dlbook.run.numSteps")
    root.locator("details").evaluate_all("(nodes) => nodes.forEach((n) => { n.open = true; })")
    for part, value in (("x1", "-0.6"), ("x2", "-0.6")):
        root.locator(f".explorer-points-{part}").fill(value)
    root.locator(".explorer-points-label").select_option("1")
    root.locator(".explorer-points-add").press("Enter")
    assert "never settles" in status.text_content()
    train.click()
    page.wait_for_function(f"{over.replace('over', 'numSteps')} > {updates + 5}", timeout=20_000)
    train.click()
    assert opened.problems == []


def test_slow_is_at_most_two_steps_a_second(opened):
    """The page's own clock: a busy machine makes fewer steps, never more."""
    root = fresh_root_of(opened, "perceptron-training")
    root.locator(".explorer-speed").select_option("slow")
    pace = "({ dlbook: { scheduler } }) => [scheduler.limit(), scheduler.rest()]"
    assert root.evaluate(pace) == [1, 500]  # steps, milliseconds
    start = opened.page.evaluate("() => performance.now()")
    root.locator(".explorer-train").click()
    made = "() => document.querySelector('#explorer-perceptron-training').dlbook.run.numSteps"
    opened.page.wait_for_function(f"() => ({made})() >= 4", timeout=20_000)
    steps, end = opened.page.evaluate(f"() => [({made})(), performance.now()]")
    root.locator(".explorer-train").click()
    assert end - start >= 500 * (steps - 1) - 20
