"""The lock names no host, one version for every machine, and all that pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import lock

ROOT = Path(lock.__file__).parents[1]
PINS = [
    Requirement(line) for line in lock.LOCK.read_text().splitlines() if not line.startswith("#")
]
PYTHONS = ("3.11.7", "3.12.4", "3.13.1")
SYSTEMS = (
    {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "aarch64"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
    {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
)


def wanted() -> list[Requirement]:
    """What the package, the book and the checks ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    asked = [line for line in lines if line and not line.startswith("#")]
    for name, extra in project["optional-dependencies"].items():
        if name != "kernels":  # a C compiler of 400 MB, only for those who change kernels.c
            asked += extra
    return [Requirement(line) for line in asked]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins_for(python: str, system: dict) -> list[Requirement]:
    place = system | {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    return [pin for pin in PINS if pin.marker is None or pin.marker.evaluate(place)]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements.txt"])
def test_no_host_stands_in_the_requirements(name):
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "--" not in text


def test_every_line_is_one_exact_version():
    for pin in PINS:
        (specifier,) = pin.specifier
        assert specifier.operator == "=="
        assert "+" not in specifier.version, pin


def test_no_part_of_cuda_is_asked_for():
    assert not [pin.name for pin in PINS if plain(pin.name).startswith(lock.CUDA_PARTS)]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(
    "system", SYSTEMS, ids=lambda s: f"{s['sys_platform']}-{s['platform_machine']}"
)
def test_one_version_of_each_package_on_every_machine(python, system):
    names = [plain(pin.name) for pin in pins_for(python, system)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("asked", wanted(), ids=lambda asked: asked.name)
def test_lock_holds_what_is_asked_for(python, asked):
    (pin,) = [p for p in pins_for(python, SYSTEMS[0]) if plain(p.name) == plain(asked.name)]
    (specifier,) = pin.specifier
    assert asked.specifier.contains(specifier.version)


def test_cuda_parts_are_left_out_of_a_new_lock():
    lines = ["nvidia-cublas==13.1", "torch==2.13.0", "triton==3.4", "cuda-toolkit==13.0"]
    assert lock.without_cuda(lines) == ["torch==2.13.0"]
