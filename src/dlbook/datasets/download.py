"""Files of public data sets: taken from a folder or the cache, or downloaded once and checked.

The only module of the package that uses the network. `fetch` looks for a file in this order:

1. `DLBOOK_DATA_DIR`, a folder: the file is `<folder>/<set>/<name>`. Nothing is written there.
2. The cache, the same layout below the user's cache folder (`~/.cache/dlbook` on Linux).
3. `DLBOOK_MIRROR`, the address of a server that is asked first: `<address>/<set>/<name>`.
4. The mirrors that the data set names, one after the other.

Both environment variables are read at every call; an empty one counts as unset. A file is used only
if its SHA-256 is the known one. A download goes to a folder of its own and is moved to its place in
one step when it is whole, so nothing half-written is ever seen, by another process neither.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pooch
from requests.exceptions import ChunkedEncodingError, HTTPError, RequestException, Timeout
from requests.exceptions import ConnectionError as NoConnection
from tqdm import tqdm

TIMEOUT = 30  # seconds without a byte after which a mirror counts as down
CHUNK_SIZE = 1 << 16  # bytes


@dataclass(frozen=True)
class RemoteFile:
    """A file of a public data set: where it is to be had and how to know it.

    Attributes:
        path: `<set>/<name>`, its place below `DLBOOK_DATA_DIR`, `DLBOOK_MIRROR` and the cache.
        num_bytes: its size.
        sha256: its digest, 64 hexadecimal digits.
        mirrors: addresses of folders on servers, in the order in which they are asked.
        stand_in: the call that gives similar data without a download.
    """

    path: str
    num_bytes: int
    sha256: str
    mirrors: tuple[str, ...]
    stand_in: str


class DataFileError(RuntimeError):
    """A data file is damaged or cannot be had; the message names it and says what to do."""


def fetch(file: RemoteFile, *, cache: Path | None = None) -> Path:
    """The path of a whole and checked copy of `file`, downloaded with a progress bar if need be.

    Args:
        file: what to fetch.
        cache: folder for downloads; by default `dlbook` in the user's cache folder.

    Returns:
        A path that is only to be read.

    Raises:
        DataFileError: the copy below DLBOOK_DATA_DIR is damaged, or no mirror sent a good one.
        OSError: the cache cannot be written (full, or not allowed).
    """
    own_copy = find_own_copy(file)
    if own_copy:
        return own_copy
    cache = Path(cache or pooch.os_cache("dlbook"))
    cached = cache / file.path
    if cached.is_file() and damage(cached, file) is None:
        return cached
    failures = []
    for address in _addresses(file):
        failure = _download(address, file, cache)
        if failure is None:
            return cached
        failures.append(f"  {address}: {failure}")
    raise DataFileError(_advice(file, cache, failures))


def data_dir() -> Path | None:
    """The folder that `DLBOOK_DATA_DIR` names, or None.

    Raises:
        DataFileError: it names something that is not a folder.
    """
    name = os.environ.get("DLBOOK_DATA_DIR")
    if not name:
        return None
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise DataFileError(
            f"DLBOOK_DATA_DIR is {name!r}, which is not a folder: correct or unset it"
        )
    return folder


def find_own_copy(file: RemoteFile) -> Path | None:
    """The copy of `file` below `DLBOOK_DATA_DIR`, checked, or None if there is none.

    Raises:
        DataFileError: the copy is damaged, or the variable names no folder.
    """
    folder = data_dir()
    if folder is None or not (folder / file.path).is_file():
        return None
    found = damage(folder / file.path, file)
    if found:
        raise DataFileError(
            f"{folder / file.path} is damaged: {found}. Replace it by a good copy, or unset "
            "DLBOOK_DATA_DIR to have the file downloaded."
        )
    return folder / file.path


def damage(path: Path, file: RemoteFile) -> str | None:
    """What is wrong with the copy of `file` at `path`, in words, or None if it is whole."""
    num_bytes = path.stat().st_size
    if num_bytes == 0:
        return "it is empty"
    if num_bytes < file.num_bytes:
        return f"it is cut off after {num_bytes:,} of {file.num_bytes:,} bytes"
    found = pooch.file_hash(str(path), alg="sha256")
    if found != file.sha256:
        return f"its SHA-256 is {found} instead of {file.sha256}"
    return None


def _addresses(file: RemoteFile) -> list[str]:
    """Where to ask for `file`, first choice first."""
    own_mirror = os.environ.get("DLBOOK_MIRROR")
    first = [f"{own_mirror.rstrip('/')}/{file.path}"] if own_mirror else []
    name = file.path.rpartition("/")[2]
    return first + [f"{mirror.rstrip('/')}/{name}" for mirror in file.mirrors]


def _download(address: str, file: RemoteFile, cache: Path) -> str | None:
    """Put the file at `address` into the cache; what went wrong, in words, or None."""
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="download-", dir=cache) as folder:
        part = Path(folder, "part")
        try:
            _receive(address, file, part)
        except RequestException as error:
            return _explain(error)
        found = damage(part, file)
        if found:
            return f"sent the file, but {found}"
        (cache / file.path).parent.mkdir(parents=True, exist_ok=True)
        part.replace(cache / file.path)
    return None


def _receive(address: str, file: RemoteFile, part: Path) -> None:
    """Write what `address` answers to `part`, with a progress bar."""
    with tqdm(total=file.num_bytes, desc=file.path, unit="B", unit_scale=True, ncols=79) as bar:
        download = pooch.HTTPDownloader(
            progressbar=bar,
            chunk_size=CHUNK_SIZE,
            timeout=TIMEOUT,
            headers={
                "Accept-Encoding": "identity"
            },  # .gz files as they are, not unpacked on the way
        )
        download(address, str(part), None)


def _explain(error: RequestException) -> str:
    """Why a mirror gave nothing, in a few words."""
    if isinstance(error, HTTPError):
        return f"answered {error.response.status_code} {error.response.reason}"
    if isinstance(error, Timeout):
        return f"no answer for {TIMEOUT} seconds"
    if isinstance(error, ChunkedEncodingError):
        return "the connection broke off before the end of the file"
    if isinstance(error, NoConnection):
        return "no connection"
    return f"{type(error).__name__}: {error}"


def _advice(file: RemoteFile, cache: Path, failures: list[str]) -> str:
    """The message for a file that no mirror sent."""
    attempts = "\n".join(failures) or "  (no mirror is known)"
    return (
        f"{file.path} is not in the cache ({cache}) and could not be downloaded:\n{attempts}\n"
        "What to do: check the connection and run this again; or set DLBOOK_DATA_DIR to a folder, "
        f"or DLBOOK_MIRROR to the address of a server, that holds {file.path}; or work with "
        f"{file.stand_in}, which needs no download."
    )
