"""One thread that computes the newest request and forgets the ones it was too late for."""

import threading
from collections.abc import Callable


class Cancelled(Exception):
    """Raised inside a computation, by its `progress`, once nobody waits for its result."""


class Worker:
    """Runs `compute(request, progress)` in a thread, always for the newest request.

    Each request raises a version number. Requests that come while one is being computed replace
    each other; a result that is outdated when it is ready is thrown away. The thread is there
    only while there is work: cells that are run again and again leave none behind.

    Args:
        compute: called with the request and with `progress(done, total)`, which raises
            `Cancelled` once there is a newer request.
        on_result: called in the thread with each result that is still wanted.
        on_error: called in the thread with any other exception that is still wanted.
        on_progress: called in the thread with the share done, 0 to 1.
    """

    def __init__(
        self,
        compute: Callable,
        *,
        on_result: Callable,
        on_error: Callable[[Exception], None],
        on_progress: Callable[[float], None],
    ):
        self._compute, self._on_result = compute, on_result
        self._on_error, self._on_progress = on_error, on_progress
        self._changed = threading.Condition()
        self._version = 0
        self._done = 0
        self._request = None
        self._thread: threading.Thread | None = None

    def submit(self, request) -> None:
        """Ask for `request` instead of whatever is under way."""
        with self._changed:
            self._version += 1
            self._request = request
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="explorer")
                self._thread.start()

    def wait(self, timeout: float = 30.0) -> bool:
        """Wait until the newest request has been dealt with; False after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._done == self._version, timeout)

    def _run(self):
        """Deal with requests until there is none; the next one gets a new thread."""
        while (newest := self._next()) is not None:
            self._work(*newest)
            with self._changed:
                self._done = newest[0]
                self._changed.notify_all()

    def _next(self) -> tuple | None:
        with self._changed:
            if self._done == self._version:
                self._thread = None
                return None
            return self._version, self._request

    def _work(self, version: int, request):
        def progress(done: int, total: int):
            if version != self._version:
                raise Cancelled
            self._on_progress(done / total)

        try:
            result = self._compute(request, progress)
            if version == self._version:
                self._on_result(result)
        except Cancelled:
            return
        except Exception as error:  # whatever the author's function raises is shown to the reader
            if version == self._version:
                self._on_error(error)
