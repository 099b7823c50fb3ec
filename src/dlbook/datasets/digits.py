"""Handwritten digits of 8×8 pixels that ship with scikit-learn, and the same enlarged to 28×28.

The enlarged set stands in for MNIST: same input shape, no download.
"""

from collections.abc import Sequence

import sklearn.datasets
import torch
from sklearn.model_selection import train_test_split
from torch import Tensor
from torch.nn.functional import interpolate


def load_digits(classes: Sequence[int] = range(10)) -> tuple[Tensor, Tensor]:
    """All 1,797 images, or only those of some digits.

    Args:
        classes: the digits to keep, each 0 to 9.

    Returns:
        X float32 (n, 64), rows of 8×8 pixels with values 0 (white) to 16 (black), and y int64 (n,),
        the digit itself.

    Raises:
        ValueError: a class is not a digit.

    Reference: Alpaydin and Kaynak, "Optical Recognition of Handwritten Digits", 1998 (test part).
    """
    wrong = set(classes) - set(range(10))
    if wrong or not len(classes):
        raise ValueError(f"classes is {classes}; it must hold digits from 0 to 9, at least one")
    images, digits = sklearn.datasets.load_digits(return_X_y=True)
    X, y = torch.from_numpy(images).to(torch.float32), torch.from_numpy(digits).to(torch.int64)
    kept = torch.isin(y, torch.tensor(list(classes)))
    return X[kept], y[kept]


def split_digits(
    test_fraction: float = 0.25, *, seed: int = 0
) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """The digits in a training and a test part with equal shares of each class.

    Args:
        test_fraction: in (0, 1); 0.25 gives 1,347 and 450 images.
        seed: of scikit-learn's stratified split, in [0, 2³²).

    Returns:
        (X_train, y_train), (X_test, y_test), as `load_digits` gives them.

    Raises:
        ValueError: scikit-learn cannot split at that fraction.
    """
    X, y = load_digits()
    train, test = train_test_split(
        torch.arange(len(y)).numpy(), test_size=test_fraction, stratify=y, random_state=seed
    )
    return (X[train], y[train]), (X[test], y[test])


def in_file_order(first: int, second: int) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Two digits, in the order of the file: the first three quarters to train, the rest to test.

    Returns:
        (X_train, y_train), (X_test, y_test): values 0 to 1, float32 (n, 64), and labels −1 for
        `first` and +1 for `second`.

    Raises:
        ValueError: one of them is not a digit.
    """
    X, digit = load_digits([first, second])
    X, y = X / 16, torch.where(digit == second, 1.0, -1.0)
    n = 3 * len(X) // 4
    return (X[:n], y[:n]), (X[n:], y[n:])


def split_enlarged_digits(
    test_fraction: float = 0.25, *, seed: int = 0
) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """`split_digits` at MNIST's size: 28×28 by bilinear interpolation, normalised.

    Both parts are shifted and scaled by the mean and standard deviation of the training pixels.

    Args:
        test_fraction: in (0, 1); 0.25 gives 1,347 and 450 images.
        seed: of scikit-learn's stratified split, in [0, 2³²).

    Returns:
        (X_train, y_train), (X_test, y_test) with X float32 (n, 1, 28, 28).

    Raises:
        ValueError: scikit-learn cannot split at that fraction.
    """
    (X_train, y_train), (X_test, y_test) = split_digits(test_fraction, seed=seed)
    X_train, X_test = _enlarge(X_train), _enlarge(X_test)
    mean, sd = X_train.mean(), X_train.std()
    return ((X_train - mean) / sd, y_train), ((X_test - mean) / sd, y_test)


def _enlarge(X: Tensor) -> Tensor:
    """Rows of 64 pixels as images (n, 1, 28, 28)."""
    images = X.reshape(-1, 1, 8, 8)
    return interpolate(images, size=(28, 28), mode="bilinear", align_corners=False)
