"""Mathematics without another host: MathJax's one-file build, out of a Python package."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from sphinx.application import Sphinx


def connect(app: Sphinx):
    """Copy the script to where `mathjax_path` says that the pages find it."""
    app.connect("build-finished", _copy)


def _copy(app: Sphinx, error):
    if error or app.builder.format != "html":
        return
    source = files("sphinx-mathjax-offline") / "static" / "mathjax" / "tex-svg.js"
    target = Path(app.outdir) / "_static" / app.config.mathjax_path
    target.parent.mkdir(parents=True, exist_ok=True)
    with as_file(source) as script:
        shutil.copyfile(script, target)
