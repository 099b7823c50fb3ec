import threading

import pytest

from dlbook.explore.worker import Worker


def make_worker(compute):
    results, errors, shares = [], [], []
    worker = Worker(
        compute, on_result=results.append, on_error=errors.append, on_progress=shares.append
    )
    return worker, results, errors, shares


def test_the_newest_request_wins_and_those_between_are_dropped():
    entered, go_on = threading.Event(), threading.Event()
    seen = []

    def compute(request, progress):
        seen.append(request)
        if request == 0:
            entered.set()
            go_on.wait(10)
        return request

    worker, results, errors, _ = make_worker(compute)
    worker.submit(0)
    assert entered.wait(10)
    for request in (1, 2, 3):
        worker.submit(request)
    go_on.set()
    assert worker.wait(10)
    assert seen == [0, 3]
    assert results == [3]  # the result for 0 came too late
    assert not errors


def test_progress_stops_an_outdated_computation():
    entered, go_on = threading.Event(), threading.Event()
    finished = []

    def compute(request, progress):
        if request == "long":
            entered.set()
            go_on.wait(10)
        progress(1, 2)
        finished.append(request)
        return request

    worker, results, errors, shares = make_worker(compute)
    worker.submit("long")
    assert entered.wait(10)
    worker.submit("short")
    go_on.set()
    assert worker.wait(10)
    assert finished == results == ["short"]
    assert shares == [0.5]
    assert not errors


def test_errors_surface_and_the_worker_goes_on():
    def compute(request, progress):
        return 1 / request

    worker, results, errors, _ = make_worker(compute)
    worker.submit(0)
    assert worker.wait(10)
    assert [type(error) for error in errors] == [ZeroDivisionError]
    worker.submit(2)
    assert worker.wait(10)
    assert results == [pytest.approx(0.5)]


def test_an_outdated_error_is_not_shown():
    entered, go_on = threading.Event(), threading.Event()

    def compute(request, progress):
        if request == 0:
            entered.set()
            go_on.wait(10)
        return 1 / request

    worker, results, errors, _ = make_worker(compute)
    worker.submit(0)
    assert entered.wait(10)
    worker.submit(1)
    go_on.set()
    assert worker.wait(10)
    assert results == [1.0]
    assert not errors


def test_a_thread_lives_only_while_there_is_work():
    worker, results, _, _ = make_worker(lambda request, progress: threading.current_thread())
    assert worker._thread is None
    for request in range(3):
        worker.submit(request)
        assert worker.wait(10)
        results[-1].join(10)
        assert not results[-1].is_alive()
    assert len(results) == 3
