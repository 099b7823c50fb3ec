"""One explorer in an open page, driven through its native controls as a reader would."""

import io

import numpy as np
from PIL import Image

DIFFERENT = 48  # of 255, in one colour channel: more than a smoothed edge moved by half a pixel
LAST_OPTION = "(node) => [...node.options].findLastIndex((option) => !option.disabled)"
ALLOWED_DIFFERENT = 0.004  # share of the figure's pixels


class PageExplorer:
    """One explorer in an open page, driven through its native controls."""

    def __init__(self, page, name: str):
        self.page, self.name = page, name
        self.root = page.locator(f"#explorer-{name}")
        self.root.locator("details").evaluate_all(
            "(nodes) => nodes.forEach((n) => { n.open = true; })"
        )
        self.settings = self.root.locator(".explorer-control").evaluate_all(
            "(nodes) => nodes.map((node) => node.dataset.setting)"
        )

    def failed(self) -> str | None:
        """Why the explorer shows no figure, if it shows none."""
        return self.root.get_attribute("data-failed")

    def check(self) -> list[str]:
        """Problems of this explorer; leaves it at its defaults."""
        self.root.scroll_into_view_if_needed()
        self.redraw()  # plotly's margins move by a pixel between its first and its second drawing
        start = self.shown()
        problems = []
        for setting in self.settings:
            problems += self.check_control(setting, start)
            self.reset()
        problems += self.check_reset(start)
        self.move_all()
        problems += self.check_direct_drawing()
        self.reset()
        return problems

    def check_control(self, setting: str, start: str) -> list[str]:
        """A control has a label, moves by keyboard, changes the figure and says what it is at."""
        problems = self.check_label(setting)
        before = self.value_text(setting)
        self.move_to_other_end(setting)
        self.settle()
        if self.shown() == start:
            problems.append(f"{setting}: the figure does not change")
        if self.value_text(setting) == before:
            problems.append(f"{setting}: the value shown does not change")
        return problems

    def check_label(self, setting: str) -> list[str]:
        """A control has a label."""
        labelled = "(node) => node.labels.length && node.labels[0].textContent.trim()"
        return [] if self.control(setting).evaluate(labelled) else [f"{setting}: no label"]

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

    def differences(self, other: "PageExplorer", fragment: str) -> list[str]:
        """Settings that the address `fragment` lacks, or that `other`, opened with it, misses."""
        found = []
        for setting in self.settings:
            wanted, got = self.value_text(setting), other.value_text(setting)
            if f"{self.name}.{setting}=" not in fragment:
                found.append(f"explorer {self.name}: the address lacks {setting}: {fragment}")
            elif wanted != got:
                found.append(f"explorer {self.name}: the address gives {setting} {got}: {wanted}")
        return found

    def control(self, setting: str):
        """The native control of a setting."""
        return self.root.locator(f'[data-setting="{setting}"]').locator("input, select").first

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
            last = control.evaluate(LAST_OPTION)
            present = int(control.input_value())
            control.select_option(index=0 if present > last / 2 else last)

    def move_all(self):
        """Move every control to its other end, and wait."""
        for setting in self.settings:
            self.move_to_other_end(setting)
        self.settle()

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

    def shown(self) -> str:
        """What a control must change: the picture."""
        return self.picture()

    def picture(self) -> str:
        """The drawn traces, as the marks of their SVG that move."""
        return self.root.locator(".explorer-canvas").evaluate(DRAWN_MARKS)


UNFOLD = "(nodes) => nodes.forEach((node) => { node.open = true; })"
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
