"""Each stage of the checks can fail: a deliberately broken copy shows it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from broken_book import build_book, explorer_cell, write_notebook
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "ci")]

from test_explorers import visit_notebook  # noqa: E402

import browser as browser_stage  # noqa: E402 - from ci/, after the path above
import checks  # noqa: E402
from chromium import chromium  # noqa: E402

pytestmark = pytest.mark.xdist_group("broken copies")  # the book is built once
RAISES_INSIDE = "if level == 2: raise ArithmeticError('level 2')"
RAISES_AT_END = "if level == 4: raise ArithmeticError('level 4')"


def run_nbval(path: Path) -> subprocess.CompletedProcess:
    """What the notebook stage runs, on one notebook."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--nbval-lax",
        "--nbval-current-env",
        "--nbval-cell-timeout=120",
        "-c",
        os.devnull,
        "--rootdir",
        str(path.parent),
        str(path),
    ]
    environment = os.environ | {"DLBOOK_VISIT": "ends", "OMP_NUM_THREADS": "1"}
    environment.pop("DLBOOK_PAGE", None)
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def test_unit_stage_passes_a_good_notebook(tmp_path):
    visit_notebook(write_notebook(tmp_path / "good.ipynb", explorer_cell()))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (explorer_cell(RAISES_INSIDE), "level 2"),
        (explorer_cell(height="1 + level / 1000"), "setting 'level' hardly moves"),
    ],
    ids=["raises at an inner position", "hardly moves"],
)
def test_unit_stage_fails_on(tmp_path, source, message):
    with pytest.raises(CellExecutionError, match=message):
        visit_notebook(write_notebook(tmp_path / "broken.ipynb", source))


@pytest.mark.parametrize(
    ("source", "status"),
    [
        (explorer_cell(), 0),
        (explorer_cell(RAISES_INSIDE), 0),  # nobody visits it here: the unit stage does
        (explorer_cell(RAISES_AT_END), 1),
        ("1 / 0", 1),
    ],
    ids=["good", "raises inside", "raises at one end", "a cell raises"],
)
def test_notebook_stage(tmp_path, source, status):
    result = run_nbval(write_notebook(tmp_path / "page.ipynb", source))
    assert result.returncode == status, result.stdout[-2000:]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The small book as it is built."""
    return build_book(tmp_path_factory.mktemp("book"))


@pytest.fixture
def copy(book, tmp_path):
    """A copy to break."""
    return Path(shutil.copytree(book, tmp_path / "html"))


def edit(path: Path, old: str, new: str):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def browser_problems(folder: Path) -> list[str]:
    with chromium() as browser:
        return browser_stage.check_page(browser, folder / "index.html", folder / "screen")[
            "problems"
        ]


def test_book_stage_passes_a_good_book(copy):
    assert checks.check_files(copy) == []


@pytest.mark.parametrize(
    "link",
    [
        '<script src="https://cdn.example.org/x.js"></script>',
        '<link rel="stylesheet" href="//cdn.example.org/x.css">',
        '<img src="https://example.org/x.png">',
        "<style>@import url(https://example.org/x.css);</style>",
    ],
)
def test_book_stage_fails_on_another_host(copy, link):
    edit(copy / "index.html", "</head>", f"{link}</head>")
    assert any("from another host" in words for words in checks.check_files(copy))


def test_book_stage_lets_readers_follow_links(copy):
    edit(copy / "index.html", "</body>", '<a href="https://example.org">there</a></body>')
    assert checks.check_files(copy) == []


def test_book_stage_fails_on_too_many_bytes(copy):
    data = copy / "_static" / "dlbook" / "data" / "index" / "level-line.js"
    data.write_bytes(os.urandom(400_000))
    assert any("the data of explorer index/level-line" in p for p in checks.check_files(copy))


def test_browser_stage_passes_a_good_book(copy):
    assert browser_problems(copy) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("_static/dlbook/data/index/level-line.js", "YGCE", "YGAE", "explorer level-line"),
        ("_static/dlbook/data/index/level-line.js", "DLBOOK.receive", "void", "damaged"),
        ("index.html", '<label for="level-line.level">level</label>', "", "no label"),
        (
            "_static/dlbook/explorer.js",
            "drawScatter(node, trace, axes) {",
            "drawScatter() { return true;",
            "the figure does not change",
        ),
        ("index.html", "</body>", "<script>undefined_name()</script></body>", "undefined_name"),
        (
            "index.html",
            "</body>",
            '<div style="width:900px">wide</div></body>',
            "wider than the screen",
        ),
        (
            "index.html",
            "</body>",
            '<article><details><div style="width:900px">wide</div></details></article></body>',
            "wider than the screen",
        ),
    ],
    ids=[
        "damaged data",
        "data that never comes",
        "no label",
        "a figure that stands still",
        "an exception",
        "too wide",
        "too wide when unfolded",
    ],
)
def test_browser_stage_fails_on(copy, file, old, new, message):
    edit(copy / file, old, new)
    problems = browser_problems(copy)
    assert any(message in words for words in problems), problems
