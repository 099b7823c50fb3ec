"""Renew requirements.lock with `python ci/lock.py`; with `--upgrade`, take the newest versions.

Without it, the versions of the present lock are kept where they fit. One list serves Python 3.11
to 3.13 on Linux, macOS and Windows, told apart by environment markers. Needs uv (`pip install uv`)
and the network.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
OLDEST_PYTHON = "3.11"
HEADER = """\
# The exact versions that the book is built and checked with: Python 3.11 to 3.13, any system.
# Written by ci/lock.py from pyproject.toml and requirements.txt; do not edit.
# The CUDA libraries of torch's Linux builds are left out: torch names their versions itself, and
# its CPU build (ci/torch_build.py) does without.
"""
CUDA_PARTS = ("cuda-", "nvidia-", "triton")


def main():
    """Write the lock, or stop with uv's own words."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    upgrade = parser.parse_args().upgrade
    if not shutil.which("uv"):
        sys.exit("error: uv is needed to renew the lock: pip install uv")
    lines = without_cuda(resolve(upgrade=upgrade))
    LOCK.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{LOCK.name}: {len(lines)} lines")


def resolve(*, upgrade: bool) -> list[str]:
    """uv's choice of versions, one requirement a line."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "requirements.lock"
        if LOCK.exists():
            shutil.copy(LOCK, target)  # uv keeps the versions that it finds there
        command = ["uv", "pip", "compile", "--universal", "--python-version", OLDEST_PYTHON]
        command += ["--extra", "book", "--extra", "test", "--no-annotate", "--no-header", "--quiet"]
        command += ["--upgrade"] if upgrade else []
        subprocess.run([*command, "--output-file", target, "pyproject.toml"], cwd=ROOT, check=True)
        return target.read_text(encoding="utf-8").splitlines()


def without_cuda(lines: list[str]) -> list[str]:
    """The requirements that every build of torch shares."""
    return [line for line in lines if not line.startswith(CUDA_PARTS)]


if __name__ == "__main__":
    main()
