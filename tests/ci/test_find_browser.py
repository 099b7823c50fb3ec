"""A browser that is there is found, one that is missing is told, and a dead download is left."""

import os
import stat
import sys
import time
from pathlib import Path

import pytest

import console
import find_browser


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine where no browser is installed or to be had."""
    monkeypatch.delenv("DLBOOK_BROWSER", raising=False)
    monkeypatch.setattr(find_browser, "_usual_places", list)
    monkeypatch.setattr(find_browser, "playwright_own", lambda _: None)
    monkeypatch.setattr(find_browser, "from_debian", lambda: None)
    monkeypatch.setattr(find_browser, "from_playwright", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_missing_browser_is_told_with_what_to_do(bare):
    with pytest.raises(console.Stop, match=r"Chrome, Chromium or Edge.*DLBOOK_BROWSER"):
        find_browser.find_browser(Path(sys.executable))


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
def test_first_installed_browser_that_runs_is_taken(bare):
    script(bare / "chromium-browser", "exit 1")
    chrome = script(bare / "google-chrome", "exit 0")
    assert find_browser.find_browser(Path(sys.executable)) == chrome


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
def test_named_browser_goes_first(bare, monkeypatch):
    script(bare / "chromium", "exit 0")
    named = script(bare / "named", "exit 0")
    monkeypatch.setenv("DLBOOK_BROWSER", named)
    assert find_browser.find_browser(Path(sys.executable)) == named


def test_named_browser_that_does_not_run_is_told(bare, monkeypatch):
    monkeypatch.setenv("DLBOOK_BROWSER", str(bare / "none"))
    with pytest.raises(console.Stop, match="none, which does not run"):
        find_browser.find_browser(Path(sys.executable))


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
def test_download_that_does_not_start_is_given_up_and_ended(monkeypatch, tmp_path):
    monkeypatch.setattr(find_browser, "TO_START", 0.5)
    monkeypatch.setattr(find_browser, "playwright_own", lambda _: None)
    late = tmp_path / "late"
    stuck = script(tmp_path / "python", f"echo Downloading; (sleep 2; touch {late}) & wait")
    start = time.monotonic()
    assert find_browser.from_playwright(Path(stuck)) is None
    assert time.monotonic() - start < 1.9
    time.sleep(2)
    assert not late.exists()  # what the download had started was ended too


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
def test_download_that_moves_is_waited_for(monkeypatch, tmp_path):
    monkeypatch.setattr(find_browser, "TO_START", 5)
    monkeypatch.setattr(find_browser, "playwright_own", lambda _: "found")
    slow = script(tmp_path / "python", "echo '10% of 100 MiB'; sleep 1; exit 0")
    assert find_browser.from_playwright(Path(slow)) == "found"
