"""pip's failures in one sentence; the first two by a real pip."""

import sys
from pathlib import Path

import pytest

import console
from pip_install import explanation, pip_install, what_pip_would_take

PYTHON = Path(sys.executable)


@pytest.fixture
def unreachable(monkeypatch, tmp_path):
    """No package source but one that nobody answers on; nothing cached."""
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    empty = tmp_path / "pip.conf"
    empty.touch()
    monkeypatch.setenv("PIP_CONFIG_FILE", str(empty))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")


@pytest.mark.usefixtures("unreachable")
def test_no_network_is_told_by_an_install(tmp_path):
    with pytest.raises(console.Stop, match="the first run needs the network"):
        pip_install(PYTHON, "--target", str(tmp_path / "target"), "no-such-package==1.0")


@pytest.mark.usefixtures("unreachable")
def test_no_network_is_told_by_a_look():
    with pytest.raises(console.Stop, match="the first run needs the network"):
        what_pip_would_take(PYTHON, "no-such-package==1.0")


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk is full"),
        ("error: externally-managed-environment\n", "belongs to the operating system"),
        ("/usr/bin/python3: No module named pip", "has no pip"),
        ("ERROR: No matching distribution found for torch==99", "No matching distribution"),
        ("", "no output"),
    ],
)
def test_failures_have_their_sentences(output, words):
    sentence = explanation(output)
    assert words in sentence
    assert "\n" not in sentence
