"""A headless Chromium without a network, as the browser checks and the benchmark use it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from find_browser import find_browser

OPTIONS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FIGURES = ".dlbook-explorer, .dlbook-plotly"
# Whether a figure is drawn (or can't be); one that waits for an answer is told to show itself.
READY = """([figures, index]) => {
  const figure = document.querySelectorAll(figures)[index];
  figure.querySelector(".explorer-skip:not([hidden])")?.click();
  return "ready" in figure.dataset || "failed" in figure.dataset;
}"""
# The theme chosen last is remembered for all files together: every page starts in light.
LIGHT = """if (location.protocol === "file:")
  for (const key of ["mode", "theme"]) localStorage.setItem(key, "light")"""
# Bring a figure into view, out of a folded output if it is in one.
INTO_VIEW = """(figure) => {
  const fold = figure.closest("details");
  if (fold) fold.open = true;
  figure.scrollIntoView({block: "start"});
}"""
DESKTOP, PHONE = (1280, 1000), (390, 844)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser: the one that `DLBOOK_BROWSER` names, else one that is found or fetched."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    options = [*OPTIONS, "--no-sandbox"] if root else OPTIONS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(Path(sys.executable)), args=options
        )
        try:
            yield browser
        finally:
            browser.close()


class OpenPage:
    """A page of the book, opened from its file with the network off; `problems` collects what
    the browser complains of: console errors, exceptions, requests that failed or left the book."""

    def __init__(self, browser: Browser, *, size=DESKTOP):
        self.problems: list[str] = []
        context = browser.new_context(
            offline=True,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="light",
            has_touch=size == PHONE,
        )
        context.add_init_script(LIGHT)
        self.page: Page = context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.problems.append(f"exception: {error}"))
        self.page.on("request", self._on_request)
        self.page.on(
            "requestfailed", lambda r: self.problems.append(f"request failed: {r.url[:200]}")
        )

    def open(self, path: Path, fragment: str = "") -> Page:
        """Load `path`, wait for its formulas and answer its prediction questions."""
        self.page.goto(path.resolve().as_uri() + fragment, wait_until="load")
        self.page.evaluate("() => window.MathJax?.startup?.promise")
        return self.page

    def show_all(self) -> int:
        """Bring every figure into view until it is drawn; the number of figures.

        Raises Playwright's `TimeoutError` where one is neither ready nor failed after 60 s.
        """
        figures = self.page.locator(FIGURES)
        for index in range(figures.count()):
            figures.nth(index).evaluate(INTO_VIEW)
            self.page.wait_for_function(READY, arg=[FIGURES, index], polling=100, timeout=60_000)
        return figures.count()

    def close(self):
        """Close the page and its context."""
        self.page.context.close()

    def _on_console(self, message):
        if message.type == "error":
            self.problems.append(f"console: {message.text[:300]}")

    def _on_request(self, request):
        if not request.url.startswith(("file:", "data:", "about:", "blob:")):
            self.problems.append(f"request to another host: {request.url[:200]}")


def say(words: str) -> None:
    """Print at once, also into a pipe."""
    print(words, flush=True)
    sys.stdout.flush()
