"""The directive `api`: documentation of all modules of a package from their docstrings.

`{api} dlbook.models` gives every module of that package a section, `{api} dlbook.random` one to
that module, so that no list of modules has to be kept. Docstrings are plain text in which
backticks mean code. A Sphinx extension; needs autodoc.
"""

import importlib
import pkgutil
import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Api(SphinxDirective):
    """A section for each of the named modules and the modules inside them."""

    required_arguments = 1
    optional_arguments = 20

    def run(self) -> list[nodes.Node]:
        """The sections, in the order of the arguments."""
        lines = []
        for name in (name for argument in self.arguments for name in modules_in(argument)):
            self.env.note_dependency(importlib.import_module(name).__file__)
            lines += [
                f"## `{name.removeprefix('dlbook.')}`",
                "",
                "```{eval-rst}",
                f".. automodule:: {name}",
            ]
            lines += ["   :members:", "   :member-order: bysource", "```", ""]
        holder = nodes.Element()
        content = StringList(lines, source=self.env.docname)
        self.state.nested_parse(content, self.content_offset, holder, match_titles=True)
        return holder.children


def modules_in(name: str) -> list[str]:
    """The module `name`, or all modules inside the package `name`, however deep."""
    module = importlib.import_module(name)
    if not hasattr(module, "__path__"):
        return [name]
    inside = pkgutil.walk_packages(module.__path__, prefix=f"{name}.")
    return [found.name for found in inside if not found.ispkg and "._" not in found.name]


def as_restructured_text(docstring: str) -> str:
    """A plain-text docstring with what reStructuredText would take for markup escaped.

    Blocks of doctests stay as they are.
    """
    blocks = docstring.split("\n\n")
    return "\n\n".join(b if b.lstrip().startswith(">>>") else _escaped(b) for b in blocks)


def _escaped(block: str) -> str:
    pieces = re.split(r"(`[^`]+`)", block.replace("``", "`"))
    pieces[::2] = [re.sub(r"([\\*|]|_(?!\w))", r"\\\1", words) for words in pieces[::2]]
    pieces[1::2] = [rf"\ `{code}`\ " for code in pieces[1::2]]
    return "".join(pieces)


def _process(app: Sphinx, what, name, obj, options, lines: list[str]):
    lines[:] = as_restructured_text("\n".join(lines)).split("\n")


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.setup_extension("sphinx.ext.autodoc")
    app.add_directive("api", Api)
    app.connect("autodoc-process-docstring", _process, priority=400)  # before napoleon's 500
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
