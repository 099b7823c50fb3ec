"""Repairs to the markup of theme and docutils that readers with assistive technology would miss.

The sidebar's folds have no name, and a bibliography's `role="list"` holds what is no list item. A
Sphinx extension.
"""

from collections.abc import Callable

from sphinx.application import Sphinx

CITATIONS = 'role="list" class="citation-list"'


def named_folds(toctree: Callable) -> Callable:
    """The theme's function that makes the sidebar, with a name for each fold in what it makes."""

    def made(*arguments, **options):
        soup = toctree(*arguments, **options)
        if hasattr(soup, "select"):
            for summary in soup.select("li > details > summary"):
                words = summary.find_parent("li").find("a").get_text(" ", strip=True)
                summary["aria-label"] = f"Pages under {words}"
        return soup

    return made


def _repair(app: Sphinx, pagename, templatename, context, doctree):
    if CITATIONS in context.get("body", ""):
        context["body"] = context["body"].replace(CITATIONS, 'class="citation-list"')
    if "generate_toctree_html" in context:
        context["generate_toctree_html"] = named_folds(context["generate_toctree_html"])


def setup(app: Sphinx) -> dict:
    """Repair each page after the theme has had its turn."""
    app.connect("html-page-context", _repair, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
