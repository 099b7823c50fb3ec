"""A training explorer in a page: what the compiled functions compute is what torch computes."""

import numpy as np
import pytest
from page_of import write_page

from dlbook.compile.experiment import TorchRun
from dlbook.explore import Choice, LogSlider, Slider, TrainingExplorer, Views
from dlbook.figures import playground as pg

pytest.importorskip("playwright")
from chromium import OpenPage, chromium
from page_training import PageTraining

pytestmark = pytest.mark.xdist_group("training page")  # the programs are compiled once


def small_playground(**options) -> TrainingExplorer:
    """The playground with fewer choices of structure, so that few programs are compiled."""
    return TrainingExplorer(
        pg.PLAYGROUND,
        Views(pg.figure, pg.SLOTS, pg.CURVES, pg.STATUS),
        name="playground",
        caption="c",
        alt="a",
        data_set=Choice(["moons", "spirals"], value="moons"),
        noise=Slider(0.0, 0.5, value=0.1, step=0.1),
        depth=Slider(1, 2, value=2),
        width=Slider(1, 16, value=8),
        activation=Choice(["tanh", "ReLU"], value="tanh"),
        optimizer=Choice(["momentum", "adam"], value="momentum"),
        lr=LogSlider(1e-2, 1e3, value=0.1),
        weight_decay=LogSlider(1e-3, 1e-1, value=None, none=True),
        seed=Slider(0, 3, value=0),
        **options,
    )


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    path = write_page(tmp_path_factory.mktemp("training"), [small_playground()])
    with chromium() as browser:
        opened = OpenPage(browser)
        opened.open(path)
        opened.show_all()
        yield opened
        opened.close()


@pytest.fixture
def root(opened):
    return opened.page.locator("#explorer-playground")


RUN = """(node, [values, steps]) => {
  const { run } = node.dlbook;
  run.restart(values);
  for (let k = 0; k < steps; k++) run.step();
  const plain = (arrays) => Object.fromEntries(Object.entries(arrays).map(([name, array]) =>
    [name, Array.from(array, (v) => (Number.isFinite(v) ? v : String(v)))]));
  return { outputs: plain(run.view()), inputs: plain(run.stages.step.inputs), loss: run.loss };
}"""
SETTINGS = [
    {},
    {"data_set": "spirals", "width": 16, "seed": 3, "weight_decay": 1e-3},
    {"depth": 1, "width": 1, "activation": "ReLU", "noise": 0.5},
    {"depth": 1, "width": 5, "noise": 0.0, "seed": 1},
    {"activation": "ReLU", "width": 11, "lr": 0.01},
]


def numbers(values: list) -> np.ndarray:
    return np.array(
        [float(v.replace("Infinity", "inf")) if isinstance(v, str) else v for v in values]
    )


def in_page(root, explorer, settings: dict, num_steps: int) -> dict:
    """Parameters, outputs and loss after a run in the page."""
    words = {
        name: control.addresses[control.index(settings[name])]
        for name, control in explorer.controls.items()
    }
    return root.evaluate(RUN, [words, num_steps])


@pytest.mark.parametrize("changes", SETTINGS, ids=str)
def test_fifty_steps_in_the_page_are_those_of_torch(root, changes):
    explorer = small_playground()
    settings = explorer.settings(**changes)
    found, run = in_page(root, explorer, settings, 50), TorchRun(pg.PLAYGROUND, settings)
    run.step(50)
    for name, truth in run.tensors["params"].items():
        page = numbers(found["inputs"][f"params.{name}"])
        allowed = 1e-5 * np.maximum(1, np.abs(truth.numpy().ravel()))
        assert (np.abs(page - truth.numpy().ravel()) <= allowed).all(), name


@pytest.mark.parametrize("changes", SETTINGS, ids=str)
def test_what_is_shown_at_the_start_is_what_torch_shows(root, changes):
    explorer = small_playground()
    settings = explorer.settings(**changes)
    found = in_page(root, explorer, settings, 0)["outputs"]
    truth = TorchRun(pg.PLAYGROUND, settings).view()
    assert found.keys() == truth.keys()
    for name, values in truth.items():
        np.testing.assert_allclose(
            numbers(found[name]), values.ravel(), rtol=0, atol=2e-5, err_msg=name
        )


def test_adam_learns_as_in_torch(root):
    """Adam divides by tiny numbers, so runs in float32 drift apart: the losses are compared."""
    explorer = small_playground()
    settings = explorer.settings(optimizer="adam", lr=0.01)
    run = TorchRun(pg.PLAYGROUND, settings)
    assert in_page(root, explorer, settings, 30)["loss"] == pytest.approx(run.step(30), rel=1e-3)


def test_a_too_large_step_is_told_and_ends_the_run(root, opened):
    values = small_playground().settings(lr=1000.0, weight_decay=0.1)  # weights times −99 a step
    words = {k: "none" if v is None else str(v) for k, v in values.items()}
    root.evaluate(
        "(node, values) => { node.dlbook.run.restart(values); node.dlbook.toggle(); }", words
    )
    opened.page.wait_for_function(
        "() => !document.querySelector('#explorer-playground').dlbook.scheduler.running",
        timeout=20_000,
    )
    assert "Diverged at step" in root.locator(".explorer-status").text_content()
    assert root.locator(".explorer-train").text_content() == "▶ Train"


def test_a_number_goes_into_the_run_and_a_width_starts_over(root, opened):
    root.locator(".explorer-reset").click()
    root.locator(".explorer-restart").click()
    for _ in range(3):
        root.locator(".explorer-step").click()
    steps = "(node) => node.dlbook.run.numSteps"
    assert root.evaluate(steps) == 3
    for setting, left in (("lr", 3), ("width", 0)):
        root.locator(f'[data-setting="{setting}"] input').press("ArrowRight")
        opened.page.wait_for_timeout(300)
        assert root.evaluate(steps) == left
    assert "playground.width=9" in opened.page.evaluate("() => location.hash")
    assert opened.problems == []


def test_training_pauses_while_it_is_out_of_sight(root, opened):
    root.locator(".explorer-train").click()
    opened.page.evaluate(
        "() => { document.body.style.paddingBottom = '5000px'; scrollTo(0, 6000); }"
    )
    opened.page.wait_for_timeout(300)
    before = root.evaluate("(node) => node.dlbook.run.numSteps")
    opened.page.wait_for_timeout(200)
    assert root.evaluate("(node) => node.dlbook.run.numSteps") == before
    opened.page.evaluate("() => scrollTo(0, 0)")
    goes_on = f"() => document.querySelector('#explorer-playground').dlbook.run.numSteps > {before}"
    opened.page.wait_for_function(goes_on, timeout=10_000)
    root.locator(".explorer-train").click()


def test_the_browser_stage_finds_nothing_wrong(opened, root):
    root.locator(".explorer-reset").click()
    assert PageTraining(opened.page, "playground").check() == []


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ("run.step = () => { run.numSteps++; run.loss = 1; return true; }", "does not fall"),
        ("run.change = () => {}", "lr: the figure does not change"),
        ("run.draw = () => {}", "seed: the figure does not change"),
    ],
    ids=["no learning", "a number without effect", "a seed without effect"],
)
def test_the_browser_stage_notices(opened, root, broken, problem):
    root.evaluate(f"(node) => {{ const {{ run }} = node.dlbook; {broken}; }}")
    found = PageTraining(opened.page, "playground").check()
    root.evaluate(
        "({ dlbook: { run } }) => { delete run.step; delete run.change; delete run.draw; }"
    )
    assert any(problem in words for words in found), found
