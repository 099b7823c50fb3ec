"""The programs of an experiment's stages fit together."""

import pytest
import torch
from machine import STATIC

from dlbook.compile.experiment import Experiment
from dlbook.compile.stages import stage_programs
from dlbook.random import uniform

POINTS = 20


def data():
    return {"x": torch.linspace(0, 1, POINTS)}


def start(width, seed):
    return {"params": {"w": uniform(width, seed=seed)}, "state": {}}


def step(params, batch):
    return {"params": {"w": params["w"] * 0.5}, "state": {}, "loss": batch["x"].mean()}


def view(params, batch):
    return {"mean": params["w"].mean() + batch["x"].sum()}


def programs(width: int) -> dict:
    return stage_programs(Experiment(data, start, step, view, sizes={"width": width}), {})


def test_a_fixed_length_that_is_the_example_of_a_size_is_refused():
    message = "batch.x has a fixed length of 20, the example of width"
    with pytest.raises(ValueError, match=message):
        programs(POINTS)


def test_a_length_that_follows_from_a_size_is_refused():
    def twice(width, seed):
        return {"params": {"w": uniform((2 * width, 3), seed=seed)}, "state": {}}

    message = r"params.w has a length of 34, or 36 when .*; only width itself"
    with pytest.raises(ValueError, match=message):
        stage_programs(Experiment(data, twice, step, view, sizes={"width": 17}), {})


def test_a_fixed_length_next_to_the_example_is_fixed():
    for width in (POINTS - 1, POINTS + 1):
        (program,) = programs(width)["step"].programs.values()
        assert program.inputs["batch.x"].shape == (POINTS,)
        assert program.inputs["params.w"].shape == ("width",)


GIVE = """(length) => {
  const inputs = { w: new Float32Array(3) };
  const run = { stages: { step: { inputs } } }, w = new Float32Array(length).fill(1);
  DLBOOK.Run.prototype.give.call(run, "step", { w, other: [] });
  return [...inputs.w];
}"""


def test_a_stage_gets_as_many_numbers_as_it_takes(browser):
    page = browser.new_page()
    script = (STATIC / "run.js").read_text(encoding="utf-8")
    page.add_script_tag(content=f"var DLBOOK = {{}};\n{script}")
    assert page.evaluate(GIVE, 3) == [1, 1, 1]
    with pytest.raises(Exception, match="step takes 3 numbers as w, but 2 are made"):
        page.evaluate(GIVE, 2)
    page.close()
