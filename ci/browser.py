"""The browser stage: open every page of the built book and use it as a reader would.

    python ci/browser.py _build/html

From `file://`, with the network off: every control of every explorer is moved and its figure must
change; the address reproduces what is seen; direct drawing looks like plotly's own; no error in
the console; no serious finding of axe-core in light and dark; nothing wider than a phone. Leaves
screenshots in `_build/screens` and a report in `_build/reports/browser.json`.
"""

import argparse
import contextlib
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.util import Finalize
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from chromium import DESKTOP, PHONE, OpenPage, chromium, say
from page_explorer import PageExplorer
from page_training import PageTraining

AXE = {"preload": False, "resultTypes": ["violations"]}
SERIOUS = ("serious", "critical")
BROWSER = None  # see start_browser
# Whether all colours have arrived where they fade to.
UNMOVED = "() => document.getAnimations().every((one) => !(one instanceof CSSTransition))"
UNFOLD = """() => {
  for (const fold of document.querySelectorAll("article details")) fold.open = true;
  for (const node of document.querySelectorAll(".toggle-hidden"))
    node.classList.remove("toggle-hidden");
}"""


def check_book(folder: Path) -> int:
    """Check every page in `folder`; print and store what was found; the number of problems."""
    screens = folder.parent / "screens"
    screens.mkdir(parents=True, exist_ok=True)
    pages = sorted(pages_of(folder), key=lambda path: -path.stat().st_size)  # long ones first
    names = [path.relative_to(folder).with_suffix("").as_posix() for path in pages]
    shots = [screens / name.replace("/", "-") for name in names]
    report = {}
    with ProcessPoolExecutor(min(4, os.cpu_count() or 1), initializer=start_browser) as pool:
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


def start_browser():
    """One browser for all pages that this process checks; each page has a context of its own."""
    global BROWSER  # of a process of the pool
    stack = contextlib.ExitStack()
    BROWSER = stack.enter_context(chromium())
    Finalize(None, stack.close, exitpriority=10)  # atexit does nothing in a pool's process


def check_alone(path: Path, screen: Path) -> dict:
    """`check_page` with this process's browser, and its seconds."""
    start = time.perf_counter()
    found = check_page(BROWSER, path, screen)
    return found | {"seconds": round(time.perf_counter() - start, 1)}


def check_page(browser, path: Path, screen: Path) -> dict:
    """Everything that is checked on one page, in light, dark and on a phone."""
    found = {"explorers": 0, "controls": 0, "problems": []}
    for look, size in ((on_a_desktop, DESKTOP), (on_a_phone, PHONE)):
        opened = OpenPage(browser, size=size)
        try:
            opened.open(path)
            look(opened, path, screen, found)
            found["problems"] += opened.problems
        except Exception as error:  # a page that can't be used at all is a finding, not a crash
            found["problems"].append(f"{type(error).__name__}: {error}")
        finally:
            opened.close()
    return found


def on_a_desktop(opened: OpenPage, path: Path, screen: Path, found: dict):
    """Formulas, accessibility in light and dark, and everything that explorers do."""
    page, figures = opened.page, opened.show_all()
    problems = found["problems"]
    problems += unfinished_formulas(page)
    problems += [f"light: {words}" for words in inaccessible(page)]
    photograph(page, f"{screen}-light.png", whole=figures > 0)
    found["explorers"], found["controls"], more = check_explorers(opened, path)
    problems += more
    if figures:  # pages of words alone have the theme's colours, no others
        page.evaluate("() => { document.documentElement.dataset.theme = 'dark'; }")
        page.wait_for_timeout(300)  # figures follow the theme in the next frames
        page.wait_for_function(UNMOVED, polling=100)
        problems += [f"dark: {words}" for words in inaccessible(page)]
        photograph(page, f"{screen}-dark.png", whole=True)


def on_a_phone(opened: OpenPage, path: Path, screen: Path, found: dict):
    """Nothing may scroll sideways on a phone, also when everything is unfolded."""
    figures = opened.show_all()
    page = opened.page
    photograph(page, f"{screen}-phone.png", whole=figures > 0)
    page.evaluate(UNFOLD)
    over = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    if over > 0:
        found["problems"].append(f"phone: the page is {over} px wider than the screen")


def photograph(page, file: str, *, whole: bool):
    """Keep a picture of the page, from its top."""
    page.evaluate("() => scrollTo(0, 0)")
    page.screenshot(path=file, full_page=whole)


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
    problems, explorers, page = [], [], opened.page
    names = page.evaluate(
        "() => [...document.querySelectorAll('.dlbook-explorer')].map((node) => node.dataset.name)"
    )
    for name in names:
        trains = page.locator(f"#explorer-{name}.dlbook-training").count()
        explorer = (PageTraining if trains else PageExplorer)(page, name)
        failed = explorer.failed()
        if failed:
            problems.append(f"explorer {name}: {failed}")
            continue
        explorers.append(explorer)
        problems += [f"explorer {name}: {words}" for words in explorer.check()]
    problems += check_address(opened, path, explorers)
    return len(names), sum(len(explorer.settings) for explorer in explorers), problems


def check_address(opened: OpenPage, path: Path, explorers: list[PageExplorer]) -> list[str]:
    """The address holds the settings of all explorers, and opening it gives them again."""
    for explorer in explorers:
        explorer.move_all()
    fragment = opened.page.evaluate("() => location.hash")
    again = OpenPage(opened.page.context.browser)
    try:
        page = again.open(path, fragment)
        again.show_all()
        return [
            words
            for explorer in explorers
            for words in explorer.differences(PageExplorer(page, explorer.name), fragment)
        ]
    finally:
        again.close()
        for explorer in explorers:
            explorer.reset()


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
