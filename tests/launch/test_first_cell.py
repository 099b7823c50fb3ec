"""The first cell of the notebooks: nothing outside Colab, and on Colab only what is missing."""

import importlib.util
import subprocess
import sys
import types

import pytest

import notebooks


@pytest.fixture
def commands(monkeypatch):
    """The commands that the cell starts; none is run."""
    started = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: started.append(command))
    monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)
    monkeypatch.delenv("DLBOOK_REPOSITORY", raising=False)
    return started


def run_cell():
    exec(compile(notebooks.first_cell().source, "first cell", "exec"), {})


@pytest.fixture
def no_package(monkeypatch):
    find = importlib.util.find_spec
    missing = lambda name, *rest: None if name == "dlbook" else find(name, *rest)  # noqa: E731
    monkeypatch.setattr(importlib.util, "find_spec", missing)


@pytest.mark.usefixtures("no_package")
def test_outside_colab_nothing_happens(commands):
    run_cell()
    assert commands == []


@pytest.mark.usefixtures("no_package")
def test_on_colab_the_package_comes_without_torch(commands, monkeypatch):
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release")
    run_cell()
    package, light = commands
    assert package[-2:] == ["--no-deps", f"git+{notebooks.repository_address()}"]
    assert any(part.startswith("plotly>=") for part in light)
    assert not [part for part in light if "torch" in part or "extra" in part]


@pytest.mark.usefixtures("no_package")
def test_repository_can_be_named(commands, monkeypatch):
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release")
    monkeypatch.setenv("DLBOOK_REPOSITORY", "file:///somewhere")
    run_cell()
    assert commands[0][-1] == "git+file:///somewhere"


def test_on_colab_a_package_that_is_there_is_kept_and_widgets_are_let_in(commands, monkeypatch):
    enabled = []
    colab = types.ModuleType("google.colab")
    colab.output = types.ModuleType("google.colab.output")
    colab.output.enable_custom_widget_manager = lambda: enabled.append(True)
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    run_cell()
    assert commands == []
    assert enabled == [True]
