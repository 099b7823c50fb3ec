"""The sets that ship inside installed packages or as a few numbers."""

import numpy as np
import pytest
import torch

from dlbook.datasets.blood_pressure import blood_pressure
from dlbook.datasets.breast_cancer import breast_cancer, feature_names
from dlbook.datasets.digits import load_digits, split_digits, split_enlarged_digits
from dlbook.datasets.heights import basketball_heights
from dlbook.datasets.photographs import bars, gradient, photograph


def test_heights_have_the_means_and_spreads_of_the_lecture():
    heights_f, heights_m = basketball_heights()
    assert heights_f.shape == heights_m.shape == (12,)
    assert heights_f.mean().item() == pytest.approx(183.75)
    assert heights_m.mean().item() == pytest.approx(194.3333)
    assert heights_f.std().item() == pytest.approx(7.818, abs=5e-4)
    assert heights_m.std().item() == pytest.approx(7.291, abs=5e-4)


def test_blood_pressure_has_the_lines_of_the_lecture():
    age, pressure = (values.double().numpy() for values in blood_pressure())
    assert len(age) == len(pressure) == 15
    assert np.polyfit(age, pressure, 1) == pytest.approx([1.0474, 95.61], abs=5e-3)
    assert (age[1], pressure[1]) == (47, 220)
    kept = pressure < 200
    assert np.polyfit(age[kept], pressure[kept], 1) == pytest.approx([1.2789, 78.19], abs=5e-3)


def test_blood_pressure_rows_are_those_of_the_original_file(originals):
    path = originals("age_sbp", "blood-pressure.txt")
    rows = np.loadtxt(path, skiprows=1)[:15]
    age, pressure = blood_pressure()
    assert rows[:, 2].tolist() == age.tolist()
    assert rows[:, 3].tolist() == pressure.tolist()


def test_breast_cancer_counts_malignant_as_positive():
    X, y = breast_cancer()
    assert X.shape == (569, 30)
    assert X.dtype == torch.float32
    assert torch.bincount(y).tolist() == [357, 212]
    assert len(feature_names()) == 30
    radius = X[:, feature_names().index("mean radius")]
    assert radius[y == 1].mean() > radius[y == 0].mean() + 5  # malignant nuclei: 17.5 against 12.1


def test_digits():
    X, y = load_digits()
    assert X.shape == (1797, 64)
    assert X.dtype == torch.float32
    assert y.dtype == torch.int64
    assert (X.min(), X.max()) == (0, 16)
    assert torch.bincount(y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_some_digits():
    X, y = load_digits([0, 1])
    assert X.shape == (360, 64)
    assert set(y.tolist()) == {0, 1}
    for wrong in ([0, 10], []):
        with pytest.raises(ValueError, match="digits from 0 to 9"):
            load_digits(wrong)


def test_digits_split_into_disjoint_parts_with_equal_shares():
    (X_train, y_train), (X_test, y_test) = split_digits()
    assert (len(X_train), len(X_test)) == (1347, 450)
    _, y = load_digits()
    shares = torch.bincount(y_test) - torch.bincount(y) * 450 / 1797
    assert shares.abs().max() < 1
    rows = torch.cat([X_train, X_test])
    everything, _ = load_digits()
    assert len(rows.unique(dim=0)) == len(everything.unique(dim=0)) == 1797
    assert not torch.equal(split_digits(seed=1)[0][1], y_train)


def test_enlarged_digits_have_the_shape_of_mnist_and_the_training_moments():
    (X_train, y_train), (X_test, y_test) = split_enlarged_digits()
    assert X_train.shape == (1347, 1, 28, 28)
    assert X_test.shape == (450, 1, 28, 28)
    assert X_train.mean().item() == pytest.approx(0, abs=1e-5)
    assert X_train.std().item() == pytest.approx(1, abs=1e-5)
    assert X_test.mean().item() == pytest.approx(0, abs=0.02)
    assert X_test.mean().item() != pytest.approx(0, abs=1e-5)  # not normalised by itself
    (_, small_y_train), (_, small_y_test) = split_digits()
    assert torch.equal(y_train, small_y_train)
    assert torch.equal(y_test, small_y_test)


@pytest.mark.parametrize("name", ["china", "flower"])
def test_photographs(name):
    image = photograph(name)
    assert image.shape == (3, 427, 640)
    assert image.dtype == torch.uint8
    assert image.is_contiguous()
    assert image.float().std() > 30


def test_photographs_show_what_they_should():
    red, _, blue = photograph("china").float()
    assert blue[:100].mean() > red[:100].mean() + 20  # sky
    red, _, blue = photograph("flower").float()
    assert red[150:250, 250:400].mean() > blue[150:250, 250:400].mean() + 50
    with pytest.raises(ValueError, match="name is 'cat'"):
        photograph("cat")


def test_bars_and_gradient():
    image = bars(5, 64, num_bars=4)
    assert image.shape == (3, 5, 64)
    row = image[0, 0].long()
    assert row[:17].tolist() == [0] * 8 + [255] * 8 + [0]
    assert (row.diff() > 0).sum() == 4
    assert (image == image[:, :1]).all()
    ramp = gradient(4, 32)
    assert ramp.shape == (3, 4, 32)
    assert ramp[0, 0, [0, -1]].tolist() == [0, 255]
    assert (ramp[0, 0].long().diff() > 0).all()
    for make in (lambda: bars(4, 6), lambda: bars(4, 6, num_bars=0), lambda: gradient(0, 9)):
        with pytest.raises(ValueError, match="too small"):
            make()
