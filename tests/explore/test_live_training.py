"""A training explorer with a kernel: buttons, controls, and the thread that trains."""

import threading
import time

import pytest
from test_training_explorer import declared

from dlbook.explore.live_training import LiveTraining
from dlbook.explore.playground import playground
from dlbook.figures import playground as pg


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


def test_it_pauses_where_the_axis_of_its_curves_ends_and_can_go_on(live):
    live.picture.last_step = 30
    live.train.value = True
    wait_until(lambda: not live.train.value)
    assert live.run.num_steps == 30
    assert "Paused at the end of the axis" in live.status.value
    live.train.value = True
    wait_until(lambda: live.run.num_steps > 40)


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
    live.controls["width_1"].value = 2
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
    live.controls["width_1"].value = 2  # starts over with them
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


@pytest.fixture
def whole():
    live = LiveTraining(playground())
    yield live
    live.train.value = False


def test_a_chosen_point_moves_by_fields_and_by_a_click(whole):
    points = whole.points
    points.add(0.5, 1.0)
    points.add(-0.5, 1.0)
    points.which.value = 0
    assert (points.x1.value, points.x2.value) == (0.5, 1.0)
    points.x1.value = 0.55
    assert whole.run.points[0] == (0.55, 1.0, 0)
    points.label.value = 1
    assert whole.run.points[0] == (0.55, 1.0, 1)
    points._clicked(None, type("Points", (), {"xs": [0.1], "ys": [0.2]})(), None)
    assert whole.run.points == [(0.1, 0.2, 1), (-0.5, 1.0, 0)]
    points.which.value = 1
    points._drop()
    assert whole.run.points == [(0.1, 0.2, 1)]
    assert points.which.value == -1


def test_weights_are_set_by_hand_and_the_run_goes_on(whole):
    whole.step()
    weights = whole.weights
    weights.unit.label = "layer 2, unit 3"
    weights.source.label = "layer 1, unit 8"
    W = whole.run.tensors["params"]["2.weight"]
    assert weights.value.value == pytest.approx(float(W[2, 7]), rel=1e-2)
    weights.value.value = 1.5
    assert whole.run.num_steps == 1
    assert whole.run.tensors["params"]["2.weight"][2, 7] == 1.5
    assert whole.run.edits == [(1, "2.weight", 2, 7, 1.5)]
    assert "layer 2, unit 3, layer 1, unit 8: 1.5 from step 1 on" in weights.said.value
    weights.source.label = "its bias"
    weights.value.value = -1
    assert whole.run.tensors["params"]["2.bias"][2] == -1
    whole.controls["depth"].value = 1  # one hidden layer
    assert [name for name, _ in weights.unit.options][-1] == "the output"
    assert len(weights.unit.options) == 9
    whole.reset()
    assert whole.run.edits == []


def test_a_tile_is_shown_while_hovered_and_kept_by_a_click(whole):
    (tiles,) = whole.figure.select_traces({"name": "units"})
    where = type("Points", (), {"xs": [1.02], "ys": [2.1]})()
    answer = whole.run.view()["map"]
    whole.tiles._hovered(tiles, where, None)
    unit = whole.run.view()["map"]
    assert abs(unit - answer).max() > 0.1
    for callback in tiles._unhover_callbacks:
        callback(tiles, where, None)
    assert (whole.run.view()["map"] == answer).all()
    whole.tiles._clicked(tiles, where, None)
    assert whole.settings()["shown"] == 1 + 8 + 2
    assert (whole.run.view()["map"] == unit).all()
    whole.tiles._clicked(tiles, where, None)
    assert whole.settings()["shown"] == 0


def test_controls_of_layers_that_are_not_there_are_hidden(whole):
    shown = [name for name in pg.WIDTHS if whole.controls[name].layout.display != "none"]
    assert shown == ["width_1", "width_2"]
    whole.controls["depth"].value = 0
    assert all(whole.controls[name].layout.display == "none" for name in pg.WIDTHS)


def test_inputs_are_chosen_by_check_boxes(whole):
    inputs = whole.controls["inputs"]
    assert [box.value for box in inputs.boxes] == [True, True, *[False] * 5]
    inputs.boxes[0].value = False
    inputs.boxes[4].value = True
    assert whole.settings()["inputs"] == 2 + 16
    W = whole.run.tensors["params"]["0.weight"]
    assert (W != 0).any(dim=0).tolist() == [False, True, False, False, True, False, False]
    whole.reset()
    assert [box.value for box in inputs.boxes] == [True, True, *[False] * 5]
