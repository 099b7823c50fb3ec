"""The tables of the coverage page and the teachers' page, in a small book of two pages."""

import io
from urllib.parse import quote

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from dlbook.page.explorer_index import Preset, address, parse_preset

COVERAGE = """
decks: {S0: {key: a, title: A}}
chapters:
  C01:
    title: Lines
    part: One
    pages:
      - {file: line, title: A line, minutes: 20, question: Q, central_picture: P, misconception: M}
rows:
  S0-01: {topic: "a < b", chapters: [C01], pages: {C01: line}}
  S0-02: {topic: open one, chapters: [C01]}
systems:
  Y01: {title: fit, chapters: [C01], rows: [S0-01], module: m, pages: {C01: [line]}, tests: [t]}
errors:
  E-01: {rows: [S0-01], chapters: [C01], deck: wrong, correct: right}
"""
WHICH = ("counts", "chapters", "teaching", "systems", "errors", "S0")
SLIDER = {"name": "degree", "label": "degree", "unit": "", "kind": "range", "default": 1}
EXPLORERS = {
    "line": {
        "line-fit": {
            "caption": "A fit",
            "controls": [SLIDER | {"texts": ["0", "1", "2"], "values": ["0", "1", "2"]}],
        }
    }
}


def _build(folder, *, index="", coverage=COVERAGE) -> tuple[str, str]:
    """The HTML of the front page and the warnings."""
    directives = "\n\n".join(f"```{{coverage}} {which}\n```" for which in WHICH)
    toctree = "```{toctree}\nline\n```"
    explorers = f"```{{explorer-index}}\n{index}\n```"
    pages = {
        "index.md": f"# Front\n\n{toctree}\n\n{directives}\n\n{explorers}\n",
        "line.md": "# A page\n",
        "coverage.yml": coverage,
    }
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    warnings = io.StringIO()
    out = folder / "out"
    extensions = ["myst_parser", "dlbook.page.coverage", "dlbook.page.explorer_index"]
    settings = {"extensions": extensions}
    with docutils_namespace():
        app = Sphinx(folder, None, out, out, "html", settings, None, warnings, freshenv=True)
        app.connect("env-updated", _set_explorers, priority=100)
        app.build()
    return (out / "index.html").read_text(encoding="utf-8"), warnings.getvalue()


def _set_explorers(app, env):
    env.dlbook_explorers = EXPLORERS


def test_claims_become_links_and_counts(tmp_path):
    html, warnings = _build(tmp_path)
    assert warnings == ""
    assert 'href="line.html#S0-01">C01</a>' in html
    assert "a &lt; b" in html
    assert "line.html#S0-02" not in html
    assert "1 of 2" in html
    assert "A line</a> (C01, 20 minutes)" in html


def test_a_claim_of_a_page_that_is_not_there_is_a_warning(tmp_path):
    _, warnings = _build(tmp_path, coverage=COVERAGE.replace("C01: line}", "C01: lime}"))
    assert "coverage.yml names lime, which is no page" in warnings


def test_explorers_are_listed_with_both_ends_of_their_controls(tmp_path):
    html, warnings = _build(tmp_path)
    assert warnings == ""
    assert 'href="line.html#explorer-line-fit">A fit</a>' in html
    for end in ("0", "2"):
        assert f'href="line.html#explorer-line-fit?line-fit.degree={end}">degree {end}</a>' in html
    assert "degree 1</a>" not in html


def test_presets_take_the_place_of_the_ends(tmp_path):
    html, warnings = _build(tmp_path, index="line/line-fit: too stiff: degree=0.0")
    assert warnings == ""
    assert 'href="line.html#explorer-line-fit?line-fit.degree=0">too stiff</a>' in html
    assert "degree 2</a>" not in html


POINTS = {"classes": ["0", "1"], "limit": 2.0, "most": 2}


@pytest.mark.parametrize("points", ["-0.5_2_1", "1.5_0.3_0*-2_-0.4_1"])
def test_presets_may_put_in_points(tmp_path, monkeypatch, points):
    monkeypatch.setitem(EXPLORERS["line"]["line-fit"], "points", POINTS)
    html, warnings = _build(tmp_path, index=f"line/line-fit: own: points={points}")
    assert warnings == ""
    assert f"line-fit.points={quote(points)}" in html


@pytest.mark.parametrize("points", ["3_0_1", "0_0_2", "0_0", "a_0_1", "0_0_1*0_0_1*0_0_1"])
def test_points_that_readers_cannot_put_in_are_a_warning(tmp_path, monkeypatch, points):
    monkeypatch.setitem(EXPLORERS["line"]["line-fit"], "points", POINTS)
    _, warnings = _build(tmp_path, index=f"line/line-fit: own: points={points}")
    assert f"points={points} is not on its grid" in warnings


@pytest.mark.parametrize(
    ("preset", "words"),
    [
        ("line/line-fit: off: degree=7", "degree=7 is not on its grid"),
        ("line/line-fit: off: width=1", "width=1 is not on its grid"),
        ("line/other: off: degree=1", "there is no explorer line/other"),
    ],
)
def test_a_preset_that_leads_nowhere_is_a_warning(tmp_path, preset, words):
    _, warnings = _build(tmp_path, index=preset)
    assert words in warnings


def test_a_preset_reads_as_it_is_written():
    preset = parse_preset("page/name: in words: shape=(3, 4); ridge=1e-06")
    assert preset == Preset("page/name", "in words", {"shape": "(3, 4)", "ridge": "1e-06"})
    with pytest.raises(ValueError, match="a preset is"):
        parse_preset("page/name: degree")


def test_settings_are_quoted_in_addresses():
    assert address("a-b", {"set": "two & three"}) == "explorer-a-b?a-b.set=two+%26+three"
    assert address("a-b", {}) == "explorer-a-b"
