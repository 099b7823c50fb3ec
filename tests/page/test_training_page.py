"""A training explorer in a page: what the compiled functions compute is what torch computes."""

import re
from pathlib import Path
from urllib.parse import unquote, urlparse

import numpy as np
import pytest

from dlbook.compile.experiment import TorchRun
from dlbook.compile.own_points import OwnPoint
from dlbook.compile.set_weights import SetWeight
from dlbook.explore import Choice, LogSlider, Slider, TrainingExplorer
from dlbook.explore.playground import CONTROLS, playground
from dlbook.figures import playground as pg

pytest.importorskip("playwright")
from training_in_page import (
    check_parameters,
    check_views,
    opened_with,
    reset,
    run_in_page,
    words_of,
)

from chromium import OpenPage
from page_training import PageTraining

pytestmark = pytest.mark.xdist_group("training page")  # the programs are compiled once


def small_playground(**options) -> TrainingExplorer:
    """The playground with fewer choices of structure, so that few programs are compiled."""
    return playground(
        data_set=Choice(["moons", "spirals", "bumps"], value="moons"),
        depth=Slider(0, 2, value=2),
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


THICKEST_LINE = """(node) => {
  const { drawing, spec } = node.dlbook, { lines } = spec.run.weights;
  const trace = drawing.figure.data.find(({ name }) => name === "positive 2");
  const k = lines.findIndex((_, line) => Number.isFinite(trace.y[3 * line]));
  const [layer, row, column, x0, y0, x1, y1] = lines[k];
  return { entry: [layer, row, column], place: [0.7 * x0 + 0.3 * x1, 0.7 * y0 + 0.3 * y1] };
}"""
ON_SCREEN = """(node, [panel, x, y, scroll]) => {
  const { plot } = node.dlbook.drawing, layout = plot._fullLayout;
  const xaxis = layout[`xaxis${panel}`], yaxis = layout[`yaxis${panel}`];
  const down = () => plot.getBoundingClientRect().top + yaxis._offset + yaxis.d2p(y);
  if (scroll) scrollBy(0, down() - innerHeight / 2);
  return [plot.getBoundingClientRect().left + xaxis._offset + xaxis.d2p(x), down()];
}"""


STEPS = "({ dlbook: { run } }, count) => { for (let k = 0; k < count; k++) run.step(); }"
INPUTS = """({ dlbook: { run } }) => Object.fromEntries(
  Object.entries(run.stages.step.inputs).map(([name, array]) => [name, Array.from(array)]))"""
VISIBLE = """(node) => [...node.querySelectorAll('.explorer-control')]
  .filter((row) => !row.hidden).map((row) => row.dataset.setting)"""


def screen_of(root, panel: str, x: float, y: float, *, scroll: bool = True) -> list[float]:
    """Where a place of a panel is in the window, after it has been brought into view."""
    return root.evaluate(ON_SCREEN, [panel, x, y, scroll])


def open_all(root):
    """Unfold what is folded away."""
    root.locator("details").evaluate_all("(nodes) => nodes.forEach((n) => { n.open = true; })")


def plain_run(num_steps: int) -> TorchRun:
    run = TorchRun(pg.PLAYGROUND, small_playground().settings())
    run.step(num_steps)
    return run


SETTINGS = [
    {},
    {"data_set": "spirals", "width_1": 16, "width_2": 16, "seed": 3, "weight_decay": 1e-3},
    {"depth": 1, "width_1": 1, "activation": "ReLU", "noise": 0.5},
    {"depth": 1, "width_1": 5, "noise": 0.0, "seed": 1},
    {"activation": "ReLU", "width_1": 11, "width_2": 3, "lr": 0.01},
    {"inputs": 127, "l1": 1e-3, "batch_size": 10, "num_train": 50, "show_test": True},
    {"inputs": 16, "batch_size": 1, "rounded": True},
    {"data_set": "bumps", "width_1": 2, "width_2": 13, "seed": 2, "show_test": True},
    {"data_set": "bumps", "depth": 0, "batch_size": 50, "shown": 2},
    {"depth": 0, "inputs": 127},
    {"shown": 1 + 8 + 4, "activation": "ReLU"},
    {"shown": 1 + 2 * 8, "width_1": 4, "rounded": True},
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


def test_after_a_divergence_the_last_pictures_stay(root, opened):
    explorer = small_playground()
    words = words_of(explorer, explorer.settings(lr=1000.0, weight_decay=0.1))
    finite = root.evaluate(
        """(node, values) => {
          const explorer = node.dlbook, { run } = explorer;
          explorer.restart();
          run.restart(values);
          for (let more = true; more;) { explorer.show(); more = run.step(); }
          explorer.show();
          const { data } = explorer.spec.figure;
          const map = data.find((trace) => trace.name === "map");
          return [map.z.flatMap((row) => Array.from(row)).every(Number.isFinite), run.numSteps];
        }""",
        words,
    )
    said = root.locator(".explorer-status").text_content()
    assert finite[0]
    seen = int(re.search(r"The pictures are those of step (\d+)", said).group(1))
    assert finite[1] - 2 <= seen < finite[1]  # each step was shown while its losses were numbers
    reset(root)


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
    reset(root)
    root.locator(".explorer-restart").click()
    for _ in range(3):
        root.locator(".explorer-step").click()
    steps = "(node) => node.dlbook.run.numSteps"
    assert root.evaluate(steps) == 3
    for setting, left in (("lr", 3), ("width_2", 0)):
        root.locator(f'[data-setting="{setting}"] input').press("ArrowRight")
        PageTraining(opened.page, "playground").settle()
        assert root.evaluate(steps) == left
    assert "playground.width_2=9" in opened.page.evaluate("() => location.hash")
    assert opened.problems == []


def test_own_points_are_trained_on_as_in_torch(root, opened):
    explorer = small_playground(points=[(0.5, -0.3, 1)])
    points = [OwnPoint(0.5, -0.3, 1), OwnPoint(-1.25, 1.0, 0)]
    run = TorchRun(pg.PLAYGROUND, explorer.settings(), points=points)
    run.step(20)
    reset(root)
    root.locator(".explorer-restart").click()
    open_all(root)
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
    PageTraining(opened.page, "playground").settle()
    assert "playground.points=0.5_-0.3_1*-1.25_1_0" in opened.page.evaluate("() => location.hash")
    code = root.locator(".explorer-code code").text_content()
    assert code.endswith("playground(points=[(0.5, -0.3, 1), (-1.25, 1, 0)])")
    reset(root)
    open_all(root)
    PageTraining(opened.page, "playground").settle()
    assert "points" not in opened.page.evaluate("() => location.hash")


def test_points_are_dragged_and_moved_by_keyboard(root, opened):
    reset(root)
    open_all(root)
    opened.page.mouse.click(*screen_of(root, "", 0.5, 1.2))
    start = screen_of(root, "", 0.5, 1.2)
    end = screen_of(root, "", -0.5, 0.8, scroll=False)
    opened.page.mouse.move(*start)
    opened.page.mouse.down()
    for share in (0.5, 1.0):
        opened.page.mouse.move(*(a + share * (b - a) for a, b in zip(start, end, strict=True)))
    opened.page.mouse.up()
    rows = "(node) => node.dlbook.run.points"
    ((x1, x2, label),) = root.evaluate(rows)
    assert (x1, x2, label) == pytest.approx((-0.5, 0.8, 0), abs=0.03)
    for _ in range(2):
        root.locator(".explorer-points-x1").press("ArrowUp")  # to multiples of 0.05
    root.locator(".explorer-points-label").select_option("1")
    ((x1, x2, label),) = root.evaluate(rows)
    assert (x1, label) == (pytest.approx(-0.4, abs=0.051), 1)
    batch = root.evaluate("({ dlbook: { run } }) => Array.from(run.stages.step.inputs['batch.X'])")
    assert batch[7 * 200] == pytest.approx(x1, abs=1e-6)
    assert f"Point 1 is at ({x1}, {x2})" in root.locator(".explorer-points-said").text_content()
    reset(root)
    open_all(root)
    assert root.evaluate(rows) == []
    assert opened.problems == []


def test_weights_that_are_set_train_on_as_in_torch(root, opened):
    """By keyboard at step 5, and by a click on a line at step 0."""
    reset(root)
    root.locator(".explorer-restart").click()
    line = root.evaluate(THICKEST_LINE)
    opened.page.mouse.click(*screen_of(root, "3", *line["place"]))
    fields = {
        part: root.locator(f".explorer-weights-{part}") for part in ("unit", "source", "value")
    }
    chosen = fields["unit"].input_value(), fields["source"].input_value()
    layer, row, column = line["entry"]
    assert chosen == (f"{layer}.{row}", str(column))
    fields["value"].fill("1.25")
    for _ in range(5):
        root.locator(".explorer-step").click()
    fields["unit"].select_option(label="the output")
    fields["source"].select_option(label="its bias")
    fields["value"].fill("-0.5")
    assert (
        "the output, its bias: -0.5 from step 5"
        in root.locator(".explorer-weights-said").text_content()
    )
    edits = [
        SetWeight(0, f"{2 * layer}.weight", row, column, 1.25),
        SetWeight(5, "4.bias", 0, 0, -0.5),
    ]
    run = TorchRun(pg.PLAYGROUND, small_playground().settings(), edits=edits)
    run.step(20)
    root.evaluate(STEPS, 15)
    check_parameters({"inputs": root.evaluate(INPUTS)}, run)
    PageTraining(opened.page, "playground").settle()
    address = f"playground.weights=0_{2 * layer}.weight_{row}_{column}_1.25*5_4.bias_0_0_-0.5"
    assert address in opened.page.evaluate("() => location.hash")
    names = {}
    code = root.locator(".explorer-code code").text_content()
    exec(code.replace("playground(", "made = playground("), names)
    assert names["made"].edits == edits
    root.locator(".explorer-restart").click()  # they are set again, each at its step
    root.evaluate(STEPS, 20)
    check_parameters({"inputs": root.evaluate(INPUTS)}, run)
    root.locator(".explorer-weights-undo").click()
    root.evaluate(STEPS, 20)
    check_parameters({"inputs": root.evaluate(INPUTS)}, plain_run(20))
    PageTraining(opened.page, "playground").settle()
    assert "weights" not in opened.page.evaluate("() => location.hash")
    assert opened.problems == []


def test_a_unit_is_shown_under_the_pointer_and_kept_by_a_click(root, opened):
    reset(root)
    shown = "({ dlbook: { run } }) => Array.from(run.view().map.slice(0, 200))"
    steps = root.evaluate("(node) => node.dlbook.run.numSteps")
    answer = root.evaluate(shown)
    opened.page.mouse.move(*screen_of(root, "3", 1, 2))
    unit = root.evaluate(shown)
    assert unit != answer
    opened.page.mouse.move(*screen_of(root, "3", 0.5, 7.8))
    assert root.evaluate(shown) == answer
    opened.page.mouse.click(*screen_of(root, "3", 1, 2))
    PageTraining(opened.page, "playground").settle()
    control = root.locator('[data-setting="shown"] select')
    assert control.evaluate("(node) => node.selectedOptions[0].textContent") == "layer 1, unit 3"
    assert "playground.shown=11" in opened.page.evaluate("() => location.hash")
    opened.page.mouse.move(0, 0)
    assert root.evaluate(shown) == unit
    assert root.evaluate("(node) => node.dlbook.run.numSteps") == steps  # the run goes on
    control.select_option(label="the answer")
    PageTraining(opened.page, "playground").settle()
    assert root.evaluate(shown) == answer


def test_inputs_are_chosen_by_check_boxes(root, opened):
    reset(root)
    open_all(root)
    root.get_by_role("checkbox", name="x₁x₂").check()
    root.get_by_role("checkbox", name="x₁", exact=True).uncheck()
    PageTraining(opened.page, "playground").settle()
    assert root.evaluate("(node) => node.dlbook.run.values.inputs") == "18"
    assert "playground.inputs=18" in opened.page.evaluate("() => location.hash")
    reset(root)
    assert root.get_by_role("checkbox", name="x₁", exact=True).is_checked()
    assert not root.get_by_role("checkbox", name="x₁x₂").is_checked()


def test_controls_of_layers_that_are_not_there_are_hidden(root, opened):
    reset(root)
    for depth, widths in ((2, ["width_1", "width_2"]), (1, ["width_1"]), (0, [])):
        PageTraining(opened.page, "playground").settle()
        shown = root.evaluate(VISIBLE)
        assert [name for name in shown if "width" in name] == widths
        assert ("activation" in shown) == (depth > 0)
        root.locator('[data-setting="depth"] input').press("ArrowLeft")
    reset(root)


def test_the_code_for_the_notebook_makes_the_same_explorer(root, opened):
    reset(root)
    root.locator('[data-setting="show_test"] input').evaluate("(node) => node.click()")
    root.locator('[data-setting="optimizer"] select').select_option(label="adam")
    PageTraining(opened.page, "playground").settle()
    names = {}
    code = root.locator(".explorer-code code").text_content()
    exec(code.replace("playground(", "made = playground("), names)
    reset(root)
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
    reset(root)
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
        (
            "run.setDue = () => {}",
            lambda explorer: explorer.check_weights(explorer.shown()),
            "a weight set by hand makes no difference",
        ),
    ],
    ids=[
        "no learning",
        "a number without effect",
        "a seed without effect",
        "no points",
        "no weights",
    ],
)
def test_the_browser_stage_notices(opened, root, broken, check, problem):
    root.evaluate(f"(node) => {{ const {{ run }} = node.dlbook; {broken}; }}")
    explorer = PageTraining(opened.page, "playground")
    try:
        found = check(explorer)
    finally:
        root.evaluate(
            "({ dlbook: { run } }) => ['step', 'change', 'draw', 'setPoints', 'setDue']"
            ".forEach((name) => { delete run[name]; })"
        )
        explorer.reset()
    assert any(problem in words for words in found), found
