"""CIFAR-10: 60,000 colour photographs of 32×32 pixels in ten classes, in the binary version."""

import gzip
import hashlib
import tarfile
import warnings
import zlib
from collections.abc import Iterable
from pathlib import Path

import torch
from torch import Tensor

from dlbook.datasets.download import DataFileError, RemoteFile, data_dir, fetch

CLASS_NAMES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
RECORD_SIZE = 1 + 3 * 32 * 32  # one label byte, then the red, the green and the blue plane
NUM_TRAIN, NUM_TEST = 50_000, 10_000

# Cited, not computed: size and SHA-256 from TensorFlow Datasets, url_checksums/cifar10.txt; the
# data set's own page gives MD5 c32a1d4ab5d03f1284b67883e8d87530.
ARCHIVE = RemoteFile(
    "cifar10/cifar-10-binary.tar.gz",
    170_052_171,
    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    (
        "https://www.cs.toronto.edu/~kriz",
        "https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets",
    ),
    "dlbook.datasets.colored_shapes.colored_shapes()",
)

# SHA-256 of the archive's six files. That of data_batch_1.bin was computed from the original; the
# others are cited from Red Datasets, lib/datasets/cifar.rb, whose value for the first one agrees.
TRAIN_BATCHES = {
    "data_batch_1.bin": "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
    "data_batch_2.bin": "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
    "data_batch_3.bin": "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
    "data_batch_4.bin": "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
    "data_batch_5.bin": "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
}
TEST_BATCHES = {
    "test_batch.bin": "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
}


class PartialDataWarning(UserWarning):
    """Only a part of a data set was found, and the part is used."""


def load_cifar10(
    *, cache: Path | None = None
) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """The 50,000 training and 10,000 test images with their labels.

    If `DLBOOK_DATA_DIR` holds unpacked batches instead of the archive (`cifar10/data_batch_1.bin`,
    `test_batch.bin`, each also as `.gz`), those are used. Where some are missing, or only a part of
    the test batch is there (`test_batch_first1000.bin.gz`), a `PartialDataWarning` says how many
    images there are.

    Args:
        cache: folder for downloads; by default `dlbook` in the user's cache folder.

    Returns:
        (X_train, y_train), (X_test, y_test): X uint8 (n, 3, 32, 32), red, green, blue, 0 to 255;
        y int64 (n,), an index of `CLASS_NAMES`.

    Raises:
        DataFileError: the files are damaged, or not there and cannot be downloaded; the message
            says what to do.

    Reference: Krizhevsky, "Learning multiple layers of features from tiny images", 2009.
    """
    loose = _loose_batches()
    if not loose:
        batches = _read_archive(fetch(ARCHIVE, cache=cache))
        return _join(batches, TRAIN_BATCHES), _join(batches, TEST_BATCHES)
    train_names = _choose(loose, TRAIN_BATCHES, "data_batch")
    test_names = _choose(loose, TEST_BATCHES, "test_batch")
    batches = {name: _read_loose(loose[name]) for name in train_names + test_names}
    train, test = _join(batches, train_names), _join(batches, test_names)
    _report_missing(len(train[1]), len(test[1]), loose[train_names[0]].parent)
    return train, test


def parse_records(data: bytes, *, name: str = "the data") -> tuple[Tensor, Tensor]:
    """Images and labels of a file in CIFAR-10's binary version.

    A record is a label byte, then 1,024 bytes each of red, green and blue, rows from the top.

    Args:
        data: the content of the file.
        name: how error messages call it.

    Returns:
        X uint8 (n, 3, 32, 32) and y int64 (n,).

    Raises:
        ValueError: the data are no whole number of records, or a label exceeds 9.

    Reference: Krizhevsky, "The CIFAR-10 dataset", section "Binary version".
    """
    if not data or len(data) % RECORD_SIZE:
        raise ValueError(
            f"{name} has {len(data):,} bytes: no whole number of {RECORD_SIZE:,}-byte records"
        )
    records = torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(-1, RECORD_SIZE)
    y = records[:, 0].to(torch.int64)
    if y.max() > 9:
        raise ValueError(f"{name}: record {y.argmax()} has the label {y.max()}; labels are 0 to 9")
    return records[:, 1:].reshape(-1, 3, 32, 32), y


def _read_archive(path: Path) -> dict[str, tuple[Tensor, Tensor]]:
    """The six batches in the archive, by name; nothing is unpacked to the disk."""
    batches = {}
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            name = member.name.rpartition("/")[2]
            content = archive.extractfile(member)
            if content and name in TRAIN_BATCHES | TEST_BATCHES:
                batches[name] = parse_records(content.read(), name=f"{path}: {name}")
    return batches


def _loose_batches() -> dict[str, Path]:
    """The unpacked batches below DLBOOK_DATA_DIR, by name without .gz; none beside the archive."""
    folder = data_dir()
    if folder is None or (folder / ARCHIVE.path).is_file():
        return {}
    paths = [*folder.glob("cifar10/*_batch*.bin.gz"), *folder.glob("cifar10/*_batch*.bin")]
    return {path.name.removesuffix(".gz"): path for path in paths}


def _choose(loose: dict[str, Path], official: dict[str, str], prefix: str) -> list[str]:
    """The batches of one part to use: the official ones, else what is named like them."""
    names = [name for name in official if name in loose]
    names = names or sorted(name for name in loose if name.startswith(prefix))
    if not names:
        folder = next(iter(loose.values())).parent
        raise DataFileError(
            f"{folder} holds batches of CIFAR-10 but no {prefix}*.bin: add it, add "
            f"{ARCHIVE.path.rpartition('/')[2]}, or unset DLBOOK_DATA_DIR to have all downloaded."
        )
    return names


def _read_loose(path: Path) -> tuple[Tensor, Tensor]:
    """One unpacked batch, compared with its known digest where it has one."""
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataFileError(f"{path} is damaged ({error}): replace it by a good copy") from error
    expected = (TRAIN_BATCHES | TEST_BATCHES).get(path.name.removesuffix(".gz"))
    if expected and hashlib.sha256(data).hexdigest() != expected:
        raise DataFileError(f"{path} is damaged (SHA-256 differs): replace it by a good copy")
    return parse_records(data, name=str(path))


def _join(batches: dict[str, tuple[Tensor, Tensor]], names: Iterable[str]) -> tuple[Tensor, Tensor]:
    """Several batches as one, in the order of `names`."""
    X, y = zip(*(batches[name] for name in names), strict=True)
    return torch.cat(X), torch.cat(y)


def _report_missing(num_train: int, num_test: int, folder: Path) -> None:
    if (num_train, num_test) != (NUM_TRAIN, NUM_TEST):
        warnings.warn(
            f"{folder} holds only {num_train:,} of CIFAR-10's {NUM_TRAIN:,} training images and "
            f"{num_test:,} of its {NUM_TEST:,} test images; these are used",
            PartialDataWarning,
            stacklevel=3,
        )
