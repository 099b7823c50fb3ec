"""A training explorer with a kernel: buttons, controls, and the thread that trains."""

import threading
import time

import pytest
from test_training_explorer import declared

from dlbook.explore.live_training import LiveTraining


@pytest.fixture
def live():
    live = LiveTraining(declared())
    yield live
    live.train.value = False


def wait_until(condition, seconds: float = 20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def test_it_trains_until_it_is_paused(live):
    live.train.value = True
    assert live.train.description == "❚❚ Pause"
    wait_until(lambda: live.run.num_steps > 20 and 'aria-live="off"' in live.status.value)
    live.train.value = False
    assert 'role="status"' in live.status.value
    with live.lock:
        steps = live.run.num_steps
    time.sleep(0.3)
    assert live.run.num_steps == steps
    assert f"Step {steps:,}" in live.status.value


def test_pausing_and_going_on_at_once_leaves_one_thread(live):
    before = threading.active_count()
    for _ in range(3):
        live.train.value = True
        live.train.value = False
    live.train.value = True
    wait_until(lambda: threading.active_count() <= before + 1)
    steps = live.run.num_steps
    wait_until(lambda: live.run.num_steps > steps)


def test_steps_and_starting_over(live):
    live.step()
    live.step()
    assert live.run.num_steps == 2
    live.restart()
    assert live.run.num_steps == 0


def test_a_number_goes_on_and_a_width_starts_over(live):
    live.step()
    live.controls["lr"].value = 0
    assert live.run.num_steps == 1
    assert float(live.run.tensors["hyper"]["lr"]) == pytest.approx(0.01)
    live.controls["width"].value = 2
    assert live.run.num_steps == 0
    assert live.run.tensors["params"]["0.weight"].shape == (4, 7)
    live.reset()
    assert live.settings() == live.explorer.settings()


def test_divergence_ends_the_training_and_is_said(live):
    live.controls["weight_decay"].value = 3  # 0.1
    live.run.change(live.run.settings | {"lr": 1e4})
    live.train.value = True
    wait_until(lambda: not live.train.value)
    assert "Diverged at step" in live.status.value
    diverged_at = live.run.num_steps
    live.controls["lr"].value = 0  # the smallest
    live.train.value = True  # begins again
    wait_until(lambda: live.run.num_steps > diverged_at + 5 or not live.train.value)
    assert live.train.value
    assert "Diverged" not in live.status.value


def test_an_error_in_the_training_is_shown_and_ends_it(live):
    def broken(count=1):
        raise ValueError("no such step")

    live.run.step = broken
    live.train.value = True
    wait_until(lambda: not live.train.value)
    assert "ValueError: no such step" in live.error.value
    assert live.train.description == "▶ Train"
    del live.run.step
    live.step()
    assert live.error.value == ""


def test_own_points_go_into_the_run_under_way(live):
    live.step()
    live.points.label.value = 1
    live.points.add(0.513, -1.0)
    batch = live.run.tensors["batch"]
    assert live.run.num_steps == 1
    assert batch["used"].sum() == 201
    assert batch["places"][200].tolist() == pytest.approx([0.51, -1.0])
    assert batch["y"][200] == 1
    live.points.add(7.0, 0.0)  # outside
    assert len(live.run.points) == 1
    live.controls["width"].value = 2  # starts over with them
    assert live.run.tensors["batch"]["used"].sum() == 201
    live.reset()
    assert live.run.points == []
    assert live.run.tensors["batch"]["used"].sum() == 200


def test_a_click_on_the_map_adds_a_point(live):
    (shares,) = live.figure.select_traces({"name": "map"})
    where = type("Points", (), {"xs": [0.36], "ys": [0.9]})()
    for callback in shares._click_callbacks:
        callback(shares, where, None)
    assert live.run.points == [(0.36, 0.9, 0)]
