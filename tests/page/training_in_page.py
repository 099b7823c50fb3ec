"""A training explorer in an open page, driven from Python and compared with torch."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from page_of import write_page

from chromium import OpenPage, chromium
from dlbook.compile.experiment import TorchRun
from dlbook.explore import TrainingExplorer
from page_explorer import SETTLED

RUN = """(node, [values, steps]) => {
  const { run } = node.dlbook;
  run.restart(values);
  for (let k = 0; k < steps; k++) run.step();
  const plain = (arrays) => Object.fromEntries(Object.entries(arrays).map(([name, array]) =>
    [name, Array.from(array, (v) => (Number.isFinite(v) ? v : String(v)))]));
  return { outputs: plain(run.view()), inputs: plain(run.stages.step.inputs), loss: run.loss };
}"""
PARAMETERS = 1e-5  # the largest difference, of max(1, |p|)


@contextmanager
def opened_with(explorer: TrainingExplorer, folder: Path) -> Iterator[OpenPage]:
    """A page with the explorer, its figure drawn."""
    path = write_page(folder, [explorer])
    with chromium() as browser:
        opened = OpenPage(browser)
        opened.open(path)
        opened.show_all()
        yield opened
        opened.close()


def reset(root):
    """Click "Reset", which takes effect at the next frame, and wait until all of it is done."""
    root.locator(".explorer-reset").click()
    name = root.get_attribute("id").removeprefix("explorer-")
    root.page.wait_for_function(SETTLED, arg=name, polling=50)


def words_of(explorer: TrainingExplorer, settings: dict) -> dict:
    """The settings as the page's address writes them."""
    return {
        name: control.addresses[control.index(settings[name])]
        for name, control in explorer.controls.items()
    }


def run_in_page(root, explorer: TrainingExplorer, settings: dict, num_steps: int) -> dict:
    """Inputs of the step (parameters among them), outputs of the view and loss after a run."""
    return root.evaluate(RUN, [words_of(explorer, settings), num_steps])


def check_parameters(found: dict, run: TorchRun):
    """The parameters in the page are those of torch."""
    for name, truth in run.tensors["params"].items():
        page, truth = numbers(found["inputs"][f"params.{name}"]), truth.numpy().ravel()
        assert (np.abs(page - truth) <= PARAMETERS * np.maximum(1, np.abs(truth))).all(), name


def check_views(found: dict, run: TorchRun, *, rtol: float = 0.0, atol: float):
    """The outputs of the view in the page are those of torch, to these tolerances."""
    truths = run.view()
    assert found["outputs"].keys() == truths.keys()
    for name, values in truths.items():
        page = numbers(found["outputs"][name])
        np.testing.assert_allclose(page, values.ravel(), rtol=rtol, atol=atol, err_msg=name)


def numbers(values: list) -> np.ndarray:
    """What came out of the page as JSON, which has no infinities and no NaN."""
    return np.array(
        [float(v.replace("Infinity", "inf")) if isinstance(v, str) else v for v in values]
    )
