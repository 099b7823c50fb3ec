"""A server on the loopback address that answers as told, and the originals where they are."""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

DATA_DIR = os.environ.get("DLBOOK_DATA_DIR")  # as the tests were called with


class Server(ThreadingHTTPServer):
    """Answers /path with what `answers[path]` does; notes every path that was asked for."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = {}, []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        answer = self.server.answers.get(self.path)
        if answer is None:
            self.send_error(404)
        else:
            answer(self)

    def send(self, body, *, announce=None):
        """A complete answer, or one that announces more bytes than it sends."""
        self.send_response(200)
        self.send_header("Content-Length", str(announce or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def no_settings(monkeypatch):
    """Neither a data folder nor a mirror is set; no proxy stands before the loopback address."""
    monkeypatch.delenv("DLBOOK_DATA_DIR", raising=False)
    monkeypatch.delenv("DLBOOK_MIRROR", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def originals():
    """originals("mnist", name) is the path of an original; skips the test where there is none."""

    def find(*parts):
        if not DATA_DIR:
            pytest.skip("needs original data: DLBOOK_DATA_DIR is not set")
        path = Path(DATA_DIR, *parts)
        if not path.is_file():
            pytest.skip(f"needs original data: DLBOOK_DATA_DIR has no {'/'.join(parts)}")
        return path

    return find
