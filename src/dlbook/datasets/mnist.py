"""MNIST: 70,000 handwritten digits of 28×28 pixels, in the idx format of its authors."""

import gzip
import math
from pathlib import Path

import torch
from torch import Tensor

from dlbook.datasets.download import RemoteFile, fetch

UNSIGNED_BYTE = 0x08  # the idx format's code for the type of the values

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
)


def _file(name: str, num_bytes: int, sha256: str) -> RemoteFile:
    stand_in = "dlbook.datasets.digits.split_enlarged_digits()"
    return RemoteFile(f"mnist/{name}", num_bytes, sha256, MIRRORS, stand_in)


# Sizes and digests computed from the four original files, whose MD5 are the published ones.
TRAIN_IMAGES = _file(
    "train-images-idx3-ubyte.gz",
    9_912_422,
    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
)
TRAIN_LABELS = _file(
    "train-labels-idx1-ubyte.gz",
    28_881,
    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
)
TEST_IMAGES = _file(
    "t10k-images-idx3-ubyte.gz",
    1_648_877,
    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
)
TEST_LABELS = _file(
    "t10k-labels-idx1-ubyte.gz",
    4_542,
    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
)


def load_mnist(*, cache: Path | None = None) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """The 60,000 training and 10,000 test images with their labels.

    Args:
        cache: folder for downloads; by default `dlbook` in the user's cache folder.

    Returns:
        (X_train, y_train), (X_test, y_test): X uint8 (n, 1, 28, 28), 0 (background) to 255 (ink);
        y int64 (n,), the digit.

    Raises:
        DataFileError: the files are damaged, or not there and cannot be downloaded; the message
            says what to do.

    Reference: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document
    recognition", 1998. Licence of the data: CC BY-SA 3.0.
    """
    train = _load_part(TRAIN_IMAGES, TRAIN_LABELS, cache)
    return train, _load_part(TEST_IMAGES, TEST_LABELS, cache)


def parse_idx(data: bytes, *, name: str = "the data") -> Tensor:
    """The array in an idx file of unsigned bytes (not compressed).

    The file starts with two zero bytes, the code 8 of the type and the number of axes; then come
    the lengths as four-byte big-endian numbers, then the values, last axis fastest.

    Args:
        data: the content of the file.
        name: how error messages call it.

    Returns:
        uint8 tensor of the shape that the file gives.

    Raises:
        ValueError: the data do not follow the format, or are shorter or longer than announced.

    Reference: LeCun, Cortes, Burges, "The MNIST database", section "File formats".
    """
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != UNSIGNED_BYTE or data[3] == 0:
        raise ValueError(
            f"{name} is not an idx file of unsigned bytes: it starts with "
            f"{data[:4].hex(' ') or 'nothing'}, not with 00 00 08 and the number of axes"
        )
    start = 4 + 4 * data[3]
    shape = [int.from_bytes(data[at : at + 4], "big") for at in range(4, start, 4)]
    values = data[start:]
    if len(data) < start or len(values) != math.prod(shape):
        raise ValueError(
            f"{name} announces {' × '.join(map(str, shape))} values and holds {len(values)}"
        )
    return torch.frombuffer(bytearray(values), dtype=torch.uint8).reshape(shape)


def _load_part(images: RemoteFile, labels: RemoteFile, cache: Path | None) -> tuple[Tensor, Tensor]:
    X, y = (
        parse_idx(gzip.decompress(fetch(file, cache=cache).read_bytes()), name=file.path)
        for file in (images, labels)
    )
    if X.shape[1:] != (28, 28) or y.shape != X.shape[:1]:
        raise ValueError(f"{images.path} has shape {tuple(X.shape)}, labels {tuple(y.shape)}")
    return X[:, None], y.to(torch.int64)
