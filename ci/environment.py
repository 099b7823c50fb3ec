"""The Python environment of the book: made once, brought up to date, remade when half-made.

`.venv/dlbook.json` says what was installed. It is written as "incomplete" before anything is
installed and as "ready" at the very end, so that an interrupted or failed run is seen by the next.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from console import FULL_DISK, OLDEST, Stop, quiet_environment, say, step
from pip_install import explanation, pip_install
from torch_build import has_nvidia_gpu, install_torch

ROOT = Path(__file__).resolve().parent.parent
WHAT_DECIDES = ("requirements.lock", "requirements.txt", "pyproject.toml")
SIZES = {"ziglang": " (100 MB to fetch, 400 MB on the disk)"}  # of what takes long
GIGABYTES = 3  # a first install with the CPU build of torch, pip's temporary files included


def add_arguments(parser):
    """The arguments about the environment that both commands share."""
    parser.add_argument(
        "--no-venv", action="store_true", help="install into the active environment, not .venv"
    )
    parser.add_argument(
        "--no-install", action="store_true", help="use the active environment just as it is"
    )


def prepare(arguments, root: Path = ROOT, *, extras: Sequence[str] = ()) -> Path:
    """The Python to run everything with, after making sure that it has what is needed.

    `extras`: those of pyproject.toml that are needed besides requirements.lock.
    """
    if arguments.no_install:
        return Path(sys.executable)
    python = _prepared(arguments, root)
    for extra in extras:
        _install_extra(python, extra, root)
    return python


def _prepared(arguments, root: Path) -> Path:
    if arguments.no_venv:
        record = root / "_build" / "environment.json"
        return _brought_up_to_date(Path(sys.executable), record, root)
    folder = root / ".venv"
    _remove_half_made(folder)
    made_here = not folder.exists()
    if made_here:
        _make(folder)
    elif not _runs(python_of(folder)):
        raise Stop("The folder .venv holds no Python 3.11 or newer: remove it and run this again.")
    return _brought_up_to_date(python_of(folder), folder / "dlbook.json", root, made_here)


def python_of(folder: Path) -> Path:
    """The interpreter of a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def installed_key(python: Path, root: Path) -> str:
    """A digest of all that decides what is installed."""
    digest = hashlib.sha256()
    for name in WHAT_DECIDES:
        digest.update((root / name).read_bytes())
    for part in (sys.version, str(python), str(root), str(has_nvidia_gpu())):
        digest.update(part.encode())
    return digest.hexdigest()


def _brought_up_to_date(python: Path, record: Path, root: Path, made_here: bool = False) -> Path:
    known = _read(record)
    made_here = made_here or known.get("made_here", False)
    key = installed_key(python, root)
    if known.get("state") == "ready" and known.get("key") == key:
        return python
    _write(record, state="incomplete", made_here=made_here)
    _install(python, root)
    _write(record, state="ready", made_here=made_here, key=key, python=sys.version)
    return python


def _install(python: Path, root: Path):
    """Torch in the build that suits the machine, the locked packages, and our own."""
    lock = root / "requirements.lock"
    requirements = [line for line in lock.read_text().splitlines() if line[:1] not in ("#", "")]
    torch = next(line for line in requirements if line.startswith("torch=="))
    with step("installing torch"):
        install_torch(python, torch.split("==")[1].split()[0])
    with step("installing the packages of requirements.lock (a minute or two)"):
        pip_install(python, "--requirement", str(lock), total=len(requirements))
    with step("installing the book's package"):
        pip_install(python, "--no-deps", "--no-build-isolation", "--editable", str(root))


def _install_extra(python: Path, extra: str, root: Path):
    """The pinned packages of an extra that is not in the lock, unless they are there."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in project["optional-dependencies"][extra]:
        name, version = requirement.split("==")
        if _version(python, name) != version:
            with step(f"installing {name} {version}, for the tests only{SIZES.get(name, '')}"):
                pip_install(python, "--no-deps", requirement)


def _version(python: Path, package: str) -> str | None:
    """The version of a package that is installed."""
    code = f"from importlib.metadata import version; print(version({package!r}))"
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def _make(folder: Path):
    free = shutil.disk_usage(folder.parent).free
    if free < GIGABYTES * 1e9:
        raise Stop(FULL_DISK.format(gigabytes=GIGABYTES))
    with step(f"making a Python environment in {folder.name}"):
        folder.mkdir()
        _write(folder / "dlbook.json", state="incomplete", made_here=True)
        command = [getattr(sys, "_base_executable", sys.executable), "-m", "venv", str(folder)]
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", env=quiet_environment()
        )
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise Stop(_why_no_venv(done.stdout + done.stderr))


def _why_no_venv(output: str) -> str:
    if "ensurepip" in output:
        return (
            "This Python cannot make environments: install its venv module "
            "(on Debian and Ubuntu: apt install python3-venv)."
        )
    return explanation(output)


def _remove_half_made(folder: Path):
    """Remove an environment of ours that was never finished, or whose Python is another or gone.

    One that somebody else made is never removed, only installed into.
    """
    known = _read(folder / "dlbook.json")
    if not known.get("made_here"):
        if folder.is_dir() and {path.name for path in folder.iterdir()} <= {"dlbook.new"}:
            shutil.rmtree(folder)  # stopped before its first file was whole
        return
    if known["state"] == "ready" and known["python"] == sys.version and _runs(python_of(folder)):
        return
    if Path(sys.prefix).resolve() == folder.resolve():
        raise Stop("The environment .venv is unfinished: deactivate it, then run this again.")
    say("   .venv is unfinished or of another Python: making it anew")
    shutil.rmtree(folder)


def _runs(python: Path) -> bool:
    code = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([str(python), "-c", code], capture_output=True).returncode == 0
    except OSError:
        return False


def _read(record: Path) -> dict:
    try:
        return json.loads(record.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:  # cut off by a full disk
        return {"state": "incomplete", "made_here": record.parent.name == ".venv"}


def _write(record: Path, **content):
    record.parent.mkdir(parents=True, exist_ok=True)
    whole = record.with_suffix(".new")
    whole.write_text(json.dumps(content), encoding="utf-8")
    whole.replace(record)
