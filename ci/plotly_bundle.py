"""A smaller plotly script, made with Node: only the kinds of figure that the book draws.

The book builds without it, with the script inside plotly's wheel, which is 2.5 times as large.
"""

import hashlib
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from console import say, step

ESBUILD = "esbuild@0.25.12"
TRACES = ("bar", "heatmap", "contour", "scatter3d", "surface")  # scatter is in the core
ENTRY = """\
const Plotly = require('plotly.js/lib/core');
Plotly.register([{}]);
window.Plotly = Plotly;
"""
TRY_AGAIN_AFTER = 24 * 3600  # seconds, after npm could not fetch what it takes
LIMIT = 240  # seconds


def small_plotly(python: Path, cache: Path) -> Path | None:
    """The path of the bundle, made unless it is in the folder `cache`; None where it can't be."""
    version = _plotly_js_version(python)
    digest = hashlib.sha256((_entry() + ESBUILD).encode()).hexdigest()[:8]
    bundle = cache / f"plotly-{version}-{digest}.min.js"
    failure = bundle.with_suffix(".failed")
    if bundle.exists():
        return bundle
    if not shutil.which("npm") or not shutil.which("node"):
        return None
    if failure.exists() and time.time() - failure.stat().st_mtime < TRY_AGAIN_AFTER:
        return None
    cache.mkdir(parents=True, exist_ok=True)
    with step(f"making a smaller plotly.js {version} with Node"):
        why_not = _make(version, bundle)
    if why_not:
        say(f"   not made ({why_not}); the script inside plotly's wheel does as well")
        failure.write_text(why_not, encoding="utf-8")
        return None
    return bundle


def _entry() -> str:
    return ENTRY.format(", ".join(f"require('plotly.js/lib/{trace}')" for trace in TRACES))


def _plotly_js_version(python: Path) -> str:
    """The version of plotly.js inside the installed plotly."""
    code = "import plotly.offline as o; print(o.get_plotlyjs_version())"
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True)
    return re.fullmatch(r"\d+\.\d+\.\d+", done.stdout.strip())[0]


def _make(version: str, bundle: Path) -> str | None:
    """Write `bundle`; else what went wrong. The work is done in a folder that goes away."""
    with tempfile.TemporaryDirectory(dir=bundle.parent) as name:
        folder = Path(name)
        (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
        (folder / "entry.js").write_text(_entry(), encoding="utf-8")
        npm = [shutil.which("npm"), "install", "--no-audit", "--no-fund", "--ignore-scripts"]
        npm += ["--no-package-lock", "--fetch-retries=1", "--fetch-timeout=30000"]
        pack = [shutil.which("node"), "node_modules/esbuild/bin/esbuild", "entry.js", "--bundle"]
        pack += ["--minify", "--target=es2020", "--define:global=window", "--outfile=out.js"]
        for command in ([*npm, f"plotly.js@{version}", ESBUILD], pack):
            if why_not := _failure(command, folder):
                return why_not
        (folder / "out.js").replace(bundle)
    return None


def _failure(command: list[str], folder: Path) -> str | None:
    """Run `command`; None if it went well, else a few words."""
    options = {"capture_output": True, "encoding": "utf-8", "errors": "replace"}
    try:
        done = subprocess.run(command, cwd=folder, timeout=LIMIT, **options)
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    if done.returncode == 0:
        return None
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return lines[0][:120] if lines else f"status {done.returncode}"
