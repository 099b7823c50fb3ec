import hashlib
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from dlbook.datasets import mnist
from dlbook.datasets.download import DataFileError, RemoteFile, fetch

NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens there
MADE = bytes(range(256)) * 1200  # several pieces of the download


@pytest.fixture(params=["made", "original"])
def content(request, originals):
    if request.param == "made":
        return MADE
    return originals("mnist", "t10k-images-idx3-ubyte.gz").read_bytes()


@pytest.fixture
def remote(content, server, no_settings):
    """The file as the server's folder /mirror has it; `content` is what it should be."""
    file = replace(mnist.TEST_IMAGES, path="set/name.gz", mirrors=(f"{server.address}/mirror",))
    if content == MADE:
        digest = hashlib.sha256(MADE).hexdigest()
        file = replace(file, num_bytes=len(MADE), sha256=digest, stand_in="made_up()")
    server.answers["/mirror/name.gz"] = lambda handler: handler.send(content)
    return file


def files_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_download_is_whole_and_cached(remote, content, server, tmp_path):
    path = fetch(remote, cache=tmp_path)
    assert path == tmp_path / "set" / "name.gz"
    assert path.read_bytes() == content
    assert files_below(tmp_path) == ["set/name.gz"]
    assert server.asked == ["/mirror/name.gz"]


def test_a_cached_file_needs_no_request(remote, content, server, tmp_path):
    fetch(remote, cache=tmp_path)
    server.asked.clear()
    assert fetch(remote, cache=tmp_path).read_bytes() == content
    assert server.asked == []


def test_a_damaged_file_in_the_cache_is_replaced(remote, content, tmp_path):
    path = fetch(remote, cache=tmp_path)
    path.write_bytes(content[:-1] + b"?")
    assert fetch(remote, cache=tmp_path).read_bytes() == content


def test_the_default_cache_is_the_users(remote, content, tmp_path, monkeypatch):
    monkeypatch.setattr("pooch.os_cache", lambda name: tmp_path / name)
    assert fetch(remote) == tmp_path / "dlbook" / "set" / "name.gz"


def test_second_mirror_serves_when_the_first_is_down(remote, content, server, tmp_path):
    file = replace(remote, mirrors=(NOBODY, *remote.mirrors))
    assert fetch(file, cache=tmp_path).read_bytes() == content
    assert server.asked == ["/mirror/name.gz"]


DAMAGED_ANSWERS = {
    "truncated": (lambda handler, body: handler.send(body[:70_000]), "cut off after 70,000"),
    "broken off": (
        lambda handler, body: handler.send(body[:70_000], announce=len(body)),
        "connection broke off",
    ),
    "corrupted": (lambda handler, body: handler.send(body[:-1] + b"?"), "its SHA-256 is"),
    "too long": (lambda handler, body: handler.send(body + b"?"), "its SHA-256 is"),
    "empty": (lambda handler, body: handler.send(b""), "it is empty"),
    "a page instead": (lambda handler, body: handler.send(b"<html>Sorry</html>"), "cut off after"),
    "server error": (lambda handler, body: handler.send_error(503), "answered 503"),
    "not there": (lambda handler, body: handler.send_error(404), "answered 404"),
}


@pytest.fixture(params=DAMAGED_ANSWERS)
def damaged(request, remote, content, server):
    """A mirror whose answer is damaged in one of the ways; (file, words of the explanation)."""
    answer, words = DAMAGED_ANSWERS[request.param]
    server.answers["/bad/name.gz"] = lambda handler: answer(handler, content)
    return replace(remote, mirrors=(f"{server.address}/bad",)), words


def test_a_damaged_answer_is_a_clear_error_and_leaves_nothing(damaged, tmp_path):
    file, words = damaged
    with pytest.raises(DataFileError) as caught:
        fetch(file, cache=tmp_path)
    message = str(caught.value)
    assert message.startswith("set/name.gz is not in the cache")
    assert f"{file.mirrors[0]}/name.gz: " in message
    assert words in message
    assert "What to do: " in message
    assert files_below(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_after_a_damaged_answer_the_next_try_works(damaged, content, server, tmp_path):
    file, _ = damaged
    with pytest.raises(DataFileError):
        fetch(file, cache=tmp_path)
    server.answers["/bad/name.gz"] = lambda handler: handler.send(content)
    assert fetch(file, cache=tmp_path).read_bytes() == content


def test_after_a_damaged_answer_the_next_mirror_is_asked(damaged, remote, content, tmp_path):
    file = replace(remote, mirrors=damaged[0].mirrors + remote.mirrors)
    assert fetch(file, cache=tmp_path).read_bytes() == content
    assert files_below(tmp_path) == ["set/name.gz"]


def test_offline_the_error_says_what_to_do(remote, tmp_path):
    file = replace(remote, mirrors=(NOBODY, f"{NOBODY}/other"))
    with pytest.raises(DataFileError) as caught:
        fetch(file, cache=tmp_path)
    message = str(caught.value)
    assert message.count("no connection") == 2
    for word in ("set/name.gz", "DLBOOK_DATA_DIR", "DLBOOK_MIRROR", file.stand_in, str(tmp_path)):
        assert word in message


def test_offline_a_cached_file_is_enough(remote, content, tmp_path):
    fetch(remote, cache=tmp_path)
    assert fetch(replace(remote, mirrors=(NOBODY,)), cache=tmp_path).read_bytes() == content


def test_a_silent_mirror_counts_as_down(remote, content, server, tmp_path, monkeypatch):
    monkeypatch.setattr("dlbook.datasets.download.TIMEOUT", 2.0)  # the other one answers sooner
    released = threading.Event()
    server.answers["/silent/name.gz"] = lambda handler: released.wait(10)
    file = replace(remote, mirrors=(f"{server.address}/silent", *remote.mirrors))
    assert fetch(file, cache=tmp_path).read_bytes() == content
    released.set()


def test_own_mirror_is_asked_first(remote, content, server, tmp_path, monkeypatch):
    monkeypatch.setenv("DLBOOK_MIRROR", f"{server.address}/own/")
    server.answers["/own/set/name.gz"] = lambda handler: handler.send(content)
    assert fetch(remote, cache=tmp_path).read_bytes() == content
    assert server.asked == ["/own/set/name.gz"]


def test_own_mirror_without_the_file_is_not_the_end(remote, content, server, tmp_path, monkeypatch):
    monkeypatch.setenv("DLBOOK_MIRROR", f"{server.address}/own")
    assert fetch(remote, cache=tmp_path).read_bytes() == content
    assert server.asked == ["/own/set/name.gz", "/mirror/name.gz"]


def test_a_nonsense_mirror_is_named(remote, tmp_path, monkeypatch):
    monkeypatch.setenv("DLBOOK_MIRROR", "http://")
    with pytest.raises(DataFileError, match="InvalidURL"):
        fetch(replace(remote, mirrors=()), cache=tmp_path)


def test_empty_settings_count_as_unset(remote, content, tmp_path, monkeypatch):
    monkeypatch.setenv("DLBOOK_MIRROR", "")
    monkeypatch.setenv("DLBOOK_DATA_DIR", "")
    assert fetch(remote, cache=tmp_path).read_bytes() == content


def test_own_folder_comes_before_everything(remote, content, server, tmp_path, monkeypatch):
    own = tmp_path / "own" / "set" / "name.gz"
    own.parent.mkdir(parents=True)
    own.write_bytes(content)
    monkeypatch.setenv("DLBOOK_DATA_DIR", str(tmp_path / "own"))
    assert fetch(remote, cache=tmp_path / "cache") == own
    assert server.asked == []
    assert not (tmp_path / "cache").exists()


def test_a_damaged_file_in_the_own_folder_is_named(remote, content, server, tmp_path, monkeypatch):
    own = tmp_path / "own" / "set" / "name.gz"
    own.parent.mkdir(parents=True)
    own.write_bytes(content[:1000])
    monkeypatch.setenv("DLBOOK_DATA_DIR", str(tmp_path / "own"))
    with pytest.raises(DataFileError, match="cut off after 1,000") as caught:
        fetch(remote, cache=tmp_path / "cache")
    assert str(own) in str(caught.value)
    assert "Replace it" in str(caught.value)
    assert server.asked == []
    assert own.read_bytes() == content[:1000]  # the folder is only read


def test_own_folder_without_the_file_is_no_obstacle(remote, content, tmp_path, monkeypatch):
    (tmp_path / "own").mkdir()
    monkeypatch.setenv("DLBOOK_DATA_DIR", str(tmp_path / "own"))
    assert fetch(remote, cache=tmp_path / "cache").read_bytes() == content


def test_an_own_folder_that_is_not_there_is_an_error(remote, tmp_path, monkeypatch):
    monkeypatch.setenv("DLBOOK_DATA_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(DataFileError, match=r"DLBOOK_DATA_DIR is .*nowhere.*not a folder"):
        fetch(remote, cache=tmp_path)


def test_progress_is_shown(remote, tmp_path, capsys):
    fetch(remote, cache=tmp_path)
    shown = capsys.readouterr().err
    assert "set/name.gz" in shown
    assert "100%" in shown


FETCH_IN_A_PROCESS = """
import hashlib, sys
from pathlib import Path
from dlbook.datasets.download import RemoteFile, fetch
address, num_bytes, digest, cache = sys.argv[1:]
file = RemoteFile("set/name.gz", int(num_bytes), digest, (address,), "made_up()")
print(hashlib.sha256(fetch(file, cache=Path(cache)).read_bytes()).hexdigest())
"""


def start_process(file: RemoteFile, cache) -> subprocess.Popen:
    arguments = [file.mirrors[0], str(file.num_bytes), file.sha256, str(cache)]
    return subprocess.Popen(
        [sys.executable, "-c", FETCH_IN_A_PROCESS, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def test_two_processes_at_once_make_one_whole_file(remote, content, server, tmp_path):
    both_are_here = threading.Barrier(2, timeout=60)

    def send_when_both_have_asked(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[:70_000])
        both_are_here.wait()
        handler.wfile.write(content[70_000:])

    server.answers["/mirror/name.gz"] = send_when_both_have_asked
    processes = [start_process(remote, tmp_path) for _ in range(2)]
    digests = [process.communicate(timeout=90)[0].strip() for process in processes]
    assert digests == [remote.sha256] * 2
    assert len(server.asked) == 2
    assert files_below(tmp_path) == ["set/name.gz"]


def test_a_killed_download_does_not_disturb_the_next(remote, content, server, tmp_path):
    started, released = threading.Event(), threading.Event()

    def send_half_and_wait(handler):
        handler.send(content[:70_000], announce=len(content))
        started.set()
        released.wait(60)

    server.answers["/mirror/name.gz"] = send_half_and_wait
    process = start_process(remote, tmp_path)
    assert started.wait(60)
    process.kill()
    process.communicate()
    released.set()
    assert not (tmp_path / "set" / "name.gz").exists()
    server.answers["/mirror/name.gz"] = lambda handler: handler.send(content)
    assert fetch(remote, cache=tmp_path).read_bytes() == content
