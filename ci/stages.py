"""The four stages of the checks; each returns whether it passed."""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from book_build import build_book
from console import Stop, quiet_environment, say
from environment import ROOT

NO_TESTS = 5  # pytest's status when it collected nothing
CORES = os.cpu_count() or 2
WORKERS = str(max(2, min(8, CORES)))
TEST_WORKERS = str(max(3, min(9, CORES + 1)))  # one more: tests often wait for a browser or kernel


@dataclass
class Checks:
    """What the stages share: the Python with all packages, the choices made, and the counts."""

    python: Path
    node: bool = True
    root: Path = ROOT
    browser: str | None = None
    done: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(
        default_factory=lambda: {"passed": 0, "failed": 0, "errors": 0, "skipped": 0}
    )

    @property
    def reports(self) -> Path:
        """Where the stages leave what they found."""
        folder = self.root / "_build" / "reports"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def html(self) -> Path:
        """The built book."""
        return self.root / "_build" / "html"


def unit(checks: Checks) -> bool:
    """Style of the code, then every test; explorers visit every position."""
    style = [
        _check(checks, "-m", "ruff", *what, ".") for what in (["check"], ["format", "--check"])
    ]
    spread = ["-n", TEST_WORKERS, "--dist", "loadgroup"]
    passed = _pytest(checks, "unit", *spread, "tests", DLBOOK_VISIT="all")
    return all(style) and passed


def notebooks(checks: Checks) -> bool:
    """Every notebook runs on DLBOOK_DEVICE; explorers visit both ends of every control."""
    report = checks.reports / "notebooks.json"
    report.unlink(missing_ok=True)
    nbval = ["--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=300"]
    spread = ["-n", WORKERS, "--dist", "loadscope"]
    skip = "--ignore-glob=*.ipynb_checkpoints*"
    passed = _pytest(checks, "notebooks", *nbval, *spread, skip, "book", DLBOOK_VISIT="ends")
    seconds = _seconds_of_notebooks(checks.reports / "notebooks.xml")
    report.write_text(json.dumps(seconds, indent=1), encoding="utf-8")
    return passed


def book(checks: Checks) -> bool:
    """The book builds from clean without a warning; its pages keep to themselves and to budget."""
    try:
        build_book(checks.python, node=checks.node, clean=True, root=checks.root)
    except Stop as reason:
        say(str(reason))
        return _counted(checks, passed=False)
    _counted(checks, passed=True)
    passed = _check(checks, "ci/checks.py", str(checks.html))
    if "unit" not in checks.done:
        say("The claims of book/coverage.yml are checked only when the unit stage has run too.")
        return passed
    report = checks.reports / "unit.xml"
    return _check(checks, "ci/claims.py", str(checks.html), str(report)) and passed


def browser(checks: Checks) -> bool:
    """Every control of every explorer moves its figure, in a browser without a network."""
    if not (checks.html / "index.html").exists():
        say("There is no built book to look at: run the book stage.")
        return _counted(checks, passed=False)
    return _check(checks, "ci/browser.py", str(checks.html), DLBOOK_BROWSER=checks.browser)


STAGES: dict[str, Callable[[Checks], bool]] = {
    "unit": unit,
    "notebooks": notebooks,
    "book": book,
    "browser": browser,
}


def _run(checks: Checks, *arguments: str, **variables) -> int:
    say(f"-- python {' '.join(arguments)}")
    environment = quiet_environment(**variables)
    environment.setdefault("OMP_NUM_THREADS", "1")  # the workers share the cores already
    command = [str(checks.python), *arguments]
    return subprocess.run(
        command, cwd=checks.root, env=environment, stdin=subprocess.DEVNULL
    ).returncode


def _check(checks: Checks, *arguments: str, **variables) -> bool:
    """Run a check that passes or fails as one."""
    return _counted(checks, passed=_run(checks, *arguments, **variables) == 0)


def _counted(checks: Checks, *, passed: bool) -> bool:
    checks.counts["passed" if passed else "failed"] += 1
    return passed


def _pytest(checks: Checks, name: str, *arguments: str, **variables) -> bool:
    """Run pytest, with a report in `_build/reports`, and add up its counts."""
    report = checks.reports / f"{name}.xml"
    report.unlink(missing_ok=True)
    options = ["-m", "pytest", "-q", "-ra", "--durations=10", f"--junitxml={report}"]
    status = _run(checks, *options, *arguments, **variables)
    if status == NO_TESTS:
        say("Nothing was collected, so nothing was checked.")
    _add_counts(checks.counts, report)
    if status and not checks.counts["failed"] + checks.counts["errors"]:
        _counted(checks, passed=False)
    return status == 0


def _add_counts(counts: dict[str, int], report: Path):
    if not report.exists():
        return
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        number = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
        counts["failed"] += number["failures"]
        counts["errors"] += number["errors"]
        counts["skipped"] += number["skipped"]
        counts["passed"] += number["tests"] - sum(
            number[key] for key in ("failures", "errors", "skipped")
        )


def _seconds_of_notebooks(report: Path) -> dict[str, float]:
    """Seconds of every notebook: its cells', added up."""
    seconds: dict[str, float] = {}
    if report.exists():
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            name = case.get("classname", "")
            seconds[name] = round(seconds.get(name, 0) + float(case.get("time", 0)), 2)
    return seconds
