"""What an unfinished build left is written again; a full disk is told and cleared away."""

import os
import stat
from pathlib import Path

import pytest

import book_build
import console

KEPT = Path("_build/.jupyter_cache/kept")
PAGE = Path("_build/html/page.html")


@pytest.fixture
def root(tmp_path):
    for path in (KEPT, PAGE, Path("_build/.doctrees/page.doctree")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    return tmp_path


def built(root, monkeypatch, **options):
    """Build with a Jupyter Book that only notes what it finds."""
    seen = {}

    def run(python, root, bundle):
        seen.update(page=(root / PAGE).exists(), cache=(root / KEPT).exists())
        seen.update(unfinished=(root / "_build" / "unfinished").exists())

    monkeypatch.setattr(book_build, "_run_jupyter_book", run)
    book_build.build_book(Path("python"), node=False, root=root, **options)
    return seen


def test_finished_build_is_gone_on_from(root, monkeypatch):
    assert built(root, monkeypatch) == {"page": True, "cache": True, "unfinished": True}
    assert not (root / "_build" / "unfinished").exists()


def test_unfinished_build_is_written_again_from_the_kept_outputs(root, monkeypatch):
    (root / "_build" / "unfinished").touch()
    assert built(root, monkeypatch) == {"page": False, "cache": True, "unfinished": True}


def test_clean_build_starts_from_nothing(root, monkeypatch):
    seen = built(root, monkeypatch, clean=True)
    assert seen == {"page": False, "cache": False, "unfinished": True}


def fake_python(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_full_disk_is_told_and_leaves_nothing_half_written(root):
    message = "echo 'OSError: [Errno 28] No space left on device'; exit 2"
    python = fake_python(root / "python", message)
    with pytest.raises(console.Stop, match="disk is full"):
        book_build.build_book(python, node=False, root=root)
    assert not (root / KEPT).exists()
    assert not (root / PAGE).exists()


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_failed_build_is_seen_by_the_next(root):
    python = fake_python(root / "python", "echo 'WARNING: no such page'; exit 1")
    with pytest.raises(console.Stop, match="not built"):
        book_build.build_book(python, node=False, root=root)
    assert (root / "_build" / "unfinished").exists()
