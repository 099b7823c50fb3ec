"""A page that runs functions and compares what comes out with torch."""

import pytest
import torch
from machine import PAGE_DTYPE, Job, run_in_browser

from dlbook.compile import compile_program
from dlbook.compile.names import flatten


@pytest.fixture(scope="module")
def browser():
    pytest.importorskip("playwright")
    from chromium import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture
def run(tmp_path, browser):
    """Runs a function in a page: run(function, inputs, ints=..., sizes=...) -> outputs."""

    def run(function, *arguments, at=(), sizes=None, ints=None, runs=1):
        program = compile_program(function, *arguments, sizes=sizes, ints=list(ints or {}))
        tensors = [tensor for _, tensor in flatten(list(at or arguments))]
        inputs = dict(zip(program.inputs, tensors, strict=True))
        lengths = {}
        for name, tensor in inputs.items():
            for length, word in zip(tensor.shape, program.inputs[name].shape, strict=True):
                lengths |= {word: length} if isinstance(word, str) else {}
        job = Job(program, inputs, lengths, ints or {}, runs)
        return run_in_browser([job], tmp_path, browser)[0]

    return run


@pytest.fixture
def check(run):
    """Runs a function in a page and compares all its outputs with torch's, kinds included."""

    def check(function, *arguments, at=(), tolerance=0.0, **options):
        found = run(function, *arguments, at=at, **options)
        expected = dict(flatten(function(*(at or arguments))))
        assert found.keys() == expected.keys()
        for name, truth in expected.items():
            assert found[name].dtype == PAGE_DTYPE[truth.dtype], name
            torch.testing.assert_close(
                found[name], truth.to(found[name].dtype), rtol=tolerance, atol=tolerance,
                equal_nan=True, msg=lambda text, name=name: f"{name}: {text}",
            )  # fmt: skip

    return check
