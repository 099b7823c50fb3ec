"""Experiments run with torch: start, step, view, and what a change of a setting does."""

from functools import partial

import pytest
import torch

from dlbook.compile.experiment import Experiment, TorchRun
from dlbook.random import uniform


def data(hyper, seed):
    x = uniform(20, seed=seed, stream=7)
    return {"x": x, "y": 2 * x + hyper["offset"]}


def start(width, seed):
    return {"params": {"w": uniform(width, seed=seed)}, "state": {"count": torch.zeros(())}}


def step(params, state, batch, hyper, num_steps, *, loss):
    w = params["w"].detach().requires_grad_()
    error = w.mean() * batch["x"] - batch["y"]
    value = error.square().mean() if loss == "squares" else error.abs().mean()
    (gradient,) = torch.autograd.grad(value, w)
    state = {"count": state["count"] + num_steps}
    return {"params": {"w": w.detach() - hyper["lr"] * gradient}, "state": state, "loss": value}


def view(params):
    return {"mean": params["w"].mean()}


EXPERIMENT = Experiment(
    data,
    start,
    step,
    view,
    structure=("loss",),
    sizes={"width": 5},
    numbers=("lr", "offset"),
    restart=("offset",),
)
SETTINGS = {"loss": "squares", "width": 4, "lr": 0.3, "offset": None, "seed": 0}


def test_training_learns_and_counts():
    run = TorchRun(EXPERIMENT, SETTINGS)
    first = run.step()
    assert run.step(199) < 0.05 * first
    assert run.num_steps == 200
    assert run.tensors["state"]["count"] == sum(range(200))  # num_steps is known to each step


def test_same_settings_same_run():
    runs = [TorchRun(EXPERIMENT, SETTINGS) for _ in range(2)]
    assert runs[0].step(10) == runs[1].step(10)
    other = TorchRun(EXPERIMENT, SETTINGS | {"seed": 1})
    assert other.step(10) != runs[0].loss


def test_a_number_goes_into_the_run_under_way():
    run = TorchRun(EXPERIMENT, SETTINGS)
    run.step(5)
    run.change(SETTINGS | {"lr": 0.0})
    before = run.view()["mean"]
    run.step(5)
    assert run.num_steps == 10
    assert run.view()["mean"] == before


def test_restart_makes_new_data_and_parameters():
    run = TorchRun(EXPERIMENT, SETTINGS)
    run.step(5)
    run.restart(SETTINGS | {"offset": 3.0, "width": 9})
    assert run.num_steps == 0
    assert run.tensors["params"]["w"].shape == (9,)
    torch.testing.assert_close(run.tensors["batch"]["y"], 2 * run.tensors["batch"]["x"] + 3.0)


def test_a_run_that_diverges_ends():
    run = TorchRun(EXPERIMENT, SETTINGS | {"lr": 1e30})
    run.step(1_000)
    assert run.num_steps < 1_000
    assert not torch.isfinite(torch.tensor(run.loss))


def test_what_chooses_a_graph():
    assert EXPERIMENT.chosen_by("step") == ("loss",)
    assert EXPERIMENT.chosen_by("view") == ()
    assert EXPERIMENT.live == ("lr",)
    function = EXPERIMENT.function("step", SETTINGS)
    assert isinstance(function, partial)
    assert function.keywords == {"loss": "squares"}


def test_none_is_zero():
    assert EXPERIMENT.hyper(SETTINGS)["offset"] == 0


def test_a_missing_setting_is_named():
    with pytest.raises(KeyError, match="lr"):
        TorchRun(EXPERIMENT, {k: v for k, v in SETTINGS.items() if k != "lr"})
