"""The stages count what they ran; nothing collected is a failure."""

import subprocess
import sys
from pathlib import Path

import pytest

import console
import stages

CI = Path(stages.__file__).parent
JUNIT = """<testsuites><testsuite tests="7" failures="1" errors="1" skipped="2">
<testcase classname="book.a.ipynb" time="1.5"/><testcase classname="book.a.ipynb" time="2"/>
</testsuite></testsuites>"""


@pytest.fixture
def checks(tmp_path):
    return stages.Checks(python=Path(sys.executable), root=tmp_path)


def test_counts_come_from_the_report(checks):
    report = checks.reports / "unit.xml"
    report.write_text(JUNIT)
    stages._add_counts(checks.counts, report)
    assert checks.counts == {"passed": 3, "failed": 1, "errors": 1, "skipped": 2}
    assert stages._seconds_of_notebooks(report) == {"book.a.ipynb": 3.5}


def test_book_without_notebooks_fails_the_notebook_stage(checks):
    (checks.root / "book").mkdir()
    assert stages.notebooks(checks) is False
    assert checks.counts["failed"] == 1


def test_failed_build_fails_the_book_stage(checks, monkeypatch):
    def fails(*_, **__):
        raise console.Stop("The book was not built.")

    monkeypatch.setattr(stages, "build_book", fails)
    assert stages.book(checks) is False


def test_browser_stage_needs_a_built_book(checks):
    assert stages.browser(checks) is False


def test_unknown_stage_is_told():
    done = subprocess.run([sys.executable, CI / "test.py", "units"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "there is no stage units" in done.stderr
