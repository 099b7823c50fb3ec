import gzip
import hashlib
import io
import tarfile
import warnings
from dataclasses import replace

import pytest
import torch

from dlbook.datasets import cifar10
from dlbook.datasets.cifar10 import PartialDataWarning, load_cifar10, parse_records
from dlbook.datasets.download import DataFileError

ALL_NAMES = [*cifar10.TRAIN_BATCHES, *cifar10.TEST_BATCHES]


def record(label, red, green, blue):
    """One record with planes of one value, the first pixel of each plane one more."""
    planes = (bytes([value + 1]) + bytes([value] * 1023) for value in (red, green, blue))
    return bytes([label]) + b"".join(planes)


def batch(number):
    """Two records that tell of which batch they are."""
    return record(number, 10 * number, 0, 0) + record(number, 10 * number, 0, 100)


def test_records():
    X, y = parse_records(record(3, 10, 20, 30) + record(9, 40, 50, 60))
    assert X.shape == (2, 3, 32, 32)
    assert X.dtype == torch.uint8
    assert y.tolist() == [3, 9]
    assert X[0, :, 5, 7].tolist() == [10, 20, 30]
    assert X[1, :, 0, 0].tolist() == [41, 51, 61]
    assert X[1, :, 0, 1].tolist() == [40, 50, 60]  # columns are the fastest axis
    assert X[1, :, 1, 0].tolist() == [40, 50, 60]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "0 bytes"),
        (record(0, 1, 1, 1)[:-1], "3,072 bytes: no whole number of 3,073-byte records"),
        (record(0, 1, 1, 1) + record(10, 1, 1, 1), "record 1 has the label 10"),
        (gzip.compress(record(0, 1, 1, 1), mtime=0), "no whole number"),
    ],
)
def test_what_are_no_records_is_refused(data, message):
    with pytest.raises(ValueError, match=message) as caught:
        parse_records(data, name="some.bin")
    assert str(caught.value).startswith("some.bin")


@pytest.fixture
def small_archive(monkeypatch, server, no_settings):
    """The server has an archive of six small batches, in an unusual order."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        folder = tarfile.TarInfo("cifar-10-batches-bin")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for number, name in reversed(list(enumerate(ALL_NAMES))):
            member = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            member.size = len(batch(number))
            archive.addfile(member, io.BytesIO(batch(number)))
    data = file.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    small = replace(cifar10.ARCHIVE, num_bytes=len(data), sha256=digest, mirrors=(server.address,))
    monkeypatch.setattr(cifar10, "ARCHIVE", small)
    server.answers["/cifar-10-binary.tar.gz"] = lambda handler: handler.send(data)
    return data


def test_loading_from_a_mirror(small_archive, server, tmp_path):
    (X_train, y_train), (X_test, y_test) = load_cifar10(cache=tmp_path)
    assert y_train.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert y_test.tolist() == [5, 5]
    assert X_train[:, 0, 5, 5].tolist() == [10 * label for label in y_train]
    assert X_test[:, 2, 5, 5].tolist() == [0, 100]
    load_cifar10(cache=tmp_path)
    assert server.asked == ["/cifar-10-binary.tar.gz"]
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [
        "cifar-10-binary.tar.gz"  # nothing is unpacked to the disk
    ]


def test_offline_the_stand_in_is_named_and_exists(small_archive, server, tmp_path):
    server.answers.clear()
    with pytest.raises(DataFileError, match=r"colored_shapes\.colored_shapes\(\)"):
        load_cifar10(cache=tmp_path)
    from dlbook.datasets.colored_shapes import colored_shapes  # what the message names

    assert colored_shapes(2)[0].shape[1:] == (3, 32, 32)


@pytest.fixture
def own_folder(monkeypatch, tmp_path, no_settings):
    """An empty DLBOOK_DATA_DIR/cifar10, and no digests: its batches will be made ones."""
    folder = tmp_path / "own" / "cifar10"
    folder.mkdir(parents=True)
    monkeypatch.setenv("DLBOOK_DATA_DIR", str(folder.parent))
    for table in (cifar10.TRAIN_BATCHES, cifar10.TEST_BATCHES):
        for name in table:
            data = batch(ALL_NAMES.index(name))
            monkeypatch.setitem(table, name, hashlib.sha256(data).hexdigest())
    return folder


def test_unpacked_batches_in_the_own_folder(own_folder, monkeypatch):
    for number, name in enumerate(ALL_NAMES):
        (own_folder / name).write_bytes(batch(number))
    (own_folder / "test_batch_first1.bin").write_bytes(record(9, 0, 0, 0))  # not counted twice
    monkeypatch.setattr(cifar10, "NUM_TRAIN", 10)
    monkeypatch.setattr(cifar10, "NUM_TEST", 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # complete, so there is nothing to report
        (_, y_train), (_, y_test) = load_cifar10()
    assert y_train.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert y_test.tolist() == [5, 5]


def test_a_part_in_the_own_folder_is_used_and_reported(own_folder):
    (own_folder / "data_batch_2.bin.gz").write_bytes(gzip.compress(batch(1)))
    (own_folder / "test_batch_first1.bin.gz").write_bytes(gzip.compress(record(9, 0, 0, 0)))
    with pytest.warns(PartialDataWarning, match=r"only 2 of .* 50,000 training .* 1 of its 10,000"):
        (_, y_train), (_, y_test) = load_cifar10()
    assert y_train.tolist() == [1, 1]
    assert y_test.tolist() == [9]


def test_an_archive_in_the_own_folder_comes_first(small_archive, server, own_folder):
    (own_folder / "cifar-10-binary.tar.gz").write_bytes(small_archive)
    (own_folder / "data_batch_1.bin").write_bytes(b"not looked at")
    assert load_cifar10()[0][1].tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert server.asked == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("data_batch_1.bin", batch(2), r"data_batch_1\.bin is damaged \(SHA-256 differs\)"),
        (
            "data_batch_1.bin.gz",
            gzip.compress(batch(0), mtime=0)[:-9],
            r"data_batch_1\.bin\.gz is damaged",
        ),
        ("data_batch_1.bin.gz", batch(0), r"data_batch_1\.bin\.gz is damaged"),
        (
            "data_batch_1.bin.gz",
            gzip.compress(batch(0), mtime=0)[:20] + b"??????",
            r"\.gz is damaged",
        ),
        ("data_batch_1.bin", batch(0), r"but no test_batch\*\.bin"),
    ],
)
def test_damaged_and_missing_batches_are_named(own_folder, name, content, message):
    (own_folder / name).write_bytes(content)
    if "test_batch" not in message:
        (own_folder / "test_batch.bin").write_bytes(batch(5))
    with pytest.raises(DataFileError, match=message):
        load_cifar10()


def test_the_originals(originals):
    originals("cifar10", "data_batch_1.bin.gz")
    originals("cifar10", "test_batch_first1000.bin.gz")
    with pytest.warns(PartialDataWarning, match=r"10,000 of .* 50,000 .* 1,000 of its 10,000"):
        (X_train, y_train), (X_test, y_test) = load_cifar10()
    assert X_train.shape == (10_000, 3, 32, 32)
    assert X_test.shape == (1000, 3, 32, 32)
    counts = [1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981]
    assert torch.bincount(y_train).tolist() == counts
    assert torch.bincount(y_test).tolist() == [103, 89, 100, 103, 90, 86, 112, 102, 106, 109]
    assert y_train[:5].tolist() == [6, 9, 9, 4, 1]  # frog, truck, truck, deer, automobile
    # Fleuret 2019 prints the corner of training image 43
    assert X_train[43, 0, 0, :8].tolist() == [99, 98, 100, 103, 105, 107, 108, 110]
    assert X_train[43, 1, 0, :8].tolist() == [166, 165, 167, 169, 171, 172, 173, 175]
    assert X_train[43, 2, 0, :8].tolist() == [198, 196, 199, 200, 200, 202, 203, 204]
    means = X_train.float().mean(dim=(0, 2, 3)) / 255  # of all 50,000: 0.4914, 0.4822, 0.4465
    assert means.tolist() == pytest.approx([0.4914, 0.4822, 0.4465], abs=0.005)
