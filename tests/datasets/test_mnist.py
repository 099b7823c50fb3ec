import gzip
import hashlib
from dataclasses import replace

import pytest
import torch
from sklearn.neighbors import KNeighborsClassifier

from dlbook.datasets import mnist
from dlbook.datasets.download import DataFileError
from dlbook.datasets.mnist import load_mnist, parse_idx


def idx(array):
    """An idx file of unsigned bytes, written independently of the parser."""
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return bytes([0, 0, 8, array.dim()]) + lengths + bytes(array.flatten().tolist())


def test_idx_arrays_of_one_and_three_axes():
    images = (torch.arange(2 * 3 * 4) % 256).to(torch.uint8).reshape(2, 3, 4)
    assert torch.equal(parse_idx(idx(images)), images)
    labels = torch.tensor([7, 0, 255], dtype=torch.uint8)
    assert torch.equal(parse_idx(idx(labels)), labels)


WHOLE = idx(torch.zeros(2, 3, dtype=torch.uint8))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "starts with nothing"),
        (b"\0\0\x08", "not an idx file"),
        (b"\1" + WHOLE[1:], "starts with 01 00 08 02"),
        (b"\0\0\x0d" + WHOLE[3:], "starts with 00 00 0d 02"),
        (b"\0\0\x08\0", "starts with 00 00 08 00"),
        (WHOLE[:9], "holds 0"),
        (WHOLE[:-1], "announces 2 × 3 values and holds 5"),
        (WHOLE + b"\0", "announces 2 × 3 values and holds 7"),
        (gzip.compress(WHOLE, mtime=0), "starts with 1f 8b 08"),
    ],
)
def test_what_is_not_idx_is_refused(data, message):
    with pytest.raises(ValueError, match=message) as caught:
        parse_idx(data, name="labels.idx")
    assert str(caught.value).startswith("labels.idx ")


def serve(monkeypatch, server, name, array):
    """Let the server have a small file in the place of one of the four."""
    file, data = getattr(mnist, name), gzip.compress(idx(array))
    digest = hashlib.sha256(data).hexdigest()
    monkeypatch.setattr(
        mnist,
        name,
        replace(file, num_bytes=len(data), sha256=digest, mirrors=(server.address,)),
    )
    server.answers["/" + file.path.rpartition("/")[2]] = lambda handler: handler.send(data)


@pytest.fixture
def small_mnist(monkeypatch, server, no_settings):
    images = torch.randint(256, (7, 28, 28), generator=torch.Generator().manual_seed(0))
    images, labels = images.to(torch.uint8), torch.arange(7, dtype=torch.uint8)
    serve(monkeypatch, server, "TRAIN_IMAGES", images[:5])
    serve(monkeypatch, server, "TRAIN_LABELS", labels[:5])
    serve(monkeypatch, server, "TEST_IMAGES", images[5:])
    serve(monkeypatch, server, "TEST_LABELS", labels[5:])
    return images, labels


def test_loading_from_a_mirror(small_mnist, server, tmp_path):
    images, labels = small_mnist
    (X_train, y_train), (X_test, y_test) = load_mnist(cache=tmp_path)
    assert torch.equal(torch.cat([X_train, X_test])[:, 0], images)
    assert torch.equal(torch.cat([y_train, y_test]), labels.long())
    assert X_train.dtype == torch.uint8
    assert y_train.dtype == torch.int64
    load_mnist(cache=tmp_path)
    assert len(server.asked) == 4  # once each


def test_images_and_labels_must_belong_together(small_mnist, server, tmp_path, monkeypatch):
    serve(monkeypatch, server, "TRAIN_LABELS", torch.zeros(4, dtype=torch.uint8))
    with pytest.raises(ValueError, match=r"shape \(5, 28, 28\), labels \(4,\)"):
        load_mnist(cache=tmp_path)


def test_offline_the_stand_in_is_named_and_exists(small_mnist, server, tmp_path):
    server.answers.clear()
    with pytest.raises(DataFileError, match=r"digits\.split_enlarged_digits\(\)"):
        load_mnist(cache=tmp_path)
    from dlbook.datasets.digits import split_enlarged_digits  # what the message names

    assert split_enlarged_digits()[0][0].shape[1:] == (1, 28, 28)


FILES = ["TRAIN_IMAGES", "TRAIN_LABELS", "TEST_IMAGES", "TEST_LABELS"]


@pytest.fixture
def real_mnist(originals):
    for name in FILES:
        originals(*getattr(mnist, name).path.split("/"))
    return load_mnist()


def test_the_originals(real_mnist):
    (X_train, y_train), (X_test, y_test) = real_mnist
    assert X_train.shape == (60_000, 1, 28, 28)
    assert X_test.shape == (10_000, 1, 28, 28)
    # LeCun et al. 1998; the counts are those that every description of the set gives
    train_counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    test_counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert torch.bincount(y_train).tolist() == train_counts
    assert torch.bincount(y_test).tolist() == test_counts
    assert y_train[:5].tolist() == [5, 0, 4, 1, 9]
    assert (X_train.float().mean() / 255).item() == pytest.approx(0.1307, abs=5e-5)
    assert (X_train.float().std() / 255).item() == pytest.approx(0.3081, abs=5e-5)


def test_nearest_neighbours_on_the_originals(real_mnist, record_property):
    (X_train, y_train), (X_test, y_test) = real_mnist
    rows = [X.flatten(1).float().numpy() for X in (X_train[:5000], X_test[:1000])]
    classifier = KNeighborsClassifier(n_neighbors=3).fit(rows[0], y_train[:5000].numpy())
    accuracy = classifier.score(rows[1], y_test[:1000].numpy())
    record_property("knn_accuracy_mnist_5000_1000", accuracy)
    assert accuracy == pytest.approx(0.909, abs=0.002)  # as seen; K = 1 gives 0.902, K = 5 0.910


def test_the_originals_from_a_mirror(originals, server, no_settings, tmp_path, monkeypatch):
    for name in FILES:
        file = getattr(mnist, name)
        monkeypatch.setattr(mnist, name, replace(file, mirrors=()))
        body = originals(*file.path.split("/")).read_bytes()
        server.answers[f"/{file.path}"] = lambda handler, body=body: handler.send(body)
    monkeypatch.setenv("DLBOOK_MIRROR", server.address)
    (X_train, y_train), (X_test, y_test) = load_mnist(cache=tmp_path)
    assert (len(X_train), len(y_train), len(X_test), len(y_test)) == (60_000,) * 2 + (10_000,) * 2
    assert len(server.asked) == 4
