"""The recipe on the digits that ship with scikit-learn, and on MNIST where it is at hand."""

import os

import pytest

from dlbook.recipes.perceptron_digits import PUBLISHED_CHANGES, main, perceptron_log, zeros_and_ones


def test_log_of_the_small_digits(capsys):
    log = main(["--dataset", "digits", "--orders", "2"])
    assert log.changes == [4, 0]
    assert log.train_errors == [0.0, 0.0]
    printed = capsys.readouterr().out
    assert "270 training and 90 test images" in printed
    assert printed.count("order ") == 2


def test_the_published_sequence_is_quoted_without_epoch_numbers():
    """E-52: eight passes, of which the last changes nothing."""
    assert PUBLISHED_CHANGES == (64, 24, 10, 6, 5, 4, 3, 0)
    assert list(PUBLISHED_CHANGES) == sorted(PUBLISHED_CHANGES, reverse=True)


if os.environ.get("DLBOOK_DATA_DIR"):

    def test_log_of_mnist():
        log = perceptron_log(*zeros_and_ones("mnist"))
        assert log.changes[-1] == 0
        assert 25 <= log.changes[0] <= 70
        assert log.train_errors[-1] == 0
        assert log.test_errors[-1] == pytest.approx(0.0014, abs=0.001)
