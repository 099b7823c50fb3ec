"""Executed notebooks are kept in a cache; here its key comes to include the package itself.

jupyter-cache compares only the code of the cells. A change in `dlbook` changes what they print
too, so every state of the package gets its own cache folder, and the pages are read again.
"""

import hashlib
import os
from pathlib import Path

from sphinx.application import Sphinx

import dlbook

PACKAGE = Path(dlbook.__file__).parent
NOT_COMPUTED = ("__pycache__", "static")  # folders whose files change no output of a cell


def connect(app: Sphinx):
    """Build pages, not widgets, and re-read notebooks after a change in the package."""
    os.environ["DLBOOK_PAGE"] = "1"
    os.environ["DLBOOK_VISIT"] = "off"
    app.connect("config-inited", _choose_cache)
    app.connect("env-get-outdated", _outdated_notebooks)


def package_hash() -> str:
    """A digest of the package's sources and data and of the versions it computes with."""
    digest = hashlib.sha256()
    files = (p for p in PACKAGE.rglob("*") if p.is_file() and p.parent.name not in NOT_COMPUTED)
    for path in sorted(files):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    for name in ("torch", "numpy", "scikit-learn", "plotly"):
        from importlib.metadata import version

        digest.update(version(name).encode())
    return digest.hexdigest()[:16]


def _choose_cache(app: Sphinx, config):
    root = Path(config.nb_execution_cache_path or Path(app.outdir).parent / ".jupyter_cache")
    config.nb_execution_cache_path = str(root / package_hash())


def _outdated_notebooks(app: Sphinx, env, added, changed, removed) -> list[str]:
    present = package_hash()
    if getattr(env, "dlbook_package", None) == present:
        return []
    env.dlbook_package = present
    return [name for name in env.found_docs if str(env.doc2path(name)).endswith(".ipynb")]
