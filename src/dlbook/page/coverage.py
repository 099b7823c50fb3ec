"""The directive `coverage`: tables of what the book covers, made from its data file.

`{coverage} counts`, `chapters`, `teaching`, `systems`, `errors` or a deck (`S0` to `S4`), in a
document that has `coverage.yml` beside it. A Sphinx extension.
"""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from dlbook.page.claims import KINDS, STATES, Coverage, Entry, counts, load
from dlbook.page.doctree import joined, link, table, unbroken

logger = logging.getLogger(__name__)
KIND_WORDS = {"rows": "Rows of the decks", "systems": "Systems", "errors": "Errors in the decks"}


class CoverageTables(SphinxDirective):
    """One table of the coverage page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The table that the argument names."""
        path = Path(self.env.relfn2path("coverage.yml")[1])
        self.env.note_dependency(str(path))
        coverage = load(path)
        tables = {
            "counts": self._counts,
            "chapters": self._chapters,
            "teaching": self._teaching,
            "systems": self._systems,
            "errors": self._errors,
        }
        which = self.arguments[0]
        if which in coverage.decks:
            return [self._rows(coverage, which)]
        if which not in tables:
            known = ", ".join([*tables, *coverage.decks])
            raise self.error(f"coverage: {which!r} is not one of {known}")
        return [tables[which](coverage)]

    def _counts(self, coverage: Coverage) -> nodes.Node:
        rows = []
        for kind in KINDS:
            found = counts(list(getattr(coverage, kind).values()))
            rows.append([KIND_WORDS[kind], *(str(found[key]) for key in (*STATES, "total"))])
        return table(["", "Done", "In part", "Open", "Total"], rows, [40, 15, 15, 15, 15])

    def _chapters(self, coverage: Coverage) -> nodes.Node:
        rows = []
        for code, chapter in coverage.chapters.items():
            pages = [self._link(page["title"], page["file"]) for page in chapter["pages"]]
            treated = [
                f"{sum(code in entry.pages for entry in entries)} of {len(entries)}"
                for entries in self._by_kind(coverage, code)
            ]
            rows.append([code, chapter["title"], joined(pages, "; ") or "not yet", *treated])
        headings = ["", "Chapter", "Pages", "Rows", "Systems", "Errors"]
        return table(headings, rows, [6, 30, 34, 10, 10, 10])

    def _teaching(self, coverage: Coverage) -> nodes.Node:
        listed = nodes.definition_list()
        for code, chapter in coverage.chapters.items():
            for page in chapter["pages"]:
                words = f" ({code}, {page['minutes']} minutes)"
                term = nodes.term(
                    "", "", self._link(page["title"], page["file"]), nodes.Text(words)
                )
                said = nodes.definition("", nodes.paragraph(text=page["question"]))
                said += _labelled("Central picture", page["central_picture"])
                said += _labelled("Misconception it breaks", page["misconception"])
                listed += nodes.definition_list_item("", term, said)
        return listed

    @staticmethod
    def _by_kind(coverage: Coverage, chapter: str) -> list[list[Entry]]:
        entries = coverage.of_chapter(chapter)
        return [[entry for entry in entries if entry.kind == kind] for kind in KINDS]

    def _rows(self, coverage: Coverage, deck: str) -> nodes.Node:
        rows = [
            [unbroken(code), entry.words, self._places(entry), unbroken(entry.state)]
            for code, entry in coverage.rows.items()
            if code.startswith(deck)
        ]
        return table(["Row", "Topic", "Where", "State"], rows, [10, 60, 18, 12])

    def _systems(self, coverage: Coverage) -> nodes.Node:
        rows = []
        for code, entry in coverage.systems.items():
            module = entry.details.get("module")
            shown = nodes.literal(text=module) if module else ""
            number = f"{len(entry.tests)} tests" if entry.tests else ""
            rows.append([code, entry.words, self._places(entry, ""), shown, number, entry.state])
        headings = ["", "System", "Where", "Module", "Tests", "State"]
        return table(headings, rows, [6, 40, 14, 20, 10, 10])

    def _errors(self, coverage: Coverage) -> nodes.Node:
        rows = []
        for code, entry in coverage.errors.items():
            error = joined([unbroken(code), *map(unbroken, entry.details["rows"])], " ")
            places = [*self._places(entry), nodes.Text(f": {entry.state}")]
            rows.append([error, entry.words, entry.details["correct"], places])
        headings = ["Error, rows", "The deck has", "Correct is", "Where"]
        return table(headings, rows, [12, 36, 36, 16])

    def _places(self, entry: Entry, anchor: str | None = None) -> list[nodes.Node]:
        """The chapters of an entry, each a link to the anchor on the page that treats it."""
        anchor = entry.code if anchor is None else anchor
        places = []
        for chapter in entry.chapters:
            pages = entry.pages.get(chapter, ())
            places += [self._link(chapter, page, anchor) for page in pages] or [chapter]
        return joined(places)

    def _link(self, text: str, page: str, anchor: str = "") -> nodes.reference:
        if page not in self.env.found_docs:
            message = "coverage.yml names %s, which is no page"
            logger.warning(message, page, location=self.env.docname, once=True)
        return link(self.env, text, page, anchor)


def _labelled(label: str, words: str) -> nodes.paragraph:
    return nodes.paragraph("", "", nodes.emphasis(text=f"{label}: "), nodes.Text(words))


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_directive("coverage", CoverageTables)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
