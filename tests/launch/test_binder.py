"""Binder, as far as it can be shown without conda: its files ask for what the package needs."""

import os
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
NAMES = {"torch": "pytorch-cpu"}  # as conda-forge calls it


@pytest.fixture
def asked() -> list[str]:
    """The packages of the environment file; the names of conda's simple form are pip's too."""
    content = yaml.safe_load((ROOT / "binder" / "environment.yml").read_text(encoding="utf-8"))
    assert content["channels"] == ["conda-forge", "nodefaults"]
    return content["dependencies"]


def needed() -> list[Requirement]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("need", needed(), ids=lambda need: need.name)
def test_environment_has_what_the_package_needs(asked, need):
    name = NAMES.get(need.name, need.name)
    (given,) = [Requirement(item) for item in asked if "=" in item and item.split(">")[0] == name]
    (least,), (bound,) = need.specifier, given.specifier
    assert need.specifier.contains(bound.version), f"{given} is older than {least}"


def test_environment_brings_no_cuda(asked):
    forbidden = ("cuda", "nvidia", "cudnn", "pytorch-gpu", "triton")
    assert not [item for item in asked if any(word in item for word in forbidden)]
    # any other way to get torch could bring it in: only the CPU build is named, and pip adds none
    assert [item for item in asked if "torch" in item] == ["pytorch-cpu>=2.13"]
    assert not [item for item in asked if isinstance(item, dict)]


def test_environment_can_show_the_notebooks(asked):
    names = {item.split(">")[0].split("=")[0] for item in asked}
    assert {"jupyterlab", "jupyterlab-myst", "ipywidgets", "anywidget", "python", "pip"} <= names


def test_package_is_added_without_its_dependencies():
    script = ROOT / "binder" / "postBuild"
    text = script.read_text(encoding="utf-8")
    assert text.startswith("#!")
    assert "pip install --no-cache-dir --no-deps --editable ." in text
    assert os.name == "nt" or os.access(script, os.X_OK)  # Binder runs only what may be run
