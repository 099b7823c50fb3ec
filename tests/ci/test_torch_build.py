"""Machines without an NVIDIA GPU get a build of torch without CUDA where one is to be had."""

import pytest

import console
import torch_build


@pytest.fixture
def machine(monkeypatch):
    """A Linux machine without GPU and without torch, whose installations are written down."""
    state = {"installed": [], "uv": True, "offers": "2.13.0", "present": "", "gpu": False}
    record = state["installed"]

    def with_uv(python, requirement):
        record.append("uv") if state["uv"] else None
        return state["uv"]

    monkeypatch.setattr(torch_build, "has_nvidia_gpu", lambda: state["gpu"])
    monkeypatch.setattr(torch_build.platform, "system", lambda: state.get("system", "Linux"))
    monkeypatch.setattr(torch_build, "_installed", lambda _: state["present"])
    monkeypatch.setattr(torch_build, "what_pip_would_take", lambda *_: state["offers"])
    monkeypatch.setattr(torch_build, "pip_install", lambda _, *a: record.append(a[-1]))
    monkeypatch.setattr(torch_build, "_install_with_uv", with_uv)
    return state


@pytest.mark.parametrize(
    ("given", "installed", "told"),
    [
        ({"offers": "2.13.0+cpu"}, ["torch==2.13.0"], "CPU build, from your package sources"),
        ({}, ["uv"], "CPU build, found by uv"),
        ({"uv": False}, ["torch==2.13.0"], "several GB of CUDA"),
        ({"system": "Darwin"}, ["torch==2.13.0"], "no CUDA on this system"),
        ({"gpu": True}, ["torch===2.13.0"], "with CUDA"),
        ({"gpu": True, "offers": None}, ["torch==2.13.0"], "GPU will stay unused"),
        ({"present": "2.13.0+cpu"}, [], "is there"),
        ({"present": "2.13.0", "gpu": True}, [], "is there"),
        ({"present": "2.13.0+cpu", "gpu": True}, ["torch===2.13.0"], "with CUDA"),
        ({"present": "2.12.0"}, ["uv"], "CPU build"),
    ],
)
def test_build_suits_the_machine_and_is_named(machine, capsys, given, installed, told):
    machine.update(given)
    torch_build.install_torch("python", "2.13.0")
    assert machine["installed"] == installed
    assert told in capsys.readouterr().out


def test_source_without_uv_is_no_error(monkeypatch):
    def fails(*_):
        raise console.Stop("no uv")

    monkeypatch.setattr(torch_build, "pip_install", fails)
    assert torch_build._install_with_uv("python", "torch==2.13.0") is False
