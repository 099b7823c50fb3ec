"""A browser for the checks: one that is installed, else one that can be had, else a clear end."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from console import Stop, quiet_environment, say, step

COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
MAC = ("Google Chrome", "Chromium", "Microsoft Edge")
WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
TO_START = 30  # seconds until Playwright's download must have shown progress
TO_FINISH = 900  # seconds
MISSING = (
    "The browser checks need Chrome, Chromium or Edge, and none was found or could be fetched: "
    "install one, or name it in DLBOOK_BROWSER, or leave these checks out "
    "(python3 ci/test.py unit notebooks book)."
)


def find_browser(python: Path) -> str:
    """The path of a browser that runs; `python` has Playwright. Stop if there is none."""
    named = os.environ.get("DLBOOK_BROWSER")
    if named:
        if runs(named):
            return named
        raise Stop(f"DLBOOK_BROWSER names {named}, which does not run.")
    for find in (installed, lambda: playwright_own(python), from_debian):
        if path := find():
            return path
    return from_playwright(python) or _missing()


def installed() -> str | None:
    """An installed Chrome, Chromium or Edge."""
    found = [shutil.which(command) for command in COMMANDS]
    return next((path for path in found + _usual_places() if path and runs(path)), None)


def _usual_places() -> list[str]:
    if sys.platform == "darwin":
        return [f"/Applications/{name}.app/Contents/MacOS/{name}" for name in MAC]
    roots = [os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
    return [str(Path(root) / name) for root in roots if root for name in WINDOWS]


def runs(path: str) -> bool:
    """Whether the program is there and tells its version (Windows browsers can't; Ubuntu's
    `chromium-browser` may be a script that only asks for a snap)."""
    if not os.access(path, os.X_OK) or os.name == "nt":
        return os.path.isfile(path)
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def from_debian() -> str | None:
    """Chromium from apt, where that is ours to install."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not (is_root and os.path.exists("/etc/debian_version") and shutil.which("apt-get")):
        return None
    quiet = {"capture_output": True, "stdin": subprocess.DEVNULL}
    environment = quiet_environment(DEBIAN_FRONTEND="noninteractive")
    with step("installing Chromium with apt"):
        for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            done = subprocess.run(["apt-get", "-qq", *command], env=environment, **quiet)
            if done.returncode:
                say("   apt could not")
                return None
    return installed()


def playwright_own(python: Path) -> str | None:
    """The Chromium that Playwright has fetched before."""
    code = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True)
    path = done.stdout.strip()
    return path if path and runs(path) else None


def from_playwright(python: Path) -> str | None:
    """Fetch Playwright's own Chromium, unless the download does not start in time."""
    command = [str(python), "-m", "playwright", "install", "chromium"]
    with step("fetching Playwright's Chromium"):
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # so that what it starts can be ended with it
        )
        moving = threading.Event()
        reader = threading.Thread(target=_watch, args=(process.stdout, moving), daemon=True)
        reader.start()
        if not _finishes(process, moving):
            say("   the download did not start, or did not end, in time")
            _end(process)
    return playwright_own(python)


def _watch(stream, moving: threading.Event):
    for line in stream:
        if "%" in line:
            moving.set()
    moving.set()


def _finishes(process: subprocess.Popen, moving: threading.Event) -> bool:
    if not moving.wait(TO_START):
        return False
    try:
        process.wait(TO_FINISH)
    except subprocess.TimeoutExpired:
        return False
    return True


def _end(process: subprocess.Popen):
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _missing():
    raise Stop(MISSING)
