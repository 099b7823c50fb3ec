"""The picture in the README: the playground of the built book, trained in the page for a moment.

python ci/picture.py _build/html
"""

import argparse
from pathlib import Path

from chromium import OpenPage, chromium

PAGE = Path("book/networks/playground.html")
FILE = Path(__file__).resolve().parent.parent / "book" / "images" / "explorer.png"
STEPS = 4_000
TRAIN = """(node, steps) => {
  const explorer = node.dlbook, { run } = explorer;
  while (run.numSteps < steps) {
    for (let k = run.numSteps / 20; k >= 0; k--) run.step();
    explorer.show();
  }
}"""
HIDDEN = ".bd-header, .bd-header-article, .explorer-bar, #pst-back-to-top"
AROUND = f"{HIDDEN} {{ visibility: hidden !important; }}"


def photograph(folder: Path, file: Path) -> None:
    """Write the playground's figure after `STEPS` steps as a PNG."""
    with chromium() as browser:
        opened = OpenPage(browser, size=(1180, 1000))
        page = opened.open(folder / PAGE)
        opened.show_all()
        explorer = page.locator("#explorer-playground")
        explorer.evaluate(TRAIN, STEPS)
        page.add_style_tag(content=AROUND)
        explorer.locator(".explorer-plot").screenshot(path=file)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="the built book")
    photograph(parser.parse_args().folder, FILE)
