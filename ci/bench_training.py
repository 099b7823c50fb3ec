"""Benchmarks of training explorers: frames with training in them, changes of structure."""

import statistics

import numpy as np

from chromium import READY, OpenPage

SECONDS = 3
SLOWDOWNS = (1, 4)  # of the processor, as Chromium throttles it
# Trains at full speed for a while; milliseconds of work in each frame, and between frames.
TRAIN = """async ([name, seconds]) => {
  const explorer = document.getElementById(`explorer-${name}`).dlbook;
  const { scheduler, run } = explorer;
  const work = [], gaps = [], frame = scheduler.frame.bind(scheduler), first = run.numSteps;
  let last = performance.now();
  scheduler.frame = () => {
    const began = performance.now();
    gaps.push(began - last);
    last = began;
    frame();
    work.push(performance.now() - began);
    if (!run.over) return;
    explorer.restart();
    scheduler.start();
  };
  explorer.buttons.speed.value = "full";
  explorer.toggle();
  await new Promise((done) => setTimeout(done, 1000 * seconds));
  explorer.pause();
  delete scheduler.frame;
  return { work, gaps: gaps.slice(1), steps: (run.numSteps - first) / seconds };
}"""
# Moves every control that starts over to its other end; milliseconds until the new run is shown.
CHANGE = """(name) => {
  const explorer = document.getElementById(`explorer-${name}`).dlbook;
  const { controls, spec } = explorer, times = [];
  spec.controls.forEach((control, k) => {
    if (spec.run.live.includes(control.name)) return;
    const position = [...controls.position];
    position[k] = control.default > 0 ? 0 : control.values.length - 1;
    controls.position = position;
    const began = performance.now();
    explorer.move();
    times.push(performance.now() - began);
  });
  return times;
}"""


def time_training(browser, path, name: str) -> dict:
    """Milliseconds of one training explorer: to its first picture, of frames, of restarts."""
    opened = OpenPage(browser)
    page = opened.open(path)
    page.evaluate("(name) => document.getElementById(`explorer-${name}`).scrollIntoView()", name)
    index = page.evaluate(
        "(name) => [...document.querySelectorAll('.dlbook-explorer, .dlbook-plotly')]"
        ".findIndex((node) => node.dataset.name === name)",
        name,
    )
    page.wait_for_function(READY, arg=[".dlbook-explorer, .dlbook-plotly", index], polling=20)
    started = page.evaluate(
        "(n) => document.getElementById(`explorer-${n}`).dlbook.startedIn", name
    )
    result = {"first_plot": round(started)}
    devtools = page.context.new_cdp_session(page)
    for slowdown in SLOWDOWNS:
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
        result |= {f"{key}_{slowdown}x": v for key, v in _frames(page, name).items()}
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    changes = page.evaluate(CHANGE, name)
    result["change_median"] = round(statistics.median(changes), 1)
    result["change_max"] = round(max(changes), 1)
    opened.close()
    return result


def _frames(page, name: str) -> dict:
    seen = page.evaluate(TRAIN, [name, SECONDS])
    return {
        "frame_work_median": round(statistics.median(seen["work"]), 1),
        "frame_work_p95": round(float(np.percentile(seen["work"], 95)), 1),
        "frame_gap_p95": round(float(np.percentile(seen["gaps"], 95)), 1),
        "steps_per_second": round(seen["steps"]),
    }
