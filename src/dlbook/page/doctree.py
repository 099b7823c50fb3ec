"""Small pieces of a Sphinx document: tables and links, for the pages made from data."""

from docutils import nodes
from sphinx.environment import BuildEnvironment


def table(headings: list[str], rows: list[list], widths: list[int]) -> nodes.table:
    """A table; a cell is text, one inline node or a list of inline nodes."""
    group = nodes.tgroup(cols=len(headings))
    group += [nodes.colspec(colwidth=width) for width in widths]
    group += nodes.thead("", _row([nodes.strong(text=heading) for heading in headings]))
    group += nodes.tbody("", *(_row(cells) for cells in rows))
    return nodes.table("", group, classes=["colwidths-given"])


def link(env: BuildEnvironment, text: str, target: str, anchor: str = "") -> nodes.reference:
    """A link from the document being read to the document `target`, at `anchor` there."""
    return link_from(env, env.docname, text, target, anchor)


def link_from(
    env: BuildEnvironment, source: str, text: str, target: str, anchor: str = ""
) -> nodes.reference:
    """A link from the document `source` to the document `target`, at `anchor` there."""
    address = env.app.builder.get_relative_uri(source, target) + (f"#{anchor}" if anchor else "")
    return nodes.reference("", text, refuri=address, internal=True)


def unbroken(text: str) -> nodes.inline:
    """Text that stays on one line, such as "S1-46" (a class of the theme)."""
    return nodes.inline(text=text, classes=["text-nowrap"])


def joined(parts: list, separator: str = ", ") -> list[nodes.Node]:
    """Inline nodes with `separator` between them."""
    inline = []
    for part in parts:
        inline += [nodes.Text(separator)] if inline else []
        inline.append(nodes.Text(part) if isinstance(part, str) else part)
    return inline


def _row(cells: list) -> nodes.row:
    return nodes.row("", *(nodes.entry("", _paragraph(cell)) for cell in cells))


def _paragraph(cell) -> nodes.paragraph:
    if isinstance(cell, str | int):
        return nodes.paragraph(text=str(cell))
    return nodes.paragraph("", "", *(cell if isinstance(cell, list) else [cell]))
