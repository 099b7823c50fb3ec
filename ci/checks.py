"""What must hold of the built book's files: no other host, no widgets, nothing over its budget.

python ci/checks.py _build/html
"""

import argparse
import gzip
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

KILO = 1000
PAGE_LIMIT = 400 * KILO  # bytes after gzip, as all of these
EXPLORER_LIMIT = 300 * KILO
PROGRAMS_LIMIT = 60 * KILO  # of a page
PAGE_DATA_LIMIT = 1000 * KILO
SHARED_LIMITS = {
    "mathjax.js": 700 * KILO,
    "plotly.min.js": 1500 * KILO,  # the bundle inside the plotly wheel; 600 kB when built for us
    "explorer.js + explorer.css": 80 * KILO,
}
LOADS = {  # element -> attribute whose address the browser fetches by itself
    "script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src",
    "audio": "src", "embed": "src", "object": "data", "image": "href", "use": "href",
}  # fmt: skip
LOADING_LINKS = {"stylesheet", "icon", "preload", "prefetch", "modulepreload", "preconnect",
                 "dns-prefetch", "manifest", "shortcut icon", "apple-touch-icon"}  # fmt: skip
WIDGET_MARKS = ("application/vnd.jupyter.widget", "require.min.js", "html-manager")
OTHER_HOST = re.compile(r"^\s*(https?:)?//", re.IGNORECASE)
CSS_ADDRESS = re.compile(
    r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s]+)""", re.IGNORECASE
)


def check_files(folder: Path) -> list[str]:
    """Every breach found in the built book, as one sentence each."""
    pages = sorted(
        p for p in folder.rglob("*.html") if "_static" not in p.relative_to(folder).parts
    )
    if not pages:
        return [f"there is no page in {folder}"]
    problems = []
    for page in pages:
        problems += [f"{page.relative_to(folder)}: {words}" for words in check_page(page)]
    for style in sorted(folder.rglob("*.css")):
        for address in CSS_ADDRESS.findall(style.read_text(encoding="utf-8", errors="replace")):
            problems.append(f"{style.relative_to(folder)}: loads {address} from another host")
    return problems + check_data(folder) + check_shared(folder)


def check_page(page: Path) -> list[str]:
    """Addresses on other hosts that the page would load, widgets in it, its size."""
    text = page.read_text(encoding="utf-8")
    reader = _LoadedAddresses()
    reader.feed(text)
    found = reader.addresses + CSS_ADDRESS.findall(text)
    problems = [f"loads {a} from another host" for a in found if OTHER_HOST.match(a)]
    problems += [f"contains {mark}" for mark in WIDGET_MARKS if mark in text]
    return problems + over("the page", compressed(page), PAGE_LIMIT)


def check_data(folder: Path) -> list[str]:
    """Data of the explorers: each, and all of a page together."""
    data, problems, pages, programs = folder / "_static" / "dlbook" / "data", [], {}, {}
    for file in sorted(data.rglob("*.js")):
        name = file.relative_to(data).with_suffix("").as_posix()
        size = compressed(file)
        pages[file.parent] = pages.get(file.parent, 0) + size
        if holds_programs(file):
            programs[file.parent] = programs.get(file.parent, 0) + size
        problems += over(f"the data of explorer {name}", size, EXPLORER_LIMIT)
    for page, size in pages.items():
        problems += over(f"all data of {page.relative_to(data)}", size, PAGE_DATA_LIMIT)
    for page, size in programs.items():
        problems += over(f"all programs of {page.relative_to(data)}", size, PROGRAMS_LIMIT)
    return problems


def holds_programs(file: Path) -> bool:
    """Whether the data of an explorer are compiled functions: a list, not a packed table."""
    with file.open("rb") as lines:
        return lines.readline().rstrip().endswith(b"[")


def check_shared(folder: Path) -> list[str]:
    """The files that every page shares."""
    problems = []
    for names, limit in SHARED_LIMITS.items():
        files = [folder / "_static" / "dlbook" / name for name in names.split(" + ")]
        missing = [f.name for f in files if not f.is_file()]
        problems += [f"_static/dlbook/{name} is missing" for name in missing]
        if not missing:
            problems += over(names, sum(compressed(f) for f in files), limit)
    return problems


def compressed(path: Path) -> int:
    """Bytes of a file after gzip."""
    return len(gzip.compress(path.read_bytes(), 9))


def over(what: str, size: int, limit: int) -> list[str]:
    """A sentence if `size` is over `limit`."""
    return [f"{what} is {size:,} bytes after gzip; at most {limit:,}"] if size > limit else []


class _LoadedAddresses(HTMLParser):
    """Collects the addresses that a browser fetches when it opens a page."""

    def __init__(self):
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag, attributes):
        values = {key: value or "" for key, value in attributes}
        if tag in LOADS:
            self.addresses += [values.get(LOADS[tag], ""), values.get("xlink:href", "")]
            self.addresses += [
                part.split()[0] for part in values.get("srcset", "").split(",") if part
            ]
        elif tag == "link" and LOADING_LINKS & set(values.get("rel", "").lower().split()):
            self.addresses.append(values.get("href", ""))


def main() -> int:
    """Print what was found; 1 if there was anything."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="the built book")
    problems = check_files(parser.parse_args().folder)
    for words in problems:
        print(f"PROBLEM {words}")
    print(f"checked the files of the book: {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
