"""pip, with its progress in a few lines and its failures in one sentence."""

import json
import re
import subprocess
from pathlib import Path

from console import FULL_DISK, Stop, quiet_environment, say

OFFLINE = re.compile(
    r"NewConnectionError|ConnectTimeout|ConnectionError|ProxyError|Max retries exceeded"
    r"|name resolution|Name or service not known|getaddrinfo failed|nodename nor servname"
    r"|Network is unreachable|No route to host|Connection refused|Read timed out"
    r"|ConnectionResetError|RemoteDisconnected|dns error",
    re.IGNORECASE,
)
FULL = re.compile(r"No space left on device|\[Errno 28\]|not enough space on the disk|Disk quota")
PATIENCE = ["--retries", "2", "--timeout", "30"]


def pip_install(python: Path, *arguments: str, total: int = 0):
    """`pip install`, or Stop with what stood in its way; `total` packages are expected."""
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", *PATIENCE]
    process = subprocess.Popen(
        [*command, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=quiet_environment(),
    )
    lines = _followed(process.stdout, total)
    if process.wait():
        raise Stop(explanation("\n".join(lines)))


def what_pip_would_take(python: Path, requirement: str) -> str | None:
    """The version that pip finds for `requirement`, or None; nothing is installed."""
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", *PATIENCE]
    command += ["--dry-run", "--no-deps", "--ignore-installed", "--quiet", "--report", "-"]
    done = subprocess.run(
        [*command, requirement],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=quiet_environment(),
    )
    if done.returncode == 0:
        return json.loads(done.stdout)["install"][0]["metadata"]["version"]
    if OFFLINE.search(done.stderr) or "No matching distribution" not in done.stderr:
        raise Stop(explanation(done.stderr))
    return None


def explanation(output: str) -> str:
    """One sentence for a failure of pip (or uv)."""
    if FULL.search(output):
        return FULL_DISK.format(gigabytes=3)
    if "externally-managed-environment" in output:
        return "This Python belongs to the operating system: leave --no-venv out, or use another."
    if "No module named pip" in output:
        return "This Python has no pip: install it, or run with a Python that has it."
    if OFFLINE.search(output):
        return "No package could be fetched: the first run needs the network (or a package mirror)."
    errors = [line for line in output.splitlines() if line.lower().startswith("error")]
    reason = errors[-1] if errors else (output.strip().splitlines() or ["no output"])[-1]
    return f"The packages could not be installed; pip says: {reason}"


def _followed(stream, total: int) -> list[str]:
    """All lines of `stream`; on the way, how far pip has come."""
    lines, seen = [], 0
    for line in stream:
        lines.append(line.rstrip())
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            seen += 1
            if seen % 25 == 0:
                say(f"   {seen} of about {max(total, seen)} packages looked up")
        elif large := re.search(r"Downloading (\S+) \((\d{2,}(?:\.\d)?) MB\)", line):
            say(f"   downloading {large[1].rsplit('/', 1)[-1]} ({large[2]} MB)")
        elif line.startswith("Installing collected packages: "):
            say(f"   unpacking {line.count(',') + 1} packages")
    return lines
