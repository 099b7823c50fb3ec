import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from dlbook.datasets.toy_classification import blobs, xor
from dlbook.models.decision_function import (
    fit_decision_function,
    polynomial_features,
    radial_features,
)


@pytest.mark.parametrize(("degree", "count"), [(1, 2), (2, 5), (3, 9), (8, 44)])
def test_number_of_monomials(degree, count):
    assert polynomial_features(degree)(torch.randn(7, 2)).shape == (7, count)


def test_monomials_of_degree_two():
    X = torch.tensor([[2.0, 3.0]])
    assert polynomial_features(2)(X).tolist() == [[2, 3, 4, 6, 9]]


def test_radial_features_are_one_at_their_centre_and_fall_off():
    phi = radial_features(torch.tensor([[0.0, 0.0]]), width=0.5)
    values = phi(torch.tensor([[0.0, 0.0], [0.5, 0.0]]))
    torch.testing.assert_close(values[:, 0], torch.tensor([1.0, 0.6065307]))


@pytest.mark.parametrize("degree", [1, 3])
def test_fit_equals_scikit_learn(degree):
    X, y = xor(num_points=200)
    features = polynomial_features(degree)
    model = fit_decision_function(features, X, y, penalty=0.1)
    reference = LogisticRegression(C=10.0, tol=1e-10, max_iter=10_000)
    reference.fit(features(X.double()).numpy(), y.numpy())
    np.testing.assert_allclose(model.weights.numpy(), reference.coef_[0], atol=1e-4)
    assert model.bias.item() == pytest.approx(reference.intercept_[0], abs=1e-4)


def test_the_sign_is_no_label():
    """E-18: labels are 0 and 1, sgn gives -1 and 1; the indicator and sigma read the same score."""
    X, y = xor(num_points=200)
    model = fit_decision_function(polynomial_features(2), X, y)
    score = model.score(X)
    assert set(score.sign().tolist()) == {-1, 1}
    assert set(model.decide(X).tolist()) == {0, 1}
    assert (score.sign() != y).double().mean() > 0.4  # every 0 is missed
    assert torch.equal(model.decide(X), (model.probability(X) >= 0.5).long())


@pytest.mark.parametrize("seed", range(5))
def test_reach_of_the_three_models_on_xor(seed):
    X, y = xor(200, seed=seed)
    X_test, y_test = xor(1_000, seed=100 + seed)
    centers = X[:50]
    errors = [
        (fit_decision_function(phi, X, y).decide(X_test) != y_test).double().mean().item()
        for phi in (polynomial_features(1), polynomial_features(2), radial_features(centers, 0.5))
    ]
    assert errors[0] > 0.3  # no line can
    assert errors[1] < 0.05
    assert errors[2] < 0.10


@pytest.mark.parametrize("degree", [6, 7, 8])
def test_fit_ends_at_the_minimum_where_plain_newton_steps_overshoot(degree):
    X, y = blobs(200, 0.7, seed=0)
    features = polynomial_features(degree)
    model = fit_decision_function(features, X, y, penalty=0.01)
    weights = model.weights.requires_grad_()
    scores = features(X.double()) @ weights + model.bias
    losses = torch.nn.functional.binary_cross_entropy_with_logits(
        scores, y.double(), reduction="sum"
    )
    (losses + 0.005 * (weights**2).sum()).backward()
    assert weights.grad.abs().max() < 1e-3
    assert (model.decide(X) != y).double().mean() < 0.1


@pytest.mark.parametrize(
    "build", [lambda: polynomial_features(0), lambda: radial_features(torch.zeros(1, 2), 0.0)]
)
def test_settings_out_of_range(build):
    with pytest.raises(ValueError, match="must be"):
        build()
