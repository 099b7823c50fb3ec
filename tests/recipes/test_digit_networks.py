"""Both recipes on the digits that ship with scikit-learn, and on MNIST where it is at hand."""

import os

import pytest
import torch

from dlbook.models.image_classifiers import digit_convolutional, digit_dense
from dlbook.models.mlp import num_parameters
from dlbook.recipes import digit_cnn, digit_mlp
from dlbook.recipes.digit_training import Settings, digit_images, train_once


def test_parameter_counts_are_exact():
    """Y44, E-45: 50,240 + 2,080 + 330; 832 + 51,264 + 51,400 + 2,010."""
    counts = [
        [p.numel() for p in make(seed=0).parameters()]
        for make in (digit_dense, digit_convolutional)
    ]
    layers = [[w + b for w, b in zip(c[::2], c[1::2], strict=True)] for c in counts]
    assert layers == [[50_240, 2_080, 330], [832, 51_264, 51_400, 2_010]]
    assert [sum(c) for c in layers] == [52_650, 105_506]
    powers = [2**k for k in range(11)]
    rounded = [
        (h1, h2)
        for h1 in powers
        for h2 in powers
        if 52_550 <= num_parameters([784, h1, h2, 10]) <= 52_650
    ]
    assert rounded == [(64, 32)]
    assert num_parameters([784, 66, 10, 10]) == 52_590


def test_both_recipes_print_what_they_did(capsys):
    results = digit_mlp.main(["--seeds", "2"])
    printed = capsys.readouterr().out
    assert "52,650 parameters" in printed
    assert "264 updates" in printed
    assert len(results) == printed.count("seed ") == 2
    assert all(len(r.test_errors) == 13 for r in results)
    assert all(0.08 < r.test_errors[-1] < 0.2 for r in results)
    (result,) = digit_cnn.main(["--epochs", "3"])
    printed = capsys.readouterr().out
    assert "105,506 parameters" in printed
    assert "42 updates" in printed
    assert result.test_errors[-1] < 0.5 < result.test_errors[0]


def test_options_replace_the_lectures_settings(capsys):
    (result,) = digit_mlp.main(["--epochs", "2", "--lr", "0.1", "--batch-size", "100"])
    assert "28 updates" in capsys.readouterr().out
    assert len(result.test_errors) == 3


def test_a_seed_repeats_and_torchs_generator_is_left_alone():
    state = torch.random.get_rng_state()
    same = [digit_convolutional(seed=3), digit_convolutional(seed=3)]
    assert torch.equal(torch.random.get_rng_state(), state)
    assert all(map(torch.equal, same[0].parameters(), same[1].parameters()))
    other = digit_convolutional(seed=4)
    assert not torch.equal(next(other.parameters()), next(same[0].parameters()))


def right(settings: Settings, num_seeds: int) -> list[float]:
    """Test accuracies of the dense network on the small digits."""
    train, test = digit_images("digits")
    runs = (train_once(digit_dense, train, test, settings, seed=s) for s in range(num_seeds))
    return [1 - run.test_errors[-1] for run in runs]


def test_twelve_epochs_are_too_few_for_the_small_digits():
    """Seen over five seeds: 0.84 to 0.89."""
    accuracies = right(digit_mlp.LECTURE, 3)
    assert 0.8 < min(accuracies) <= max(accuracies) < 0.92


@pytest.mark.parametrize(("lr", "num_epochs"), [(0.1, 40), (0.01, 200)])
def test_more_epochs_or_longer_steps_get_there(lr, num_epochs):
    """Seen over five seeds: 0.967 to 0.976 and 0.964 to 0.971."""
    accuracies = right(Settings(64, lr, num_epochs), 1)
    assert 0.955 < min(accuracies) <= max(accuracies) < 0.985


def test_images_are_scaled_by_the_training_pixels():
    (X, _), (X_test, _) = digit_images("digits")
    assert X.shape[1:] == X_test.shape[1:] == (1, 28, 28)
    assert abs(float(X.mean())) < 1e-4
    assert float(X.std()) == pytest.approx(1, abs=1e-4)


if os.environ.get("DLBOOK_DATA_DIR"):

    def test_the_dense_network_on_mnist():
        """Seen after the lecture's twelve epochs, five seeds: 3.34 to 3.95 %; here after one.

        Seen after one, five seeds: 9.92 to 10.91 % at 0.01, 4.42 to 5.16 % at 0.12.
        """
        (X, y), test = digit_images("mnist")
        assert (len(X), len(test[0])) == (60_000, 10_000)
        error = {
            lr: train_once(digit_dense, (X, y), test, Settings(64, lr, 1)).test_errors[-1]
            for lr in (0.01, 0.12)
        }
        assert 0.09 < error[0.01] < 0.12
        assert 0.04 < error[0.12] < 0.06
