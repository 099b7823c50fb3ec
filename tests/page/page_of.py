"""A page with explorers as files, without Sphinx: what a browser needs to run them."""

from pathlib import Path

from dlbook.explore import Explorer, TrainingExplorer
from dlbook.explore.pack import packed
from dlbook.explore.table import compute_table
from dlbook.explore.training_pack import packed_training
from dlbook.page.assets import data_script, explorer_script, plotly_bundle
from dlbook.page.html import explorer_html

PAGE = """<!doctype html><html data-theme="light"><head><meta charset="utf-8"><title>Page</title>
<link rel="stylesheet" href="_static/dlbook/explorer.css">
<style>body {{ font-family: sans-serif; max-width: 760px; margin: auto }}</style>
<script defer src="_static/dlbook/plotly.min.js"></script>
<script defer src="_static/dlbook/explorer.js"></script></head>
<body>{body}</body></html>"""


def write_page(folder: Path, explorers: list[Explorer], wrap: str = "{}") -> Path:
    """A page `index.html` in `folder` with `explorers`, each put into the HTML `wrap`."""
    static = folder / "_static" / "dlbook"
    (static / "data" / "index").mkdir(parents=True)
    static.joinpath("explorer.js").write_text(explorer_script(), encoding="utf-8")
    style = Path(explorer_html.__code__.co_filename).parent / "static" / "explorer.css"
    static.joinpath("explorer.css").write_text(style.read_text(encoding="utf-8"), encoding="utf-8")
    static.joinpath("plotly.min.js").write_bytes(plotly_bundle().read_bytes())
    body = "".join(wrap.format(_written(static / "data" / "index", e)) for e in explorers)
    page = folder / "index.html"
    page.write_text(PAGE.format(body=body), encoding="utf-8")
    return page


def _written(folder: Path, explorer: Explorer) -> str:
    if isinstance(explorer, TrainingExplorer):
        content = packed_training(explorer)
    else:
        content = packed(explorer, compute_table(explorer))
    script = data_script(f"index/{explorer.name}", content)
    (folder / f"{explorer.name}.js").write_text(script, encoding="utf-8")
    content.pop("programs" if "programs" in content else "data")
    return explorer_html(content, "index", "")
