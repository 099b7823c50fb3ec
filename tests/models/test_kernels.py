"""Kernels and the features behind them."""

import math

import pytest
import torch
from sklearn.metrics.pairwise import polynomial_kernel as library_polynomial
from sklearn.metrics.pairwise import rbf_kernel

from dlbook.models.kernels import (
    kernel_perceptron,
    polynomial_kernel,
    polynomial_map,
    radial_kernel,
)
from dlbook.models.perceptron import run_perceptron
from dlbook.random import normal

X, Z = normal((30, 3), seed=0).double(), normal((20, 3), seed=1).double()


@pytest.mark.parametrize("degree", [1, 2, 3, 4])
def test_explicit_features_and_kernel_give_one_gram_matrix(degree):
    features = polynomial_map(X, degree)
    assert features.shape[1] == math.comb(3 + degree, degree)
    gram, kernel = features @ polynomial_map(Z, degree).T, polynomial_kernel(X, Z, degree)
    assert ((gram - kernel).abs() <= 1e-10 * kernel.abs().clamp(min=1)).all()


@pytest.mark.parametrize("degree", [2, 3])
def test_explicit_features_and_kernel_make_the_same_mistakes_and_predictions(degree):
    for seed in range(5):
        points = normal((40, 2), seed=seed).double()
        y = torch.where(points.prod(dim=1) + 0.2 * points[:, 0] > 0, 1.0, -1.0).double()
        features = polynomial_map(points, degree)
        run = run_perceptron(features, y, max_updates=20_000)
        K = polynomial_kernel(points, points, degree)
        coefficients, mistakes = kernel_perceptron(K, y, max_passes=5_000)
        assert mistakes[-1] == 0
        assert sum(mistakes) == run.num_updates
        new = normal((200, 2), seed=100 + seed).double()
        by_kernel = polynomial_kernel(new, points, degree) @ coefficients
        by_features = polynomial_map(new, degree) @ run.weights[-1]
        assert torch.equal(by_kernel > 0, by_features > 0)


def test_kernels_equal_scikit_learn():
    for degree in (1, 2, 5):
        library = library_polynomial(X.numpy(), Z.numpy(), degree=degree, gamma=1, coef0=1)
        assert polynomial_kernel(X, Z, degree).numpy() == pytest.approx(library)
    library = rbf_kernel(X.numpy(), Z.numpy(), gamma=1 / (2 * 0.7**2))
    assert radial_kernel(X, Z, 0.7).numpy() == pytest.approx(library, abs=1e-9)


def test_width_must_be_positive():
    with pytest.raises(ValueError, match="width"):
        radial_kernel(X, Z, 0.0)
