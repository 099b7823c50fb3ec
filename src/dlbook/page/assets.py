"""Scripts, styles and data of the explorers, written into the book's `_static/dlbook`."""

import base64
import json
import os
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

from sphinx.application import Sphinx

from dlbook.plots.theme import template

# The parts of explorer.js, in the order in which they build on one another.
SCRIPTS = (
    "unpack.js", "theme.js", "marks.js", "heatmap.js", "height.js", "draw.js", "address.js",
    "controls.js", "explorer.js", "functions.js", "random.js", "kernels.js", "run.js",
    "scheduler.js", "pointer.js", "points.js", "weights.js", "tiles.js",
    "notebook_code.js", "training.js", "start.js",
)  # fmt: skip
NEEDS = ("dlbook-explorer", "dlbook-plotly")


def connect(app: Sphinx):
    """Keep the packed data with the pages it belongs to, and write all files at the end."""
    app.connect("config-inited", _use_own_mathjax)
    app.connect("builder-inited", _prepare)
    app.connect("env-purge-doc", lambda app, env, docname: _kept(env).pop(docname, None))
    app.connect("env-merge-info", _merge)
    app.connect("html-page-context", _add_to_page, priority=600)
    app.connect("html-page-context", _drop_repeated_scripts, priority=900)
    app.connect("build-finished", _write_data)


def explorer_script() -> str:
    """The one script of the explorers: templates of the figures, its parts, the wasm kernels."""
    static = files("dlbook.page") / "static"
    templates = {
        name: template(dark=dark, paper="rgba(0,0,0,0)").to_plotly_json()
        for name, dark in (("light", False), ("dark", True))
    }
    head = f"window.DLBOOK = {{ templates: {json.dumps(templates)} }};\n"
    parts = [(static / name).read_text(encoding="utf-8") for name in SCRIPTS]
    kernels = base64.b64encode((static / "kernels.wasm").read_bytes()).decode()
    parts.insert(SCRIPTS.index("kernels.js") + 1, f'DLBOOK.receiveKernels("{kernels}");\n')
    return head + "".join(parts)


def data_script(explorer: str, kept: dict) -> str:
    """The script that hands the data of an explorer ("page/name") to the page of that version.

    The data are the packed numbers of a table, or the compiled functions of a training.
    """
    if "programs" in kept:
        data = "[\n" + ",\n".join(kept["programs"]) + "\n]"
    else:
        data = f'"{kept["data"]}"'
    return f'DLBOOK.receive("{explorer}@{kept["version"]}", {data});\n'


def plotly_bundle() -> Path:
    """The plotly script: the small one that the build made, or the one inside plotly's wheel."""
    made = os.environ.get("DLBOOK_PLOTLY_BUNDLE")
    if made:
        if not Path(made).is_file():
            raise FileNotFoundError(f"DLBOOK_PLOTLY_BUNDLE names {made}, which is not a file")
        return Path(made)
    return Path(str(files("plotly") / "package_data" / "plotly.min.js"))


def mathjax_script() -> Path:
    """MathJax 3 with SVG output in one file, as a PyPI package carries it."""
    package = distribution("sphinx-mathjax-offline")
    return Path(package.locate_file("sphinx-mathjax-offline/static/mathjax/tex-svg.js"))


def _use_own_mathjax(app: Sphinx, config):
    config.mathjax_path = "dlbook/mathjax.js"


def _kept(env) -> dict:
    if not hasattr(env, "dlbook_explorers"):
        env.dlbook_explorers = {}
    return env.dlbook_explorers


def _prepare(app: Sphinx):
    app.set_html_assets_policy("always")  # MathJax on every page
    _kept(app.env)
    if app.builder.format == "html":
        _write_shared(Path(app.outdir) / "_static" / "dlbook")


def _merge(app: Sphinx, env, docnames, other):
    kept = _kept(env)
    kept.update({name: _kept(other)[name] for name in docnames if name in _kept(other)})


def _add_to_page(app: Sphinx, pagename, templatename, context, doctree):
    app.add_css_file("dlbook/explorer.css")
    app.add_css_file("dlbook/print.css", media="print")
    if any(need in context.get("body", "") for need in NEEDS):
        app.add_js_file("dlbook/plotly.min.js", loading_method="defer")
        app.add_js_file("dlbook/explorer.js", loading_method="defer")


def _drop_repeated_scripts(app: Sphinx, pagename, templatename, context, doctree):
    """sphinx-thebe's inline scripts are added twice; the second `const` would be an error."""
    seen, kept = set(), []
    for script in context.get("script_files", []):
        body = getattr(script, "attributes", {}).get("body")
        if body and body in seen:
            continue
        seen.add(body)
        kept.append(script)
    context["script_files"][:] = kept


def _write_shared(folder: Path):
    """What all pages share; there before the pages are written, which name it with a checksum."""
    folder.mkdir(parents=True, exist_ok=True)
    static = files("dlbook.page") / "static"
    (folder / "explorer.js").write_text(explorer_script(), encoding="utf-8")
    for name in ("explorer.css", "print.css"):
        (folder / name).write_text((static / name).read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "plotly.min.js").write_bytes(plotly_bundle().read_bytes())
    (folder / "mathjax.js").write_bytes(mathjax_script().read_bytes())


def _write_data(app: Sphinx, error):
    if error or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static" / "dlbook" / "data"
    scripts = {
        folder / docname / f"{name}.js": data_script(f"{docname}/{name}", kept)
        for docname, explorers in _kept(app.env).items()
        for name, kept in explorers.items()
    }
    for path, call in scripts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(call, encoding="utf-8")
    for path in folder.rglob("*.js"):
        if path not in scripts:
            path.unlink()  # of an explorer that is no longer there
