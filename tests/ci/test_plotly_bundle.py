"""The smaller plotly script is an extra: made once where it can be, never a reason to fail."""

import os
from pathlib import Path

import pytest

import plotly_bundle


@pytest.fixture
def node(monkeypatch):
    """A machine with Node, whose commands end as `outcome` says."""
    outcome = {"failure": None, "runs": 0}

    def failure(command, folder):
        outcome["runs"] += 1
        (folder / "out.js").write_text("window.Plotly = {};")
        return outcome["failure"]

    monkeypatch.setattr(plotly_bundle.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(plotly_bundle, "_plotly_js_version", lambda _: "4.1.1")
    monkeypatch.setattr(plotly_bundle, "_failure", failure)
    return outcome


def test_bundle_is_made_once(node, tmp_path):
    bundle = plotly_bundle.small_plotly(Path("python"), tmp_path)
    assert bundle.read_text() == "window.Plotly = {};"
    assert plotly_bundle.small_plotly(Path("python"), tmp_path) == bundle
    assert node["runs"] == 2
    assert list(tmp_path.iterdir()) == [bundle]


def test_failure_is_told_remembered_for_a_day_and_leaves_nothing(node, tmp_path, capsys):
    node["failure"] = "no network"
    assert plotly_bundle.small_plotly(Path("python"), tmp_path) is None
    assert "no network" in capsys.readouterr().out
    assert plotly_bundle.small_plotly(Path("python"), tmp_path) is None
    assert node["runs"] == 1
    (left,) = tmp_path.iterdir()
    assert left.suffix == ".failed"
    os.utime(left, (0, 0))
    node["failure"] = None
    assert plotly_bundle.small_plotly(Path("python"), tmp_path)


def test_machine_without_node_does_without(monkeypatch, tmp_path):
    monkeypatch.setattr(plotly_bundle.shutil, "which", lambda _: None)
    monkeypatch.setattr(plotly_bundle, "_plotly_js_version", lambda _: "4.1.1")
    assert plotly_bundle.small_plotly(Path("python"), tmp_path) is None


def test_failing_command_is_told_in_a_few_words(tmp_path):
    assert plotly_bundle._failure(["no-such-command-anywhere"], tmp_path) == "FileNotFoundError"
