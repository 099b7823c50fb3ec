"""Executed notebooks are kept in a cache; here its key comes to include the package itself.

jupyter-cache compares only the code of the cells. A change in `dlbook` changes what they print
too, so every state of the package gets its own cache folder, and the pages are read again.
Notebooks that the cache lacks are executed side by side before any page is read.
"""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from sphinx.application import Sphinx
from sphinx.util import logging

import dlbook

LOG = logging.getLogger(__name__)
PACKAGE = Path(dlbook.__file__).parent
NOT_COMPUTED = ("__pycache__", "static")  # folders whose files change no output of a cell


def connect(app: Sphinx):
    """Build pages, not widgets, and re-read notebooks after a change in the package."""
    os.environ["DLBOOK_PAGE"] = "1"
    os.environ["DLBOOK_VISIT"] = "off"
    app.connect("config-inited", _choose_cache)
    app.connect("env-get-outdated", _outdated_notebooks)
    app.connect("env-before-read-docs", _execute_ahead)


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


def _execute_ahead(app: Sphinx, env, docnames: list[str]):
    """Execute the notebooks that the cache lacks, one a core at a time.

    Reading a page then finds its outputs in the cache. A notebook that fails is not kept: it runs
    again when its page is read, where the error is reported with its traceback.
    """
    paths = [str(env.doc2path(name)) for name in docnames]
    cache = get_cache(app.config.nb_execution_cache_path)
    for path in paths:
        if path.endswith(".ipynb"):
            cache.add_nb_to_project(path)
    waiting = cache.list_unexecuted(filter_uris=paths)
    notebooks = [cache.get_project_notebook(record.uri) for record in waiting]
    timeout = app.config.nb_execution_timeout
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = pool.map(lambda notebook: _executed(notebook, timeout), notebooks)
        for notebook, result in zip(notebooks, results, strict=True):
            if result.err is None:
                LOG.info("%s: executed in %.1f s", Path(notebook.uri).name, result.time)
                seconds = {"execution_seconds": result.time}
                bundle = CacheBundleIn(result.nb, notebook.uri, data=seconds)
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _executed(notebook, timeout: int) -> ExecutionResult:
    """Run a notebook in its own folder, in a kernel of its own."""
    folder = str(Path(notebook.uri).parent)
    return single_nb_execution(notebook.nb, cwd=folder, timeout=timeout, allow_errors=False)
