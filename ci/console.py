"""How the commands talk to the person who runs them: steps, and one sentence when one fails."""

import errno
import os
import sys
import time
from contextlib import contextmanager

FULL_DISK = "The disk is full: free some space (about {gigabytes} GB are needed) and run it again."
OLDEST, NEWEST = (3, 11), (3, 13)  # the range of requirements.lock


class Stop(Exception):
    """A reason to end, as one sentence for the person who runs the command."""


def say(text: str):
    """One line, at once."""
    print(text, flush=True)


@contextmanager
def step(title: str):
    """Announce a piece of work and, when it is done, its seconds."""
    say(f"== {title}")
    start = time.monotonic()
    yield
    say(f"   done in {time.monotonic() - start:.1f} s")


def require_python(version: tuple = sys.version_info):
    """Stop on a Python that is too old; warn on one that nobody has tried."""
    given = ".".join(str(part) for part in version[:3])
    if tuple(version[:2]) < OLDEST:
        raise Stop(f"Python 3.11 or newer is needed, and this is Python {given}.")
    if tuple(version[:2]) > NEWEST:
        say(f"note: tried with Python 3.11 to 3.13 only; this is Python {given}")


def ending_clearly(command) -> int:
    """The exit status of `command`; what stops it is told in one sentence."""
    try:
        return command() or 0
    except Stop as reason:
        return _failed(str(reason))
    except KeyboardInterrupt:
        return _failed("Interrupted; run it again to go on.", status=130)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
            raise
        return _failed(FULL_DISK.format(gigabytes=3))


def _failed(sentence: str, status: int = 1) -> int:
    sys.stdout.flush()
    print(f"error: {sentence}", file=sys.stderr, flush=True)
    return status


def quiet_environment(**extra) -> dict:
    """Variables for the commands that are started: UTF-8 everywhere, nothing asked."""
    return {**os.environ, "PYTHONUTF8": "1", "PIP_NO_INPUT": "1", **extra}
