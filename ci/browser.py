"""The browser stage: open every page of the built book and use it as a reader would.

    python ci/browser.py _build/html

From `file://`, with the network off: every control of every explorer is moved and its figure must
change; the address reproduces what is seen; direct drawing looks like plotly's own; no error in
the console; no serious finding of axe-core in light and dark; nothing wider than a phone. Leaves
screenshots in `_build/screens` and a report in `_build/reports/browser.json`.
"""

import argparse
import io
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from chromium import DESKTOP, PHONE, OpenPage, chromium, say

LOOKS = ((DESKTOP, False, "light"), (DESKTOP, True, "dark"), (PHONE, False, "phone"))
AXE = {"preload": False, "resultTypes": ["violations"]}
SERIOUS = ("serious", "critical")
DIFFERENT = 48  # of 255, in one colour channel: more than a smoothed edge moved by half a pixel
ALLOWED_DIFFERENT = 0.004  # share of the figure's pixels


def check_book(folder: Path) -> int:
    """Check every page in `folder`; print and store what was found; the number of problems."""
    screens = folder.parent / "screens"
    screens.mkdir(parents=True, exist_ok=True)
    pages = pages_of(folder)
    names = [path.relative_to(folder).with_suffix("").as_posix() for path in pages]
    shots = [screens / name.replace("/", "-") for name in names]
    report = {}
    with ProcessPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        for name, found in zip(names, pool.map(check_alone, pages, shots), strict=True):
            report[name] = found
            say(summary(name, found))
    reports = folder.parent / "reports"
    reports.mkdir(exist_ok=True)
    (reports / "browser.json").write_text(json.dumps(report, indent=1))
    problems = sum(len(page["problems"]) for page in report.values())
    explorers = sum(page["explorers"] for page in report.values())
    controls = sum(page["controls"] for page in report.values())
    say(f"{len(report)} pages, {explorers} explorers, {controls} controls, {problems} problems")
    if not report:
        say(f"there is no page in {folder}")
        return 1
    return problems


def pages_of(folder: Path) -> list[Path]:
    """The pages that readers read: those made from the book's sources."""
    pages = [p for p in folder.rglob("*.html") if "_static" not in p.relative_to(folder).parts]
    ignored = {"genindex", "search", "py-modindex", "index"}
    return sorted(p for p in pages if p.stem not in ignored or p.parent != folder)


def check_alone(path: Path, screen: Path) -> dict:
    """`check_page` in a browser of its own, and its seconds."""
    start = time.perf_counter()
    with chromium() as browser:
        found = check_page(browser, path, screen)
    return found | {"seconds": round(time.perf_counter() - start, 1)}


def check_page(browser, path: Path, screen: Path) -> dict:
    """Everything that is checked on one page, in light, dark and on a phone."""
    found = {"explorers": 0, "controls": 0, "problems": []}
    for size, dark, suffix in LOOKS:
        opened = OpenPage(browser, size=size, dark=dark)
        try:
            page = opened.open(path)
            figures = opened.show_all()
            if size == PHONE:
                found["problems"] += too_wide(page)
            elif figures or not dark:  # pages of words alone have the theme's colours, no others
                found["problems"] += [f"{suffix}: {words}" for words in inaccessible(page)]
            page.evaluate("() => scrollTo(0, 0)")
            page.screenshot(path=f"{screen}-{suffix}.png", full_page=figures > 0)
            if suffix == "light":
                found["problems"] += unfinished_formulas(page)
                found["explorers"], found["controls"], problems = check_explorers(opened, path)
                found["problems"] += problems
            found["problems"] += [f"{suffix}: {words}" for words in opened.problems]
        except Exception as error:  # a page that can't be used at all is a finding, not a crash
            found["problems"].append(f"{suffix}: {type(error).__name__}: {error}")
        finally:
            opened.close()
    return found


def too_wide(page) -> list[str]:
    """Nothing may scroll sideways on a phone."""
    over = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return [f"phone: the page is {over} px wider than the screen"] if over > 0 else []


def inaccessible(page) -> list[str]:
    """What axe-core finds serious or critical."""
    violations = Axe().run(page, options=AXE).response["violations"]
    return [
        f"axe {v['id']} ({v['impact']}), {len(v['nodes'])} times: {v['nodes'][0]['html'][:160]}"
        for v in violations
        if v["impact"] in SERIOUS
    ]


def unfinished_formulas(page) -> list[str]:
    """Formulas that MathJax did not set or could not read."""
    raw = page.evaluate(
        "() => [...document.querySelectorAll('.math')]"
        ".filter((node) => !node.querySelector('mjx-container')"
        " || node.querySelector('[data-mjx-error]'))"
        ".map((node) => node.textContent.slice(0, 80))"
    )
    return [f"formula not set: {text}" for text in raw]


def check_explorers(opened: OpenPage, path: Path) -> tuple[int, int, list[str]]:
    """Move every control of every explorer on an open page; explorers, controls, problems."""
    problems, controls, page = [], 0, opened.page
    names = page.evaluate(
        "() => [...document.querySelectorAll('.dlbook-explorer')].map((node) => node.dataset.name)"
    )
    for name in names:
        explorer = PageExplorer(page, name)
        failed = explorer.failed()
        if failed:
            problems.append(f"explorer {name}: {failed}")
            continue
        controls += len(explorer.settings)
        problems += [f"explorer {name}: {words}" for words in explorer.check(opened, path)]
    return len(names), controls, problems


class PageExplorer:
    """One explorer in an open page, driven through its native controls."""

    def __init__(self, page, name: str):
        self.page, self.name = page, name
        self.root = page.locator(f"#explorer-{name}")
        self.settings = self.root.locator(".explorer-control").evaluate_all(
            "(nodes) => nodes.map((node) => node.dataset.setting)"
        )

    def failed(self) -> str | None:
        """Why the explorer shows no figure, if it shows none."""
        return self.root.get_attribute("data-failed")

    def check(self, opened: OpenPage, path: Path) -> list[str]:
        """Problems of this explorer; leaves it at its defaults."""
        self.root.scroll_into_view_if_needed()
        self.redraw()  # plotly's margins move by a pixel between its first and its second drawing
        start = self.picture()
        problems = []
        for setting in self.settings:
            problems += self.check_control(setting, start)
            self.reset()
        problems += self.check_reset(start)
        for setting in self.settings:
            self.move_to_other_end(setting)
        self.settle()
        problems += self.check_direct_drawing()
        problems += self.check_address(opened, path)
        self.reset()
        return problems

    def check_control(self, setting: str, start: str) -> list[str]:
        """A control has a label, moves by keyboard, changes the figure and says what it is at."""
        control = self.control(setting)
        problems = []
        if not control.evaluate(
            "(node) => node.labels.length && node.labels[0].textContent.trim()"
        ):
            problems.append(f"{setting}: no label")
        before = self.value_text(setting)
        self.move_to_other_end(setting)
        self.settle()
        if self.picture() == start:
            problems.append(f"{setting}: the figure does not change")
        if self.value_text(setting) == before:
            problems.append(f"{setting}: the value shown does not change")
        return problems

    def check_reset(self, start: str) -> list[str]:
        """Reset brings back the values and the figure (as plotly itself draws it)."""
        self.redraw()
        return [] if self.picture() == start else ["reset does not bring back the first figure"]

    def check_direct_drawing(self) -> list[str]:
        """What was drawn directly looks like plotly's own drawing of the same figure."""
        canvas = self.root.locator(".explorer-canvas")
        self.page.mouse.move(0, 0)
        direct = _pixels(canvas.screenshot())
        self.redraw()
        self.page.wait_for_timeout(100)
        redrawn = _pixels(canvas.screenshot())
        if direct.shape != redrawn.shape:
            return ["the figure changes its size when it is redrawn"]
        share = float((np.abs(direct - redrawn).max(axis=-1) > DIFFERENT).mean())
        if share <= ALLOWED_DIFFERENT:
            return []
        return [f"direct drawing differs from plotly's in {share:.2%} of the pixels"]

    def check_address(self, opened: OpenPage, path: Path) -> list[str]:
        """The address holds the settings, and opening it gives the same figure."""
        wanted = {setting: self.value_text(setting) for setting in self.settings}
        fragment = self.page.evaluate("() => location.hash")
        missing = [s for s in self.settings if f"{self.name}.{s}=" not in fragment]
        if missing:
            return [f"the address lacks {', '.join(missing)}: {fragment}"]
        again = OpenPage(opened.page.context.browser)
        try:
            page = again.open(path, fragment)
            page.locator(f"#explorer-{self.name}").scroll_into_view_if_needed()
            page.wait_for_selector(f"#explorer-{self.name}[data-ready]", timeout=30_000)
            other = PageExplorer(page, self.name)
            found = {setting: other.value_text(setting) for setting in other.settings}
        finally:
            again.close()
        return [] if found == wanted else [f"the address gives {found}, not {wanted}"]

    def control(self, setting: str):
        """The native control of a setting."""
        return self.root.locator(f'[data-setting="{setting}"]').locator("input, select")

    def move_to_other_end(self, setting: str):
        """Move a control, by keyboard where it is a slider, to the end that is farther away."""
        control = self.control(setting)
        kind = control.evaluate("(node) => node.type")
        if kind == "range":
            value, top = (int(control.evaluate(f"(node) => node.{p}")) for p in ("value", "max"))
            control.focus()
            control.press("Home" if value > top / 2 else "End")
        elif kind == "checkbox":
            control.click()
        else:
            count = control.evaluate("(node) => node.options.length")
            present = int(control.input_value())
            control.select_option(index=0 if present > (count - 1) / 2 else count - 1)

    def reset(self):
        """Click "Reset" and wait."""
        self.root.locator(".explorer-reset").click()
        self.settle()

    def redraw(self):
        """Let plotly draw the whole figure."""
        self.root.evaluate("(node) => node.dlbook.drawing.redraw()")

    def settle(self):
        """Wait until the newest move is drawn and what follows it, words and address, is done."""
        self.page.wait_for_function(SETTLED, arg=self.name, polling=50)

    def value_text(self, setting: str) -> str:
        """The value as the reader sees it."""
        return self.root.locator(f'[data-setting="{setting}"] output').text_content()

    def picture(self) -> str:
        """The drawn traces, as the marks of their SVG that move."""
        return self.root.locator(".explorer-canvas").evaluate(DRAWN_MARKS)


SETTLED = """(name) => {
  const explorer = document.getElementById(`explorer-${name}`).dlbook;
  return !explorer.queued && !explorer.settled;
}"""

# The parts of a figure's SVG (or canvas) that hold its traces, and what they look like.
DRAWN_MARKS = """(node) => {
  const marks = node.querySelectorAll(
    ".cartesianlayer .trace path, .cartesianlayer image, .cartesianlayer .trace text, canvas");
  const looks = (mark) => [
    ...["d", "transform", "x", "y", "href"].map((name) => mark.getAttribute(name)),
    mark.getAttribute("xlink:href")?.slice(0, 4000),
    mark.style.fill,
    mark.toDataURL?.(),
    mark.tagName === "text" ? mark.textContent : "",
  ];
  return [...marks].map((mark) => looks(mark).join()).join("\\n");
}"""


def _pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(np.int16)


def summary(name: str, page: dict) -> str:
    """One line for a page, and one for each of its problems."""
    head = (
        f"{name}: {page['explorers']} explorers, {page['controls']} controls, {page['seconds']} s"
    )
    return "\n".join([head, *(f"  PROBLEM {words}" for words in page["problems"])])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="the built book")
    sys.exit(1 if check_book(parser.parse_args().folder) else 0)
