"""The commands end in one clear sentence and a status other than zero."""

import ast
import errno
import subprocess
import sys
from pathlib import Path

import pytest

import console

CI = Path(console.__file__).parent
AS_OLD_PYTHON = (
    "import runpy, sys; sys.version_info = (3, 9, 18, 'final', 0); sys.argv = [{path!r}]; "
    "sys.path.insert(0, {folder!r}); runpy.run_path({path!r}, run_name='__main__')"
)


@pytest.mark.parametrize("name", ["build.py", "test.py"])
def test_old_python_is_told_in_one_sentence(name):
    code = AS_OLD_PYTHON.format(path=str(CI / name), folder=str(CI))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "error: Python 3.11 or newer is needed, and this is Python 3.9.18.\n"
    assert done.stdout == ""


@pytest.mark.parametrize("name", ["build.py", "test.py", "console.py"])
def test_what_runs_before_the_version_is_checked_is_old_syntax(name):
    ast.parse((CI / name).read_text(encoding="utf-8"), feature_version=(3, 7))


def test_untried_python_is_a_note(capsys):
    console.require_python((3, 99, 0))
    assert "3.99.0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (console.Stop("No browser."), 1, "error: No browser.\n"),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "error: The disk is full"),
        (KeyboardInterrupt(), 130, "error: Interrupted"),
    ],
)
def test_what_stops_a_command_is_one_sentence(capsys, error, status, words):
    def command():
        raise error

    assert console.ending_clearly(command) == status
    told = capsys.readouterr().err
    assert told.startswith(words)
    assert told.count("\n") == 1


def test_other_errors_are_not_hidden():
    def command():
        raise OSError(errno.EACCES, "Permission denied")

    with pytest.raises(PermissionError):
        console.ending_clearly(command)


def test_status_of_a_command_is_kept():
    assert console.ending_clearly(lambda: None) == 0
    assert console.ending_clearly(lambda: 3) == 3
