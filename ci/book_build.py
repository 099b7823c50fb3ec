"""From the notebooks to `_build/html`, through Jupyter Book; warnings are errors."""

import os
import shutil
import subprocess
from pathlib import Path

from console import FULL_DISK, Stop, quiet_environment, step
from environment import ROOT
from pip_install import FULL
from plotly_bundle import small_plotly

WRITTEN = ("html", ".doctrees", "jupyter_execute")
STRICT = ["-W", "--keep-going", "-n"]


def add_arguments(parser):
    """The arguments about the book that both commands share."""
    parser.add_argument(
        "--no-node", action="store_true", help="do not make a smaller plotly script with Node"
    )


def build_book(python: Path, *, node: bool = True, clean: bool = False, root: Path = ROOT) -> Path:
    """Build the book and return its first page; only what has changed, unless `clean`.

    `_build/unfinished` stands while a build runs and stays when it fails: the next build then
    writes every page again, because half-written ones look as new as whole ones.
    """
    build = root / "_build"
    unfinished = build / "unfinished"
    if clean:
        _remove(build, *WRITTEN, ".jupyter_cache")
    elif unfinished.exists():
        _remove(build, *WRITTEN)
    build.mkdir(exist_ok=True)
    unfinished.write_text("", encoding="utf-8")
    bundle = small_plotly(python, build / "plotly") if node else None
    with step("building the book"):
        _run_jupyter_book(python, root, bundle)
    unfinished.unlink()
    return build / "html" / "index.html"


def _run_jupyter_book(python: Path, root: Path, bundle: Path | None):
    variables = quiet_environment(JUPYTER_PREFER_ENV_PATH="1", PYTHONUNBUFFERED="1")
    variables.pop("DLBOOK_PLOTLY_BUNDLE", None)
    variables.setdefault("OMP_NUM_THREADS", "1")  # notebooks run side by side, one a core
    if bundle:
        variables["DLBOOK_PLOTLY_BUNDLE"] = str(bundle)
    # as a module: the environment need not be active
    code = "from jupyter_book.cli.main import main; main()"
    command = [str(python), "-c", code, "build", str(root), "--path-output", str(root), *STRICT]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=variables,
        cwd=root,
    )
    full = False
    for line in process.stdout:
        print(line, end="", flush=True)
        full = full or bool(FULL.search(line))
    if process.wait() == 0:
        return
    if full:
        _remove(root / "_build", *WRITTEN, ".jupyter_cache")  # what was cut off can't be told
        raise Stop(FULL_DISK.format(gigabytes=1))
    raise Stop("The book was not built: see the messages above.")


def _remove(build: Path, *names: str):
    for name in names:
        if os.path.lexists(build / name):
            shutil.rmtree(build / name)
