"""The data file of the coverage page is complete, and a claim that doesn't hold is found."""

import ast
import importlib.util
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from dlbook.page.claims import Coverage, Entry, counts, load

ROOT = Path(__file__).resolve().parent.parent
COVERAGE = load(ROOT / "book" / "coverage.yml")


def _load_command():
    """ci/claims.py as a module."""
    spec = importlib.util.spec_from_file_location("ci_claims", ROOT / "ci" / "claims.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


command = _load_command()


def test_every_row_system_and_error_is_listed():
    decks = Counter(code.split("-")[0] for code in COVERAGE.rows)
    assert decks == {"S0": 83, "S1": 147, "S2": 42, "S3": 160, "S4": 106}
    assert len(COVERAGE.rows) == 538
    assert list(COVERAGE.systems) == [f"Y{n:02}" for n in range(1, 98)]
    assert list(COVERAGE.errors) == [f"E-{n:02}" for n in range(1, 53)]
    assert list(COVERAGE.chapters) == [f"C{n:02}" for n in range(1, 33)]


def test_every_reference_resolves():
    for entry in COVERAGE.entries():
        assert entry.words, entry.code
        assert entry.chapters, entry.code
        assert set(entry.chapters) <= set(COVERAGE.chapters), entry.code
        assert set(entry.details.get("rows", ())) <= set(COVERAGE.rows), entry.code


def test_chapters_of_a_row_are_those_of_its_systems():
    for code, row in COVERAGE.rows.items():
        systems = [system for system in COVERAGE.systems.values() if code in system.details["rows"]]
        assert systems, f"{code} is in no system"
        wider = {chapter for system in systems for chapter in system.chapters}
        assert set(row.chapters) <= wider, code


def test_claims_name_pages_of_the_chapter():
    for entry in COVERAGE.entries():
        for chapter, pages in entry.pages.items():
            assert chapter in entry.chapters, f"{entry.code}: {chapter} does not share it"
            of_chapter = {page["file"] for page in COVERAGE.chapters[chapter]["pages"]}
            assert set(pages) <= of_chapter, f"{entry.code}: {pages} not among {chapter}'s pages"


def _anchors(page: str) -> list[str]:
    """The anchors of rows and errors in the source of a page."""
    text = (ROOT / f"{page}.ipynb").read_text(encoding="utf-8")
    return re.findall(r'id=\\"(S\d-\d+|E-\d+)\\"', text)


def test_anchors_and_claims_are_the_same():
    claimed = {
        (page, entry.code)
        for entry in COVERAGE.entries()
        for pages in entry.pages.values()
        for page in pages
        if entry.kind != "systems"
    }
    for chapter in COVERAGE.chapters.values():
        for page in (page["file"] for page in chapter["pages"]):
            anchors = _anchors(page)
            assert len(anchors) == len(set(anchors)), f"{page}: an anchor stands twice"
            there, said = set(anchors), {code for name, code in claimed if name == page}
            assert there == said, f"{page}: not claimed {there - said}, not there {said - there}"


def test_pages_exist_and_say_what_they_are_for():
    for chapter in COVERAGE.chapters.values():
        for page in chapter["pages"]:
            assert (ROOT / f"{page['file']}.ipynb").is_file(), page["file"]
            assert page["minutes"] > 0
            for field in ("title", "question", "central_picture", "misconception"):
                assert page[field].strip(), f"{page['file']}: {field}"


def test_a_chapter_with_pages_covers_all_that_belongs_to_it():
    for code, chapter in COVERAGE.chapters.items():
        if chapter["pages"]:
            missing = [e.code for e in COVERAGE.of_chapter(code) if code not in e.pages]
            assert not missing, f"{code} has pages but not {missing}"


def test_claims_name_modules_and_tests_that_exist():
    for entry in COVERAGE.entries():
        if not entry.pages:
            assert not entry.tests, f"{entry.code} names tests but no page"
            continue
        if entry.kind == "systems":
            assert importlib.util.find_spec(entry.details["module"]), entry.code
            assert entry.tests, f"{entry.code} names no test"
        if entry.kind == "errors":
            assert entry.tests or entry.details.get("untested"), f"{entry.code}: no test, no reason"
        for test in entry.tests:
            file, _, name = test.partition("::")
            assert name.partition("[")[0] in _tests_in(ROOT / file), f"{entry.code}: {test}"


@cache
def _tests_in(path: Path) -> set[str]:
    """Names of the tests in a file: `test_x` and `TestClass::test_x`."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{n.name}" for n in node.body if isinstance(n, ast.FunctionDef)}
    return names


def _entry(**changes) -> Entry:
    given = {
        "kind": "errors",
        "code": "E-12",
        "words": "",
        "chapters": ("C02", "C03"),
        "pages": {"C02": ("book/a/page",)},
        "tests": ("tests/models/test_a.py::test_one",),
        "details": {},
    }
    return Entry(**given | changes)


def test_an_entry_is_done_where_all_chapters_that_share_it_have_it():
    both = {"C02": ("book/a/page",), "C03": ("book/b/page",)}
    entries = [_entry(pages={}), _entry(), _entry(pages=both)]
    assert [entry.state for entry in entries] == ["open", "in part", "done"]
    assert counts(entries) == {"done": 1, "in part": 1, "open": 1, "total": 3}


CASE = '<testcase classname="tests.models.test_a" name="test_one[{}]">{}</testcase>'


def _problems(folder: Path, entry: Entry, *, page: str, cases: list[str]) -> list[str]:
    (folder / "book/a").mkdir(parents=True)
    (folder / "book/a/page.html").write_text(page, encoding="utf-8")
    report = folder / "unit.xml"
    report.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    entries = {"rows": {}, "systems": {}, "errors": {}} | {entry.kind: {entry.code: entry}}
    return command.problems(Coverage({}, {}, **entries), folder, report)


GOOD_PAGE, PASSED = '<p><span id="E-12"></span>text</p>', CASE.format("1", "")


def test_a_claim_that_holds_is_no_problem(tmp_path):
    assert _problems(tmp_path, _entry(), page=GOOD_PAGE, cases=[PASSED]) == []


@pytest.mark.parametrize(
    ("changes", "page", "cases", "words"),
    [
        ({}, "<p>E-12</p>", [PASSED], "has no anchor E-12"),
        ({"pages": {"C02": ("book/b/page",)}}, GOOD_PAGE, [PASSED], "there is no page"),
        ({}, GOOD_PAGE, [], "was not run"),
        ({}, GOOD_PAGE, [PASSED, CASE.format("2", "<skipped/>")], "skipped"),
        ({}, GOOD_PAGE, [PASSED, CASE.format("2", "<failure/>")], "failure"),
        ({"kind": "systems", "tests": ()}, GOOD_PAGE, [PASSED], "no test is named"),
    ],
)
def test_a_claim_that_does_not_hold_is_found(tmp_path, changes, page, cases, words):
    found = _problems(tmp_path, _entry(**changes), page=page, cases=cases)
    assert len(found) == 1
    assert words in found[0]


def test_without_a_report_of_the_tests_nothing_holds(tmp_path):
    found = command.problems(COVERAGE, tmp_path, tmp_path / "unit.xml")
    assert "is missing" in found[0]
