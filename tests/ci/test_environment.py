"""The environment is made once, kept up to date, and made anew when a run was cut short."""

import argparse
import errno
import importlib.util
import json
import sys
from collections import namedtuple
from pathlib import Path

import pytest

import console
import environment

LOCK = "# a comment\ntorch==2.13.0\nnumpy==2.4.6\n"
EXTRAS = '[project]\noptional-dependencies = {kernels = ["compiler==0.17.0"]}\n'
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose installations are only written down, and whose environments are links."""
    for name in environment.WHAT_DECIDES:
        (tmp_path / name).write_text(LOCK)
    (tmp_path / "pyproject.toml").write_text(EXTRAS)
    project = argparse.Namespace(root=tmp_path, installed=[], made=0, failure=None)

    def make(folder: Path):
        project.made += 1
        python = environment.python_of(folder)
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)

    def install(*arguments, **options):
        project.installed.append(arguments)
        if project.failure:
            raise project.failure

    monkeypatch.setattr(environment, "_make", make)
    monkeypatch.setattr(environment, "pip_install", install)
    monkeypatch.setattr(environment, "install_torch", lambda *_: None)
    monkeypatch.setattr(environment, "has_nvidia_gpu", lambda: False)
    return project


def prepare(project, **options):
    extras = options.pop("extras", ())
    arguments = argparse.Namespace(**{"no_venv": False, "no_install": False} | options)
    return environment.prepare(arguments, project.root, extras=extras)


def state(project) -> str:
    return json.loads((project.root / ".venv" / "dlbook.json").read_text())["state"]


def test_second_run_has_nothing_to_do(project):
    python = prepare(project)
    assert python == environment.python_of(project.root / ".venv")
    assert state(project) == "ready"
    count = len(project.installed)
    assert count == 2
    assert prepare(project) == python
    assert (project.made, len(project.installed)) == (1, count)


def test_changed_requirements_are_installed_into_the_same_environment(project):
    prepare(project)
    (project.root / "requirements.lock").write_text(LOCK + "pooch==1.9.0\n")
    prepare(project)
    assert (project.made, len(project.installed)) == (1, 4)


@pytest.mark.parametrize(
    "failure", [console.Stop("No network."), KeyboardInterrupt(), OSError(errno.ENOSPC, "full")]
)
def test_what_a_failed_run_left_is_made_anew(project, failure):
    project.failure = failure
    assert console.ending_clearly(lambda: prepare(project)) != 0
    assert state(project) == "incomplete"
    (project.root / ".venv" / "left-behind").touch()
    project.failure = None
    prepare(project)
    assert state(project) == "ready"
    assert project.made == 2
    assert not (project.root / ".venv" / "left-behind").exists()


def test_record_cut_off_by_a_full_disk_counts_as_unfinished(project):
    prepare(project)
    (project.root / ".venv" / "dlbook.json").write_text('{"state": "rea')
    prepare(project)
    assert (project.made, state(project)) == (2, "ready")


@pytest.mark.parametrize("left", [[], ["dlbook.new"]])
def test_folder_that_was_only_begun_is_made_anew(project, left):
    (project.root / ".venv").mkdir()
    for name in left:
        (project.root / ".venv" / name).touch()
    prepare(project)
    assert (project.made, state(project)) == (1, "ready")


def test_environment_of_another_python_is_made_anew(project):
    prepare(project)
    record = project.root / ".venv" / "dlbook.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"python": "3.10.1 (old)"}))
    prepare(project)
    assert project.made == 2


def test_environment_whose_python_is_gone_is_made_anew(project):
    environment.python_of(project.root / ".venv")
    python = prepare(project)
    python.unlink()
    prepare(project)
    assert project.made == 2


def test_environment_that_somebody_else_made_is_never_removed(project):
    environment._make(project.root / ".venv")
    (project.root / ".venv" / "mine").touch()
    project.failure = console.Stop("No network.")
    with pytest.raises(console.Stop):
        prepare(project)
    project.failure = None
    prepare(project)
    assert project.made == 1
    assert (project.root / ".venv" / "mine").exists()


def test_folder_without_python_that_is_not_ours_is_told(project):
    (project.root / ".venv").mkdir()
    (project.root / ".venv" / "mine").touch()
    with pytest.raises(console.Stop, match=r"\.venv holds no Python"):
        prepare(project)


def test_active_environment_is_used_with_no_venv(project):
    assert prepare(project, no_venv=True) == Path(sys.executable)
    assert project.made == 0
    prepare(project, no_venv=True)
    assert len(project.installed) == 2


def test_extras_are_installed_once_and_only_where_they_are_asked_for(project, monkeypatch, capsys):
    installed = {}
    monkeypatch.setattr(environment, "_version", lambda _, name: installed.get(name))
    prepare(project)
    assert len(project.installed) == 2
    prepare(project, extras=["kernels"])
    assert project.installed[2][1:] == ("--no-deps", "compiler==0.17.0")
    assert "compiler 0.17.0, for the tests only" in capsys.readouterr().out
    installed["compiler"] = "0.17.0"
    prepare(project, extras=["kernels"])
    assert len(project.installed) == 3
    installed["compiler"] = "0.16.0"
    prepare(project, extras=["kernels"])
    assert len(project.installed) == 4


def test_versions_are_those_of_the_python_that_is_asked():
    assert environment._version(Path(sys.executable), "pytest") == pytest.__version__
    assert environment._version(Path(sys.executable), "a-package-that-is-not-there") is None


def test_the_unit_stage_has_the_compiler_of_the_kernels(monkeypatch):
    """So that the test which compiles kernels.c is not skipped on a fresh machine."""
    spec = importlib.util.spec_from_file_location("command", environment.ROOT / "ci" / "test.py")
    command = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(command)
    seen = []
    monkeypatch.setattr(environment, "prepare", lambda _, extras: seen.append(extras) or Path("x"))
    monkeypatch.setattr(command, "run_stages", lambda *_: {})
    monkeypatch.setattr(command, "report", lambda *_: 0)
    for stages in (["unit"], ["book"]):
        monkeypatch.setattr(sys, "argv", ["test.py", *stages])
        assert command.main() == 0
    assert seen == [["kernels"], []]


def test_nothing_is_installed_with_no_install(project):
    assert prepare(project, no_install=True) == Path(sys.executable)
    assert (project.made, project.installed) == (0, [])


def test_full_disk_is_told_before_anything_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(environment.shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 10**9))
    with pytest.raises(console.Stop, match=r"disk is full.*3 GB"):
        environment._make(tmp_path / ".venv")
    assert list(tmp_path.iterdir()) == []


def test_python_that_cannot_make_environments_is_told(tmp_path, monkeypatch):
    answer = argparse.Namespace(returncode=1, stdout="ensurepip is not available", stderr="")
    monkeypatch.setattr(environment.subprocess, "run", lambda *_, **__: answer)
    with pytest.raises(console.Stop, match="install its venv module"):
        environment._make(tmp_path / ".venv")
    assert list(tmp_path.iterdir()) == []
