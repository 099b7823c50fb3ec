"""Every model of the zoo, compiled, trains like torch: forward, gradients, update, 50 steps."""

from dataclasses import dataclass

import pytest
import torch
from machine import Job, has_node, run_in_browser, run_in_node
from torch.utils import _pytree as pytree
from zoo import EXAMPLES
from zoo.training import Example

from dlbook.compile import Program, compile_program
from dlbook.compile.names import flatten

pytest.importorskip("playwright")
from chromium import chromium

pytestmark = pytest.mark.xdist_group("zoo")  # the models are compiled once

STEPS = 50
TOLERANCE = 1e-5  # of max(1, |p|), after 50 steps of SGD
YARDSTICKS = 3  # Adam may be so many times as far from torch in float64 as torch in float32 is


@dataclass
class Case:
    example: Example
    program: Program
    single: dict[str, torch.Tensor]  # torch's own result
    double: dict[str, torch.Tensor] | None  # the same in float64

    def difference(self, result: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> float:
        """The largest |a - b| / max(1, |b|) over everything that comes out; NaN if any is."""
        assert result.keys() == other.keys()
        errors = [
            ((result[k].double() - v.double()).abs() / v.double().abs().clamp(min=1)).max()
            for k, v in other.items()
        ]
        return torch.stack(errors).max().item()


def trained(example: Example, arguments: dict) -> dict[str, torch.Tensor]:
    """Parameters, state and loss after `STEPS` steps of torch."""
    for _ in range(STEPS):
        result = example.step(**arguments)
        arguments = arguments | {k: result[k] for k in ("params", "state")}
    return dict(flatten(result))


def in_double(example: Example) -> dict[str, torch.Tensor]:
    arguments = pytree.tree_map(
        lambda t: t.double() if t.is_floating_point() else t, example.arguments
    )
    torch.set_default_dtype(torch.float64)
    try:
        return trained(example, arguments)
    finally:
        torch.set_default_dtype(torch.float32)


def make(name: str) -> Case:
    torch.manual_seed(0)
    example = EXAMPLES[name]()
    program = compile_program(example.step, *example.arguments.values())
    double = in_double(example) if example.optimizer == "adamw" else None
    return Case(example, program, trained(example, example.arguments), double)


@pytest.fixture(scope="module")
def cases():
    return {name: make(name) for name in EXAMPLES}


@pytest.fixture(scope="module")
def jobs(cases):
    return [Job(c.program, dict(flatten(c.example.arguments)), runs=STEPS) for c in cases.values()]


def check(cases: dict[str, Case], results: list[dict]):
    wrong = {}
    for (name, case), result in zip(cases.items(), results, strict=True):
        if case.double is None:
            difference, allowed = case.difference(result, case.single), TOLERANCE
        else:
            difference = case.difference(result, case.double)
            allowed = max(TOLERANCE, YARDSTICKS * case.difference(case.single, case.double))
        print(f"{name:26} {difference:.1e} of {allowed:.1e}")  # noqa: T201
        if not difference <= allowed:
            wrong[name] = difference
    assert not wrong


@pytest.mark.skipif(not has_node(), reason="Node is not installed; Chromium runs the same programs")
def test_the_zoo_trains_like_torch_under_node(cases, jobs, tmp_path):
    check(cases, run_in_node(jobs, tmp_path))


def test_the_zoo_trains_like_torch_in_a_page(cases, jobs, tmp_path):
    with chromium() as browser:
        check(cases, run_in_browser(jobs, tmp_path, browser))


def test_losses_fall(cases):
    """So that equal numbers mean something; two adversaries' losses need not."""
    for name, case in cases.items():
        if name == "adversarial":
            continue
        first = case.example.step(**case.example.arguments)["loss"]
        assert case.single["loss"] < first, name
