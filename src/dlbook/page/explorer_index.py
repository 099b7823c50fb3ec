"""The directive `explorer-index`: every explorer of the book with links to settings of it.

Its body may list presets, one a line: `page/explorer: words: setting=value; setting=value`, where
`page` is the last part of the page's name. What the pages contain is known only when all of them
are read, so the directive leaves a mark that becomes tables at the end. A Sphinx extension.
"""

from typing import NamedTuple
from urllib.parse import urlencode

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from dlbook.page.doctree import joined, link_from, table

logger = logging.getLogger(__name__)


class Preset(NamedTuple):
    """Settings worth a look: of which explorer, in words, as strings."""

    explorer: str
    words: str
    settings: dict[str, str]


class explorer_index(nodes.General, nodes.Element):
    """The mark where the tables will stand."""


class ExplorerIndex(SphinxDirective):
    """Tables of all explorers, a table a page."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """The mark, with the presets that the author listed."""
        try:
            presets = [parse_preset(line) for line in self.content if line.strip()]
        except ValueError as error:
            raise self.error(str(error)) from None
        return [explorer_index(presets=presets)]


def parse_preset(line: str) -> Preset:
    """Read `page/explorer: words: setting=value; ...`; raises `ValueError` otherwise."""
    parts = [part.strip() for part in line.split(":", 2)]
    pairs = [pair.partition("=") for pair in parts[-1].split(";")]
    if len(parts) != 3 or not all(sign for _, sign, _ in pairs):
        raise ValueError(f"a preset is 'page/explorer: words: setting=value; ...', not {line!r}")
    return Preset(parts[0], parts[1], {k.strip(): v.strip() for k, _, v in pairs})


def address(name: str, settings: dict[str, str]) -> str:
    """The part of an address behind `#` that shows an explorer at `settings`."""
    query = urlencode({f"{name}.{setting}": value for setting, value in settings.items()})
    return f"explorer-{name}" + (f"?{query}" if query else "")


def _replace_marks(app: Sphinx, doctree: nodes.document, docname: str):
    for mark in list(doctree.findall(explorer_index)):
        mark.replace_self(_tables(app.env, docname, mark["presets"]))


def _tables(env, docname: str, presets: list[Preset]) -> list[nodes.Node]:
    explorers = getattr(env, "dlbook_explorers", {})
    known = {_key(page, name) for page, named in explorers.items() for name in named}
    for preset in presets:
        if preset.explorer not in known:
            logger.warning("there is no explorer %s", preset.explorer, location=docname)
    made = []
    for page in _reading_order(env):
        if explorers.get(page):
            title = link_from(env, docname, env.titles[page].astext(), page)
            rows = [
                [*_first_cells(env, docname, page, name, explorer),
                 _presets(env, docname, page, name, explorer, presets)]
                for name, explorer in explorers[page].items()
            ]  # fmt: skip
            made.append(nodes.paragraph("", "", nodes.strong("", "", title)))
            made.append(table(["Explorer", "Settings", "To show"], rows, [44, 28, 28]))
    return made or [nodes.paragraph(text="The pages built so far have no explorers.")]


def _key(page: str, name: str) -> str:
    return f"{page.rpartition('/')[2]}/{name}"


def _reading_order(env) -> list[str]:
    """All pages, as the table of contents has them."""
    return list(dict.fromkeys(_below(env, env.config.root_doc)))


def _below(env, page: str):
    yield page
    for child in env.toctree_includes.get(page, []):
        yield from _below(env, child)


def _first_cells(env, docname, page, name, explorer) -> list:
    caption = link_from(env, docname, explorer["caption"], page, address(name, {}))
    settings = []
    for control in explorer["controls"]:
        texts, unit = control["texts"], f" {control['unit']}" if control["unit"] else ""
        values = f"{texts[0]} to {texts[-1]}" if control["kind"] == "range" else ", ".join(texts)
        settings.append(f"{control['label']}: {values}{unit}")
    return [caption, joined(settings, "; ")]


def _presets(env, docname, page, name, explorer, presets: list[Preset]) -> list[nodes.Node]:
    """Links to the author's presets, or else to both ends of every control."""
    chosen = [preset for preset in presets if preset.explorer == _key(page, name)]
    return joined(
        [
            link_from(env, docname, preset.words, page, address(name, preset.settings))
            for preset in [_on_grid(explorer, preset, docname) for preset in chosen]
            or _ends(name, explorer)
        ]
    )


def _on_grid(explorer: dict, preset: Preset, docname: str) -> Preset:
    """The preset with values as the explorer writes them; a warning for each it doesn't have."""
    values = {control["name"]: control["values"] for control in explorer["controls"]}
    settings = dict(preset.settings)
    for setting, value in preset.settings.items():
        same = [known for known in values.get(setting, ()) if _number(known) == _number(value)]
        if same:
            settings[setting] = same[0]
        elif setting != "points" or not _are_points(value, explorer):
            message = "preset %r of %s: %s=%s is not on its grid"
            logger.warning(message, preset.words, preset.explorer, setting, value, location=docname)
    return preset._replace(settings=settings)


def _are_points(text: str, explorer: dict) -> bool:
    """Whether a preset's points, x1_x2_class*..., are such as readers may put in themselves."""
    panel = explorer.get("points")
    if not panel:
        return False
    points = [[_number(part) for part in point.split("_")] for point in text.split("*")]
    return len(points) <= panel["most"] and all(
        len(point) == 3
        and all(isinstance(part, float) and abs(part) <= panel["limit"] for part in point[:2])
        and point[2] in range(len(panel["classes"]))
        for point in points
    )


def _number(text: str) -> float | str:
    """`0.10` as the number that it is, anything else as it stands."""
    try:
        return float(text)
    except ValueError:
        return text


def _ends(name: str, explorer: dict):
    for control in explorer["controls"]:
        for end in sorted({0, len(control["values"]) - 1} - {control["default"]}):
            text = f"{control['label']} {control['texts'][end]}"
            yield Preset(name, text, {control["name"]: control["values"][end]})


def _pages_with_marks(app: Sphinx, env) -> list[str]:
    """Write the index again whenever any page was read again."""
    return sorted(getattr(env, "dlbook_explorer_indexes", set()))


def _note_mark(app: Sphinx, doctree: nodes.document):
    pages = app.env.__dict__.setdefault("dlbook_explorer_indexes", set())
    has_mark = next(iter(doctree.findall(explorer_index)), None) is not None
    (pages.add if has_mark else pages.discard)(app.env.docname)


def setup(app: Sphinx) -> dict:
    """Add the directive and what turns its mark into tables."""
    app.add_node(explorer_index)
    app.add_directive("explorer-index", ExplorerIndex)
    app.connect("doctree-read", _note_mark)
    app.connect("env-updated", _pages_with_marks)
    app.connect("doctree-resolved", _replace_marks)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
