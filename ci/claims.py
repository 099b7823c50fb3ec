"""Check what the book claims to cover against the built pages and the report of the unit tests.

    python ci/claims.py _build/html _build/reports/unit.xml

Prints the counts. Every claim in `book/coverage.yml` must hold: the anchor of a row or a deck
error stands on the page that is named, the page of a system is there, and the tests were run and
passed (not skipped). Exits with 1 and a line for each claim that doesn't.
"""

import argparse
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from dlbook.page.claims import KINDS, STATES, Coverage, Entry, counts, load

DATA = Path(__file__).resolve().parent.parent / "book" / "coverage.yml"


def main() -> int:
    """Run the check; returns the exit status."""
    parser = argparse.ArgumentParser(description="check the claims of book/coverage.yml")
    parser.add_argument("html", type=Path, help="folder of the built book")
    parser.add_argument("report", type=Path, help="junit report of the unit tests")
    arguments = parser.parse_args()
    coverage = load(DATA)
    print(counts_text(coverage))
    found = problems(coverage, arguments.html, arguments.report)
    for problem in found:
        print(f"coverage: {problem}", file=sys.stderr)
    return 1 if found else 0


def counts_text(coverage: Coverage) -> str:
    """The counts as lines of text."""
    lines = []
    for kind in KINDS:
        found = counts(list(getattr(coverage, kind).values()))
        states = ", ".join(f"{found[state]} {state}" for state in STATES)
        lines.append(f"{kind:8}{found['total']:4}: {states}")
    return "\n".join(lines)


def problems(coverage: Coverage, html: Path, report: Path) -> list[str]:
    """One sentence for each claim that does not hold."""
    if not report.is_file():
        return [f"{report} is missing: run the unit tests first"]
    outcomes = test_outcomes(report)
    found = []
    for entry in coverage.entries():
        if entry.pages:
            found += _page_problems(entry, html)
            found += _test_problems(entry, outcomes)
    return found


def _page_problems(entry: Entry, html: Path):
    for pages in entry.pages.values():
        for page in pages:
            ids = anchors(html / f"{page}.html")
            if ids is None:
                yield f"{entry.code}: there is no page {page}.html"
            elif entry.kind != "systems" and entry.code not in ids:
                yield f"{entry.code}: page {page}.html has no anchor {entry.code}"


def _test_problems(entry: Entry, outcomes: dict[str, list[str]]):
    if entry.kind == "systems" and not entry.tests:
        yield f"{entry.code}: no test is named"
    for test in entry.tests:
        seen = outcomes.get(report_key(test))
        if not seen:
            yield f"{entry.code}: test {test} was not run"
        elif set(seen) != {"passed"}:
            bad = ", ".join(sorted(set(seen) - {"passed"}))
            yield f"{entry.code}: test {test}: {bad}"


@cache
def anchors(path: Path) -> frozenset[str] | None:
    """All ids in an HTML file; None if there is no such file."""
    if not path.is_file():
        return None
    reader = _Ids()
    reader.feed(path.read_text(encoding="utf-8"))
    return frozenset(reader.ids)


class _Ids(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids = []

    def handle_starttag(self, tag, attributes):
        self.ids += [value for name, value in attributes if name == "id"]


def test_outcomes(report: Path) -> dict[str, list[str]]:
    """The outcomes of each test in a junit report, parameters taken together.

    Keys are as junit has them: `tests.models.test_x.test_name` (see `report_key`).
    """
    outcomes = {}
    for case in ElementTree.parse(report).iter("testcase"):
        bad = sorted({child.tag for child in case} & {"failure", "error", "skipped"})
        key = f"{case.get('classname')}.{case.get('name').partition('[')[0]}"
        outcomes.setdefault(key, []).append(bad[0] if bad else "passed")
    return outcomes


def report_key(node_id: str) -> str:
    """`tests/models/test_x.py::test_name` as a junit report has it."""
    file, _, name = node_id.partition("[")[0].partition("::")
    return f"{file.removesuffix('.py').replace('/', '.')}.{name.replace('::', '.')}"


if __name__ == "__main__":
    sys.exit(main())
