"""What the book claims to cover: the reader of `book/coverage.yml`.

Rows of the lecture decks, systems of the package and errors of the decks are entries of one form.
An entry belongs to chapters, and names for each of them the page that treats it, once there is one.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

KINDS = ("rows", "systems", "errors")
STATES = ("done", "in part", "open")


@dataclass(frozen=True)
class Entry:
    """One row, system or deck error.

    `pages` has, for each chapter that treats the entry, the documents where it does; `details` are
    the fields that only some kinds have (module, deck, correct, rows, untested).
    """

    kind: str
    code: str
    words: str
    chapters: tuple[str, ...]
    pages: dict[str, tuple[str, ...]]
    tests: tuple[str, ...]
    details: dict

    @property
    def state(self) -> str:
        """ "done" where every chapter that shares the entry treats it, "in part" where some do."""
        if all(chapter in self.pages for chapter in self.chapters):
            return "done"
        return "in part" if self.pages else "open"


@dataclass(frozen=True)
class Coverage:
    """The data file: decks and chapters by code, entries of each kind by code."""

    decks: dict[str, dict]
    chapters: dict[str, dict]
    rows: dict[str, Entry]
    systems: dict[str, Entry]
    errors: dict[str, Entry]

    def entries(self) -> list[Entry]:
        """All entries: rows, then systems, then errors."""
        return [entry for kind in KINDS for entry in getattr(self, kind).values()]

    def of_chapter(self, chapter: str) -> list[Entry]:
        """The entries that belong to `chapter`."""
        return [entry for entry in self.entries() if chapter in entry.chapters]


def load(path: Path) -> Coverage:
    """Read the data file."""
    content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    words = {"rows": "topic", "systems": "title", "errors": "deck"}
    kinds = {
        kind: {
            code: _entry(kind, code, words[kind], given) for code, given in content[kind].items()
        }
        for kind in KINDS
    }
    return Coverage(content["decks"], content["chapters"], **kinds)


def counts(entries: list[Entry]) -> dict[str, int]:
    """How many of `entries` are in each state, and their total."""
    found = Counter(entry.state for entry in entries)
    return {state: found[state] for state in STATES} | {"total": len(entries)}


def _entry(kind: str, code: str, words: str, given: dict) -> Entry:
    given = dict(given)
    pages = {
        chapter: (page,) if isinstance(page, str) else tuple(page)
        for chapter, page in given.pop("pages", {}).items()
    }
    return Entry(
        kind=kind,
        code=code,
        words=given.pop(words),
        chapters=tuple(given.pop("chapters")),
        pages=pages,
        tests=tuple(given.pop("tests", ())),
        details=given,
    )
