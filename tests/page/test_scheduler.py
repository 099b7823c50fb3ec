"""The frame scheduler with a clock of its own: training keeps within its time."""

from importlib.resources import files

import pytest

pytest.importorskip("playwright")
from chromium import chromium

pytestmark = pytest.mark.xdist_group("browser")
SCRIPT = (files("dlbook.page") / "static" / "scheduler.js").read_text(encoding="utf-8")
# Frames of a made-up page: a step takes `step` ms, a picture `picture` ms. Returns, for each frame,
# how many steps it did, whether it drew, and how long it took.
PLAY = """([step, picture, frames, limit, last, rest]) => {
  let time = 0, next = null, steps = 0, pictures = 0;
  const clock = { now: () => time, nextFrame: (f) => { next = f; } };
  const train = () => { time += step; steps++; return steps < last; };
  const draw = () => { time += picture; pictures++; };
  const scheduler = new DLBOOK.Scheduler(train, draw, clock);
  if (limit) scheduler.limit = () => limit;
  scheduler.rest = () => rest;
  scheduler.start();
  const seen = [];
  for (let k = 0; k < frames && next; k++) {
    if (rest) time += 10; // frames that do nothing take time too
    const [s, p, t, frame] = [steps, pictures, time, next];
    next = null;
    frame();
    seen.push({ steps: steps - s, drew: pictures > p, took: time - t });
  }
  return { seen, running: scheduler.running, pictures };
}"""


@pytest.fixture(scope="module")
def play():
    with chromium() as browser:
        page = browser.new_page()
        page.add_script_tag(content=f"window.DLBOOK = {{}};\n{SCRIPT}")

        def run(step, picture, *, frames=40, limit=0, last=10**9, rest=0):
            return page.evaluate(PLAY, [step, picture, frames, limit, last, rest])

        yield run


def test_training_ends_when_its_share_of_the_frame_is_up(play):
    frames = play(0.1, 3)["seen"]
    assert all(79 <= frame["steps"] <= 81 for frame in frames)
    assert all(frame["drew"] and frame["took"] <= 12 for frame in frames)


def test_one_step_at_least_however_long_it_takes(play):
    frames = play(50, 3)["seen"]
    assert [frame["steps"] for frame in frames] == [1] * 40


def test_slow_pictures_are_drawn_less_often(play):
    frames = play(0.1, 40)["seen"]
    late = frames[20:]
    assert 0 < sum(frame["drew"] for frame in late) <= len(late) / 4
    assert sum(frame["took"] for frame in late) / len(late) <= 16.7


def test_a_limit_of_steps_a_frame(play):
    assert {frame["steps"] for frame in play(0.1, 3, limit=10)["seen"]} == {10}


def test_the_end_of_training_is_drawn_and_stops(play):
    result = play(1, 3, last=20)
    assert sum(frame["steps"] for frame in result["seen"]) == 20
    assert result["seen"][-1]["drew"]
    assert result["running"] is False


def test_frames_that_train_keep_their_distance(play):
    frames = play(1, 1, rest=100, limit=1)["seen"]
    trained = [k for k, frame in enumerate(frames) if frame["steps"]]
    assert trained == list(range(0, 40, 10))
    assert all(frames[k]["steps"] == 1 for k in trained)
