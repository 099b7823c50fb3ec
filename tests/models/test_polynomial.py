"""Polynomial regression: the lecture's coefficients of sine, symmetry, and the penalty's limits."""

import math

import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures

from dlbook.datasets.toy_regression import sine
from dlbook.models.polynomial import fit_polynomial, polynomial, vandermonde

GRID = torch.linspace(-math.pi, math.pi, 100, dtype=torch.float64)


def test_sine_coefficients():
    a = fit_polynomial(GRID, torch.sin(GRID), 4)
    assert a[[0, 2, 4]].abs().max() < 1e-12
    assert float(a[1]) == pytest.approx(0.852214, abs=5e-7)
    assert float(a[3]) == pytest.approx(-0.092267, abs=5e-7)


@pytest.mark.parametrize(("degree", "error"), [(4, 0.1836), (5, 0.0129), (7, 0.00046)])
def test_largest_error_of_the_sine_fit(degree, error):
    a = fit_polynomial(GRID, torch.sin(GRID), degree)
    largest = float((polynomial(GRID, a) - torch.sin(GRID)).abs().max())
    digits = 5 if degree == 7 else 4
    assert round(largest, digits) == error


@pytest.mark.parametrize("degree", [4, 6])
def test_even_terms_appear_once_the_symmetry_is_broken(degree):
    shifted = torch.linspace(-math.pi, 0.9 * math.pi, 100, dtype=torch.float64)
    a = fit_polynomial(shifted, torch.sin(shifted), degree)
    assert a[0::2].abs().max() > 1e-3


def test_a_polynomial_is_recovered():
    truth = torch.tensor([0.5, -1.0, 0.0, 2.0], dtype=torch.float64)
    x = torch.linspace(-1, 1, 9, dtype=torch.float64)
    torch.testing.assert_close(fit_polynomial(x, polynomial(x, truth), 3), truth)
    torch.testing.assert_close(polynomial(x, truth), 0.5 - x + 2 * x**3)


def test_equals_scikit_learn_with_a_penalty():
    x, y = (part.double() for part in sine(20, 0.3, seed=1))
    reference = make_pipeline(PolynomialFeatures(9, include_bias=False), Ridge(alpha=0.01))
    reference.fit((x / math.pi).unsqueeze(1).numpy(), y.numpy())
    ours = polynomial(x / math.pi, fit_polynomial(x / math.pi, y, 9, penalty=0.01))
    predicted = reference.predict((x / math.pi).unsqueeze(1).numpy())
    np.testing.assert_allclose(ours.numpy(), predicted, rtol=0, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_vanishing_penalty_gives_the_least_squares_fit(seed):
    x, y = (part.double() for part in sine(20, 0.3, seed=seed))
    exact = fit_polynomial(x / math.pi, y, 5)
    penalised = fit_polynomial(x / math.pi, y, 5, penalty=1e-12)
    torch.testing.assert_close(penalised, exact, rtol=0, atol=1e-8)


def test_large_penalty_leaves_the_mean():
    x, y = (part.double() for part in sine(20, 0.3, seed=0))
    a = fit_polynomial(x / math.pi, y + 3, 9, penalty=1e9)
    assert float(a[0]) == pytest.approx(float((y + 3).mean()), abs=1e-6)
    assert a[1:].abs().max() < 1e-6


def test_degree_n_minus_one_passes_through_n_points():
    x, y = (part.double() for part in sine(8, 0.5, seed=0))
    a = fit_polynomial(x / math.pi, y, 7)
    torch.testing.assert_close(polynomial(x / math.pi, a), y, rtol=0, atol=1e-9)


def test_features():
    x = torch.tensor([2.0, -1.0])
    assert vandermonde(x, 3).tolist() == [[1, 2, 4, 8], [1, -1, 1, -1]]
    assert vandermonde(torch.zeros(5, 7), 2).shape == (5, 7, 3)
    with pytest.raises(ValueError, match="degree must be 0 or more, not -1"):
        vandermonde(x, -1)


def test_removed_functions_of_torch():
    """The functions that the lecture of 2019 uses; the page names their successors."""
    assert not hasattr(torch, "gels")
    for removed in (torch.eig, torch.lstsq, torch.symeig, torch.solve):
        with pytest.raises(RuntimeError, match="removed"):
            removed(torch.eye(2), torch.eye(2))
