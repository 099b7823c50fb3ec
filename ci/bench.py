"""Benchmarks for the budgets: how fast pages and figures are, how large, how long things take.

    python ci/bench.py _build/html [--pages book/intro ...] [--no-programs] [--no-sweeps]

Prints tables and writes `_build/reports/bench.json`. Nothing here decides a test: figures are from
one machine in one run and are read beside each other.
"""

import argparse
import bisect
import gzip
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from bench_grid import time_grid
from bench_programs import measure as time_programs
from bench_sweep import measure as time_sweeps
from bench_training import time_training
from browser import pages_of
from chromium import OpenPage, chromium, say
from page_explorer import PageExplorer

MOVES = 40  # key presses a slider, back and forth
TRACED = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]
PAUSE = 100  # milliseconds between presses: longer than a frame, shorter than a reader's rest


def page_sizes(folder: Path) -> dict[str, dict]:
    """Bytes of each page and of the data of its explorers, raw and compressed."""
    sizes = {}
    for path in pages_of(folder):
        name = path.relative_to(folder).with_suffix("").as_posix()
        data = sorted((folder / "_static" / "dlbook" / "data" / name).glob("*.js"))
        sizes[name] = {
            "html": path.stat().st_size,
            "html_gzip": compressed(path),
            "data_gzip": {file.stem: compressed(file) for file in data},
        }
    return sizes


def shared_sizes(folder: Path) -> dict[str, dict]:
    """Bytes of what all pages share, raw and compressed."""
    files = sorted((folder / "_static" / "dlbook").glob("*.*"))
    return {f.name: {"raw": f.stat().st_size, "gzip": compressed(f)} for f in files}


def compressed(path: Path) -> int:
    """Bytes of a file after gzip."""
    return len(gzip.compress(path.read_bytes(), 9))


def time_explorers(folder: Path, names: list[str]) -> dict[str, dict]:
    """Milliseconds of every explorer on the pages `names`: first plot, and moves of its sliders."""
    times = {}
    with chromium() as browser:
        for name in names:
            opened = OpenPage(browser)
            page = opened.open(folder / f"{name}.html")
            opened.show_all()
            explorers = page.evaluate(
                "() => [...document.querySelectorAll('.dlbook-explorer[data-ready]')]"
                ".map((node) => [node.dataset.name, node.classList.contains('dlbook-training')])"
            )
            for explorer, trains in explorers:
                times[f"{name}#{explorer}"] = (
                    time_training(browser, folder / f"{name}.html", explorer)
                    if trains
                    else time_explorer(browser, page, explorer)
                )
                say(f"{name}#{explorer}: {times[f'{name}#{explorer}']}")
            opened.close()
    return times


def time_explorer(browser, page, name: str) -> dict:
    """Move the first slider of an explorer by key presses and read what a trace says of it."""
    explorer = PageExplorer(page, name)
    explorer.root.scroll_into_view_if_needed()
    sliders = [s for s in explorer.settings if explorer.control(s).get_attribute("type") == "range"]
    if not sliders:
        return {"first_plot": first_plot(page, name)}
    control = explorer.control(sliders[0])
    control.focus()
    control.press("Home")
    page.wait_for_timeout(400)
    page.evaluate(WATCH_FRAMES, name)
    browser.start_tracing(page=page, categories=TRACED)
    top = int(control.get_attribute("max"))
    for press in range(MOVES):
        control.press("ArrowRight" if (press // top) % 2 == 0 else "ArrowLeft")
        page.wait_for_timeout(PAUSE)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    busy, frames = main_thread_milliseconds(events), page.evaluate("() => window.dlbookFrames")
    computing = main_thread_milliseconds(events, "tdur")
    slow = explorer.root.evaluate("(node) => node.dlbook.drawing.slowMoves")
    return {
        "first_plot": first_plot(page, name),
        "moves": len(busy),
        "main_thread_median": round(statistics.median(busy), 2),
        "main_thread_p95": round(float(np.percentile(busy, 95)), 2),
        "processor_median": round(statistics.median(computing), 2),
        "processor_p95": round(float(np.percentile(computing, 95)), 2),
        "event_to_frame_median": round(statistics.median(frames), 1),
        "event_to_frame_p95": round(float(np.percentile(frames, 95)), 1),
        "full_redraws": slow,
    }


# From an input event to the frame that shows it: the second animation frame after it.
WATCH_FRAMES = """(name) => {
  window.dlbookFrames = [];
  document.getElementById(`explorer-${name}`).addEventListener("input", (event) => {
    const start = event.timeStamp;
    requestAnimationFrame(() => requestAnimationFrame(() =>
      window.dlbookFrames.push(performance.now() - start)));
  });
}"""


def first_plot(page, name: str) -> float:
    """Milliseconds from the moment an explorer starts until its figure stands."""
    return page.evaluate(
        "(n) => Math.round(document.getElementById(`explorer-${n}`).dlbook.startedIn)", name
    )


# What the budget counts: script, style, layout and paint. Tasks of the test driver are left out.
WORK = {"EventDispatch", "FireAnimationFrame", "FunctionCall", "TimerFire", "UpdateLayoutTree",
        "Layout", "PrePaint", "Paint", "Layerize", "Commit"}  # fmt: skip


def main_thread_milliseconds(events: list[dict], clock: str = "dur") -> list[float]:
    """Script, style, layout and paint between a key press and the next, one entry a move.

    Args:
        events: of a trace.
        clock: "dur", time on the wall, or "tdur", that of the processor: other programs that keep
            the machine busy lengthen the first only.
    """
    presses = [e for e in events if _event_type(e) == "keydown"]
    if not presses:
        return []
    thread = (presses[0]["pid"], presses[0]["tid"])
    work = [
        e
        for e in events
        if e["name"] in WORK
        and (e["pid"], e["tid"]) == thread
        and "dur" in e
        and not _event_type(e).startswith("__playwright")
    ]
    starts = sorted(e["ts"] for e in presses)
    times = [0.0] * len(starts)
    for event in outermost(work):
        move = bisect.bisect_right(starts, event["ts"]) - 1
        if move >= 0 and event["ts"] < starts[move] + 1000 * 2 * PAUSE:
            times[move] += event.get(clock, event["dur"]) / 1000
    return times


def outermost(events: list[dict]) -> list[dict]:
    """Those that lie in no other one: events lie inside one another."""
    kept, reached = [], float("-inf")
    for event in sorted(events, key=lambda e: (e["ts"], -e["dur"])):
        if event["ts"] >= reached:
            kept.append(event)
            reached = event["ts"] + event["dur"]
    return kept


def _event_type(event: dict) -> str:
    if event["name"] != "EventDispatch":
        return ""
    return event.get("args", {}).get("data", {}).get("type", "")


def print_sizes(sizes: dict, shared: dict):
    """Both tables of bytes."""
    say(f"\n{'page':44} {'html':>9} {'gzip':>9} {'data gzip':>10}  explorers")
    for name, size in sizes.items():
        data = size["data_gzip"]
        each = ", ".join(f"{k} {v:,}" for k, v in data.items())
        say(f"{name:44} {size['html']:9,} {size['html_gzip']:9,} {sum(data.values()):10,}  {each}")
    say(f"\n{'shared file':44} {'raw':>9} {'gzip':>9}")
    for name, size in shared.items():
        say(f"{name:44} {size['raw']:9,} {size['gzip']:9,}")


def main() -> int:
    """Run the benchmarks that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="the built book")
    parser.add_argument("--pages", nargs="*", help="pages whose explorers are timed; all if absent")
    parser.add_argument("--no-programs", action="store_true", help="leave out compiled programs")
    parser.add_argument("--no-sweeps", action="store_true", help="leave out sweeps of models")
    arguments = parser.parse_args()
    folder, start = arguments.folder, time.perf_counter()
    sizes, shared = page_sizes(folder), shared_sizes(folder)
    names = arguments.pages or [name for name, size in sizes.items() if size["data_gzip"]]
    report = {"sizes": sizes, "shared": shared, "explorers": time_explorers(folder, names)}
    report["programs"] = None if arguments.no_programs else time_programs()
    report["sweeps"] = None if arguments.no_sweeps else time_sweeps() | {"grid": time_grid()}
    for stage in ("stages", "notebooks", "build"):
        path = folder.parent / "reports" / f"{stage}.json"
        report[stage] = json.loads(path.read_text()) if path.is_file() else None
    print_sizes(sizes, shared)
    print_times(report["explorers"])
    for row in report["programs"] or ():
        say(json.dumps(row))
    for stage in ("stages", "notebooks", "build"):
        say(f"{stage}: {json.dumps(report[stage])}")
    (folder.parent / "reports").mkdir(exist_ok=True)
    (folder.parent / "reports" / "bench.json").write_text(json.dumps(report, indent=1))
    say(f"measured in {time.perf_counter() - start:.0f} s")
    return 0


def print_times(times: dict):
    """One line an explorer: milliseconds."""
    columns = ("first_plot", "main_thread_median", "main_thread_p95", "processor_median",
               "processor_p95", "event_to_frame_p95", "full_redraws")  # fmt: skip
    say(
        f"\n{'explorer (milliseconds)':56}" + "".join(f"{c.replace('_', ' '):>20}" for c in columns)
    )
    for name, row in times.items():
        if "change_max" in row:
            say(f"{name}: {json.dumps(row)}")  # a training, with columns of its own
        else:
            say(f"{name:56}" + "".join(f"{row.get(c, ''):>20}" for c in columns))


if __name__ == "__main__":
    sys.exit(main())
