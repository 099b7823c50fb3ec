"""A training explorer in a page: what the compiled functions compute is what torch computes."""

import re
from pathlib import Path
from urllib.parse import unquote, urlparse

import numpy as np
import pytest

from dlbook.compile.experiment import TorchRun
from dlbook.compile.own_points import OwnPoint
from dlbook.explore import Choice, LogSlider, Slider, TrainingExplorer
from dlbook.explore.playground import CONTROLS, playground
from dlbook.figures import playground as pg

pytest.importorskip("playwright")
from training_in_page import (
    check_parameters,
    check_views,
    opened_with,
    run_in_page,
    words_of,
)

from chromium import OpenPage
from page_training import PageTraining

pytestmark = pytest.mark.xdist_group("training page")  # the programs are compiled once


def small_playground(**options) -> TrainingExplorer:
    """The playground with fewer choices of structure, so that few programs are compiled."""
    return playground(
        data_set=Choice(["moons", "spirals"], value="moons"),
        depth=Slider(1, 2, value=2),
        activation=Choice(["tanh", "ReLU"], value="tanh"),
        optimizer=Choice(["momentum", "adam"], value="momentum"),
        lr=LogSlider(1e-2, 1e3, value=0.1),
        weight_decay=LogSlider(1e-3, 1e-1, value=None, none=True),
        **options,
    )


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    with opened_with(small_playground(), tmp_path_factory.mktemp("training")) as opened:
        yield opened


@pytest.fixture
def root(opened):
    return opened.page.locator("#explorer-playground")


SETTINGS = [
    {},
    {"data_set": "spirals", "width": 16, "seed": 3, "weight_decay": 1e-3},
    {"depth": 1, "width": 1, "activation": "ReLU", "noise": 0.5},
    {"depth": 1, "width": 5, "noise": 0.0, "seed": 1},
    {"activation": "ReLU", "width": 11, "lr": 0.01},
    {"inputs": 127, "l1": 1e-3, "batch_size": 10, "num_train": 50, "show_test": True},
    {"inputs": 16, "batch_size": 1, "rounded": True},
]


@pytest.mark.parametrize("changes", SETTINGS, ids=str)
def test_fifty_steps_in_the_page_are_those_of_torch(root, changes):
    explorer = small_playground()
    settings = explorer.settings(**changes)
    run = TorchRun(pg.PLAYGROUND, settings)
    run.step(50)
    check_parameters(run_in_page(root, explorer, settings, 50), run)


@pytest.mark.parametrize("changes", SETTINGS, ids=str)
def test_what_is_shown_at_the_start_is_what_torch_shows(root, changes):
    explorer = small_playground()
    settings = explorer.settings(**changes)
    found = run_in_page(root, explorer, settings, 0)
    check_views(found, TorchRun(pg.PLAYGROUND, settings), atol=2e-5)


def test_adam_learns_as_in_torch(root):
    """Adam divides by tiny numbers, so runs in float32 drift apart: the losses are compared."""
    explorer = small_playground()
    settings = explorer.settings(optimizer="adam", lr=0.01)
    run = TorchRun(pg.PLAYGROUND, settings)
    assert run_in_page(root, explorer, settings, 30)["loss"] == pytest.approx(
        run.step(30), rel=1e-3
    )


def test_a_too_large_step_is_told_and_ends_the_run(root, opened):
    explorer = small_playground()
    settings = explorer.settings(lr=1000.0, weight_decay=0.1)  # weights times −99 a step
    words = words_of(explorer, settings)
    root.evaluate(
        "(node, values) => { node.dlbook.run.restart(values); node.dlbook.toggle(); }", words
    )
    opened.page.wait_for_function(
        "() => !document.querySelector('#explorer-playground').dlbook.scheduler.running",
        timeout=20_000,
    )
    assert "Diverged at step" in root.locator(".explorer-status").text_content()
    assert root.locator(".explorer-train").text_content() == "▶ Train"


@pytest.mark.parametrize("what", ["step", "view"])
def test_a_program_that_stops_with_an_error_is_told_and_restart_begins_again(root, opened, what):
    words = words_of(explorer := small_playground(), explorer.settings())
    root.evaluate(
        """(node, [values, what]) => {
          node.dlbook.run.restart(values);
          node.dlbook.run[what] = () => { throw new RangeError("a result is 2147483648"); };
          node.dlbook.toggle();
        }""",
        [words, what],
    )
    opened.page.wait_for_function(
        "() => !document.querySelector('#explorer-playground').dlbook.scheduler.running",
        timeout=20_000,
    )
    assert re.match(
        r"Stopped after \d+ steps: a result is 2147483648\.",
        root.locator(".explorer-status").text_content(),
    )
    assert root.locator(".explorer-train").text_content() == "▶ Train"
    root.evaluate("(node, what) => { delete node.dlbook.run[what]; }", what)
    root.locator(".explorer-restart").click()
    root.locator(".explorer-step").click()
    assert root.evaluate("(node) => [node.dlbook.run.numSteps, node.dlbook.ended()]") == [1, False]


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


def test_own_points_are_trained_on_as_in_torch(root, opened):
    explorer = small_playground(points=[(0.5, -0.3, 1)])
    points = [OwnPoint(0.5, -0.3, 1), OwnPoint(-1.25, 1.0, 0)]
    run = TorchRun(pg.PLAYGROUND, explorer.settings(), points=points)
    run.step(20)
    root.locator(".explorer-reset").click()
    root.locator(".explorer-restart").click()
    for x1, x2, label in points:
        for part, value in (("x1", x1), ("x2", x2)):
            root.locator(f".explorer-points-{part}").fill(str(value))
        root.locator(".explorer-points-label").select_option(str(label))
        root.locator(".explorer-points-add").press("Enter")
    for _ in range(20):
        root.locator(".explorer-step").click()
    found = root.evaluate(
        "(node) => Array.from(node.dlbook.run.stages.step.inputs['params.0.bias'])"
    )
    np.testing.assert_allclose(found, run.tensors["params"]["0.bias"], atol=1e-5)
    opened.page.wait_for_timeout(300)
    assert "playground.points=0.5_-0.3_1*-1.25_1_0" in opened.page.evaluate("() => location.hash")
    code = root.locator(".explorer-code code").text_content()
    assert code.endswith("playground(points=[(0.5, -0.3, 1), (-1.25, 1, 0)])")
    root.locator(".explorer-reset").click()
    opened.page.wait_for_timeout(300)
    assert "points" not in opened.page.evaluate("() => location.hash")


def test_the_code_for_the_notebook_makes_the_same_explorer(root, opened):
    root.locator(".explorer-reset").click()
    root.locator('[data-setting="show_test"] input').evaluate("(node) => node.click()")
    root.locator('[data-setting="optimizer"] select').select_option(label="adam")
    opened.page.wait_for_timeout(300)
    names = {}
    code = root.locator(".explorer-code code").text_content()
    exec(code.replace("playground(", "made = playground("), names)
    root.locator(".explorer-reset").click()
    assert names["made"].settings() == {
        name: control.default for name, control in CONTROLS.items()
    } | {"show_test": True, "optimizer": "adam"}


def test_an_address_brings_settings_and_points(opened, tmp_path):
    other = OpenPage(opened.page.context.browser)
    path = Path(unquote(urlparse(opened.page.url).path))
    points = "0.5_-0.3_1*7_0_1*0_0_5*-1_0.25_0"  # the second lies outside, the third has no class
    other.open(path, f"#?playground.points={points}&playground.lr=0.01")
    other.show_all()
    node = other.page.locator("#explorer-playground")
    assert node.evaluate("(node) => node.dlbook.run.points") == [[0.5, -0.3, 1], [-1, 0.25, 0]]
    assert node.locator(".explorer-points-count").text_content() == "2 of 40"
    assert other.problems == []
    other.close()


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
    ("broken", "check", "problem"),
    [
        (
            "run.step = () => { run.numSteps++; run.loss = 1; return true; }",
            lambda explorer: explorer.check_training(),
            "does not fall",
        ),
        (
            "const { change } = run; run.change = (v) => change.call(run, { ...v, lr: '0.1' })",
            lambda explorer: explorer.check_control("lr", explorer.shown()),
            "lr: the figure does not change",
        ),
        (
            "run.draw = () => {}",
            lambda explorer: explorer.check_control("seed", explorer.shown()),
            "seed: the figure does not change",
        ),
        (
            "const set = run.setPoints; run.setPoints = () => set.call(run, [])",
            lambda explorer: explorer.check_points(explorer.shown()),
            "a point of the reader's own makes no difference",
        ),
    ],
    ids=["no learning", "a number without effect", "a seed without effect", "no points"],
)
def test_the_browser_stage_notices(opened, root, broken, check, problem):
    root.evaluate(f"(node) => {{ const {{ run }} = node.dlbook; {broken}; }}")
    explorer = PageTraining(opened.page, "playground")
    try:
        found = check(explorer)
    finally:
        root.evaluate(
            "({ dlbook: { run } }) => "
            "['step', 'change', 'draw', 'setPoints'].forEach((name) => { delete run[name]; })"
        )
        explorer.reset()
    assert any(problem in words for words in found), found
