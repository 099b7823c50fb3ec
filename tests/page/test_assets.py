"""Data files of explorers: all of them there, none of an explorer that is gone."""

from types import SimpleNamespace

from dlbook.page import assets
from dlbook.page.execution import PACKAGE, package_hash


def finish_build(folder, explorers):
    """What Sphinx does at the end of a build in which the pages hold `explorers`."""
    kept = {
        page: {name: {"data": data, "version": "7"} for name, data in of.items()}
        for page, of in explorers.items()
    }
    app = SimpleNamespace(
        outdir=folder,
        env=SimpleNamespace(dlbook_explorers=kept),
        builder=SimpleNamespace(format="html"),
    )
    assets._write_data(app, None)
    data = folder / "_static" / "dlbook" / "data"
    return {p.relative_to(data).as_posix(): p.read_text() for p in data.rglob("*.js")}


def test_every_explorer_gets_its_file_also_when_names_repeat_on_other_pages(tmp_path):
    files = finish_build(tmp_path, {"a/one": {"fit": "X"}, "b/two": {"fit": "Y", "map": "Z"}})
    assert files == {
        "a/one/fit.js": 'DLBOOK.receive("a/one/fit@7", "X");\n',
        "b/two/fit.js": 'DLBOOK.receive("b/two/fit@7", "Y");\n',
        "b/two/map.js": 'DLBOOK.receive("b/two/map@7", "Z");\n',
    }


def test_files_of_removed_explorers_and_pages_go_and_changed_ones_are_new(tmp_path):
    finish_build(tmp_path, {"a/one": {"fit": "X", "old": "O"}, "b/two": {"map": "Z"}})
    files = finish_build(tmp_path, {"a/one": {"fit": "W"}})
    assert files == {"a/one/fit.js": 'DLBOOK.receive("a/one/fit@7", "W");\n'}


def test_the_cache_notices_changed_data_but_not_changed_scripts(tmp_path, monkeypatch):
    package = tmp_path / "dlbook"
    (package / "static").mkdir(parents=True)
    monkeypatch.setattr("dlbook.page.execution.PACKAGE", package)
    hashes = []
    for name, text in (("a.py", "x"), ("rows.csv", "1"), ("rows.csv", "2"), ("static/a.js", "3")):
        (package / name).write_text(text)
        hashes.append(package_hash())
    assert len(set(hashes)) == 3
    assert hashes[2] == hashes[3]
    assert PACKAGE.name == "dlbook"
