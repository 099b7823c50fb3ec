"""Outputs of cells as HTML: explorers, and plain plotly figures from the shared bundle."""

import json
from typing import ClassVar

from docutils import nodes
from myst_nb.core.render import MimeRenderPlugin

from dlbook.explore.table import MIME as EXPLORER_MIME
from dlbook.page.html import explorer_html, plotly_html

PLOTLY_MIME = "application/vnd.plotly.v1+json"


class ExplorerRenderer(MimeRenderPlugin):
    """A packed explorer: HTML in the page, its data in a file of its own."""

    mime_priority_overrides: ClassVar = [("html", EXPLORER_MIME, 1)]

    @staticmethod
    def handle_mime(renderer, data, inline):
        """One raw HTML node; the packed data goes to the environment until it is written."""
        if data.mime_type != EXPLORER_MIME:
            return None
        env = renderer.renderer.sphinx_env
        explorer = dict(_content(data))
        source = "programs" if "programs" in explorer else "data"
        packed = explorer.pop(source)
        kept = env.dlbook_explorers.setdefault(env.docname, {})
        if explorer["name"] in kept:
            raise ValueError(f"{env.docname}: two explorers are called {explorer['name']}")
        kept[explorer["name"]] = (
            {source: packed}
            | {key: explorer[key] for key in ("version", "caption", "controls")}
            | {"points": explorer.get("run", {}).get("points")}
        )
        depth = env.docname.count("/")
        return [nodes.raw(text=explorer_html(explorer, env.docname, "../" * depth), format="html")]


class PlotlyRenderer(MimeRenderPlugin):
    """A plotly figure without controls."""

    mime_priority_overrides: ClassVar = [("html", PLOTLY_MIME, 5)]

    @staticmethod
    def handle_mime(renderer, data, inline):
        """One raw HTML node."""
        if data.mime_type != PLOTLY_MIME:
            return None
        return [nodes.raw(text=plotly_html(_content(data)), format="html")]


def _content(data) -> dict:
    return data.content if isinstance(data.content, dict) else json.loads(data.content)
